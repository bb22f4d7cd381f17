internal import GatehouseCore
internal import HTTPTypes

/// Every route that the gateway answers, in one table that reads like the API's own page.
enum Routes {
    /// What is built, and what refuses by name.
    static let all: [Route] = built + NotBuilt.routes + NotBuilt.open

    private static let page: Set<String> = ["limit", "cursor"]
    private static let ofOrganization = page.union(["organization"])
    private static let ofDoors = ofOrganization.union(["panel"])
    private static let ofAudit = ofOrganization.union(["since", "until"])
    private static let ofFeed = FeedQuestion.parameters.union(["limit", "wait"])
    private static let ofDeliveries = page.union(DeliveryQuestion.parameters)

    // swift-format-ignore
    static let built: [Route] = [
        row(.post,   "/v1/events",                           .post,       Ingest.events),
        row(.get,    "/v1/events",                           .read,       Feed.list, ofFeed),
        row(.get,    "/v1/events/stream",                    .read,       Feed.stream, FeedQuestion.parameters),
        row(.get,    "/v1/events/{event}",                   .read,       Events.show),

        row(.post,   "/v1/organizations",                    .administer, Organizations.add),
        row(.get,    "/v1/organizations",                    .read,       Organizations.list, page),
        row(.get,    "/v1/organizations/{organization}",     .read,       Organizations.show),
        row(.patch,  "/v1/organizations/{organization}",     .administer, Organizations.change),
        row(.delete, "/v1/organizations/{organization}",     .administer, Organizations.remove),
        row(.post,   "/v1/panels",                           .manage,     Panels.add),
        row(.get,    "/v1/panels",                           .read,       Panels.list, ofOrganization),
        row(.get,    "/v1/panels/{panel}",                   .read,       Panels.show, ["organization"]),
        row(.patch,  "/v1/panels/{panel}",                   .manage,     Panels.change, ["organization"]),
        row(.delete, "/v1/panels/{panel}",                   .manage,     Panels.remove, ["organization"]),
        row(.post,   "/v1/doors",                            .manage,     Doors.add),
        row(.get,    "/v1/doors",                            .read,       Doors.list, ofDoors),
        row(.get,    "/v1/doors/{door}",                     .read,       Doors.show, ["organization", "reveal"]),
        row(.patch,  "/v1/doors/{door}",                     .manage,     Doors.change, ["organization"]),
        row(.delete, "/v1/doors/{door}",                     .manage,     Doors.remove, ["organization"]),
        row(.post,   "/v1/doors/{door}/unlock",              .manage,     Doors.unlock, ["organization"]),
        row(.post,   "/v1/keys",                             .administer, Keys.add),
        row(.get,    "/v1/keys",                             .administer, Keys.list, ofOrganization),
        row(.get,    "/v1/keys/{key}",                       .administer, Keys.show),
        row(.patch,  "/v1/keys/{key}",                       .administer, Keys.change),
        row(.delete, "/v1/keys/{key}",                       .administer, Keys.remove),

        row(.post,   "/v1/subscriptions",                    .manage,     Subscriptions.add),
        row(.get,    "/v1/subscriptions",                    .read,       Subscriptions.list, ofOrganization),
        row(.get,    "/v1/subscriptions/{subscription}",     .read,       Subscriptions.show, ["reveal"]),
        row(.patch,  "/v1/subscriptions/{subscription}",     .manage,     Subscriptions.change),
        row(.delete, "/v1/subscriptions/{subscription}",     .manage,     Subscriptions.delete),
        row(.post,   "/v1/subscriptions/{subscription}/pause",  .manage,  Subscriptions.pause),
        row(.post,   "/v1/subscriptions/{subscription}/resume", .manage,  Subscriptions.resume),
        row(.post,   "/v1/subscriptions/{subscription}/test",   .manage,  Subscriptions.test),
        row(.post,   "/v1/subscriptions/{subscription}/rotate-secret", .manage, Subscriptions.rotateSecret),
        row(.post,   "/v1/subscriptions/{subscription}/replay", .manage,  Subscriptions.replay),
        row(.get,    "/v1/subscriptions/{subscription}/replays", .read,   Subscriptions.replays, page),
        row(.get,    "/v1/subscriptions/{subscription}/replays/{replay}", .read, Subscriptions.showReplay),
        row(.post,   "/v1/subscriptions/{subscription}/replays/{replay}/cancel", .manage, Subscriptions.cancelReplay),

        row(.post,   "/v1/triggers",                         .manage,     Triggers.add),
        row(.get,    "/v1/triggers",                         .read,       Triggers.list, ofOrganization),
        row(.get,    "/v1/triggers/{trigger}",               .read,       Triggers.show),
        row(.patch,  "/v1/triggers/{trigger}",               .manage,     Triggers.change),
        row(.delete, "/v1/triggers/{trigger}",               .manage,     Triggers.remove),

        row(.get,    "/v1/deliveries",                       .read,       Deliveries.list, ofDeliveries),
        row(.post,   "/v1/deliveries/retry",                 .manage,     Deliveries.retryMany),
        row(.post,   "/v1/deliveries/cancel",                .manage,     Deliveries.cancelMany),
        row(.get,    "/v1/deliveries/{delivery}",            .read,       Deliveries.show),
        row(.post,   "/v1/deliveries/{delivery}/retry",      .manage,     Deliveries.retry),
        row(.post,   "/v1/deliveries/{delivery}/cancel",     .manage,     Deliveries.cancel),
        row(.post,   "/v1/persons/{person}/erase",           .administer, Persons.erase, ["organization", "dryRun"]),
        row(.get,    "/v1/persons/{person}/erase",           .administer, Persons.show, ["organization"]),
        row(.get,    "/v1/audit",                            .administer, Audit.list, ofAudit),
        row(.get,    "/v1/audit/proof",                      .administer, Audit.prove, ["known"]),
        row(.get,    "/v1/status",                           .read,       Status.show, ["organization"]),
        row(.get,    "/v1/kinds",                            .read,       Kinds.list),

        row(.get,    "/openapi.json",                        .read,       OpenAPI.show),
        row(.get,    "/metrics",                             .read,       MetricsPage.show),
        open(.get,   "/livez",                               Health.live),
        open(.get,   "/readyz",                              Health.ready),

        open(.post,  TokenRoute.pattern,                     TokenRoute.issue),
        open(.get,   "/.well-known/openid-configuration",    Discovery.document),
        open(.get,   "/.well-known/jwks.json",               Discovery.keys),
    ]

    private static func open(
        _ method: HTTPRequest.Method, _ pattern: String, _ handler: @escaping Route.OpenHandler
    ) -> Route {
        Route(method: method, pattern: pattern, access: .open(handler), query: nil)
    }

    private static func row(
        _ method: HTTPRequest.Method, _ pattern: String, _ action: Role.Action, _ handler: @escaping Route.Handler,
        _ query: Set<String> = []
    ) -> Route {
        Route(method: method, pattern: pattern, access: .keyed(action, handler), query: query)
    }
}
