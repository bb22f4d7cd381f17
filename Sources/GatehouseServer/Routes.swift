internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes

/// Every native route of the gateway, in one table that reads like the API's own page.
enum Routes {
    /// The built routes, and those that answer 501.
    static let all: [Route] = built + NotBuilt.routes + NotBuilt.open

    private static let page: Set<String> = ["limit", "cursor"]
    private static let ofOrganization = page.union(["organization"])
    private static let ofDoors = ofOrganization.union(["panel"])
    private static let ofAudit = ofOrganization.union(["since", "until"])
    private static let ofFeed = FeedQuestion.parameters.union(["limit", "wait"])
    private static let ofDeliveries = page.union(DeliveryQuestion.parameters)

    // swift-format-ignore
    static let built: [Route] = [
        row(.post,   "/v1/events",                           .post,       { $0.ingest.events }, body: true),
        row(.get,    "/v1/events",                           .read,       { $0.feed.list }, ofFeed),
        row(.get,    "/v1/events/stream",                    .read,       { $0.feed.stream }, FeedQuestion.parameters),
        row(.get,    "/v1/events/{event}",                   .read,       { $0.events.show }),

        row(.post,   "/v1/organizations",                    .administer, { $0.organizations.create }, body: true),
        row(.get,    "/v1/organizations",                    .read,       { $0.organizations.list }, page),
        row(.get,    "/v1/organizations/{organization}",     .read,       { $0.organizations.show }),
        row(.patch,  "/v1/organizations/{organization}",     .administer, { $0.organizations.update }, body: true),
        row(.delete, "/v1/organizations/{organization}",     .administer, { $0.organizations.delete }),
        row(.post,   "/v1/panels",                           .manage,     { $0.panels.create }, body: true),
        row(.get,    "/v1/panels",                           .read,       { $0.panels.list }, ofOrganization),
        row(.get,    "/v1/panels/{panel}",                   .read,       { $0.panels.show }, ["organization"]),
        row(.patch,  "/v1/panels/{panel}",                   .manage,     { $0.panels.update }, ["organization"], body: true),
        row(.delete, "/v1/panels/{panel}",                   .manage,     { $0.panels.delete }, ["organization"]),
        row(.post,   "/v1/doors",                            .manage,     { $0.doors.create }, body: true),
        row(.get,    "/v1/doors",                            .read,       { $0.doors.list }, ofDoors),
        row(.get,    "/v1/doors/{door}",                     .read,       { $0.doors.show }, ["organization", "reveal"]),
        row(.patch,  "/v1/doors/{door}",                     .manage,     { $0.doors.update }, ["organization"], body: true),
        row(.delete, "/v1/doors/{door}",                     .manage,     { $0.doors.delete }, ["organization"]),
        row(.post,   "/v1/doors/{door}/unlock",              .manage,     { $0.doors.unlock }, ["organization"]),
        row(.post,   "/v1/keys",                             .administer, { $0.keys.create }, body: true),
        row(.get,    "/v1/keys",                             .administer, { $0.keys.list }, ofOrganization),
        row(.get,    "/v1/keys/{key}",                       .administer, { $0.keys.show }),
        row(.patch,  "/v1/keys/{key}",                       .administer, { $0.keys.update }, body: true),
        row(.delete, "/v1/keys/{key}",                       .administer, { $0.keys.delete }),

        row(.post,   "/v1/subscriptions",                    .manage,     { $0.subscriptions.create }, body: true),
        row(.get,    "/v1/subscriptions",                    .read,       { $0.subscriptions.list }, ofOrganization),
        row(.get,    "/v1/subscriptions/{subscription}",     .read,       { $0.subscriptions.show }, ["reveal"]),
        row(.patch,  "/v1/subscriptions/{subscription}",     .manage,     { $0.subscriptions.update }, body: true),
        row(.delete, "/v1/subscriptions/{subscription}",     .manage,     { $0.subscriptions.delete }),
        row(.post,   "/v1/subscriptions/{subscription}/pause",  .manage,  { $0.subscriptions.pause }),
        row(.post,   "/v1/subscriptions/{subscription}/resume", .manage,  { $0.subscriptions.resume }),
        row(.post,   "/v1/subscriptions/{subscription}/test",   .manage,  { $0.subscriptions.test }),
        row(.post,   "/v1/subscriptions/{subscription}/rotate-secret", .manage, { $0.subscriptions.rotateSecret }, body: true),
        row(.post,   "/v1/subscriptions/{subscription}/replay", .manage,  { $0.subscriptions.replay }, body: true),
        row(.get,    "/v1/subscriptions/{subscription}/replays", .read,   { $0.subscriptions.replays }, page),
        row(.get,    "/v1/subscriptions/{subscription}/replays/{replay}", .read, { $0.subscriptions.showReplay }),
        row(.post,   "/v1/subscriptions/{subscription}/replays/{replay}/cancel", .manage, { $0.subscriptions.cancelReplay }),

        row(.post,   "/v1/triggers",                         .manage,     { $0.triggers.create }, body: true),
        row(.get,    "/v1/triggers",                         .read,       { $0.triggers.list }, ofOrganization),
        row(.get,    "/v1/triggers/{trigger}",               .read,       { $0.triggers.show }),
        row(.patch,  "/v1/triggers/{trigger}",               .manage,     { $0.triggers.update }, body: true),
        row(.delete, "/v1/triggers/{trigger}",               .manage,     { $0.triggers.delete }),

        row(.get,    "/v1/deliveries",                       .read,       { $0.deliveries.list }, ofDeliveries),
        row(.post,   "/v1/deliveries/retry",                 .manage,     { $0.deliveries.retryMany }, body: true),
        row(.post,   "/v1/deliveries/cancel",                .manage,     { $0.deliveries.cancelMany }, body: true),
        row(.get,    "/v1/deliveries/{delivery}",            .read,       { $0.deliveries.show }),
        row(.post,   "/v1/deliveries/{delivery}/retry",      .manage,     { $0.deliveries.retry }),
        row(.post,   "/v1/deliveries/{delivery}/cancel",     .manage,     { $0.deliveries.cancel }),
        row(.post,   "/v1/persons/{person}/erase",           .administer, { $0.persons.erase }, ["organization", "dryRun"], body: true),
        row(.get,    "/v1/persons/{person}/erase",           .administer, { $0.persons.show }, ["organization"]),
        row(.get,    "/v1/audit",                            .administer, { $0.audit.list }, ofAudit),
        row(.get,    "/v1/audit/proof",                      .administer, { $0.audit.prove }, ["known"]),
        row(.get,    "/v1/status",                           .read,       { $0.status.show }, ["organization"]),
        row(.get,    "/v1/kinds",                            .read,       { $0.kinds.list }),

        row(.get,    "/openapi.json",                        .read,       { $0.description.show }),
        row(.get,    "/metrics",                             .read,       { $0.metrics.show }),
        open(.get,   "/livez",                               { $0.health.live }),
        open(.get,   "/readyz",                              { $0.health.ready }),

        open(.post,  TokenRoute.pattern,                     { $0.tokens.issue }),
        open(.get,   "/.well-known/openid-configuration",    { $0.discovery.document }),
        open(.get,   "/.well-known/jwks.json",               { $0.discovery.keys }),
    ]

    private static func open(
        _ method: HTTPRequest.Method, _ pattern: String, _ handler: @escaping Route.Choice<Route.OpenHandler>
    ) -> Route {
        Route(method: method, pattern: pattern, access: .open(handler), query: nil)
    }

    private static func row(
        _ method: HTTPRequest.Method, _ pattern: String, _ action: Role.Action,
        _ handler: @escaping Route.Choice<Route.Handler>,
        _ query: Set<String> = [], body takesBody: Bool = false
    ) -> Route {
        var route = Route(method: method, pattern: pattern, access: .keyed(action, handler), query: query)
        route.takesBody = takesBody
        return route
    }
}
