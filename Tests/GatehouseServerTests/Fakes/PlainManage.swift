import GatehouseCore
import HTTPTypes

/// A vendor's API of two routes, whose refusals are a word and a sentence.
enum PlainManage {
    /// An error that no part of the gateway knows.
    private struct Unforeseen: Error {}

    private static let names = DeclaredNames(
        ["name", "url", "active", "privacyLevel", "secret", "settings", "tls"], inside: ["tls": ["verification"]])

    static let api = ManageAPI(
        routes: [
            ManageAPI.Route(.post, "/plain/{organization}/wishes", .manage, body: names) { request in
                let organization = try request.context.organization(OrganizationID(request.names[0]))
                let made = try await request.context.add(request.body ?? JSONObject(), to: organization)
                return ManageAPI.Answer(.created, ["made": .string(made.subscription.id.text)])
            },
            ManageAPI.Route(.put, "/plain/{organization}/wishes", .manage, body: names) { request in
                let organization = try request.context.organization(OrganizationID(request.names[0]))
                for subscription in request.context.subscriptions(of: organization) {
                    try await request.context.change(subscription) { _ in request.body ?? JSONObject() }
                }
                return ManageAPI.Answer(.noContent)
            },
            ManageAPI.Route(.get, "/plain/login", query: ["user", "password", "md5"]) { request in
                let password: LoginPassword =
                    request.query["md5"].map { .md5($0) } ?? .plain(Secret(request.query["password"] ?? ""))
                let session = try await request.front.open(
                    user: .key(request.query["user"] ?? ""), password: password, for: .seconds(7200))
                guard let session else { throw ManageAPI.Problem(.badRequest, "no user has that name and password") }
                return ManageAPI.Answer(.ok, .string(session.token.revealed))
            },
            ManageAPI.Route(.get, "/plain/logout") { request in
                if let token = request.token { try await request.front.close(token: token) }
                return ManageAPI.Answer(.noContent)
            },
            ManageAPI.Route(.get, "/plain/broken", open: { _ in throw Unforeseen() }),
            ManageAPI.Route(.get, "/plain/home", .read) { request in
                ManageAPI.Answer(.ok, .string(try request.context.home().id.text))
            },
            ManageAPI.Route(.get, "/plain/{organization}/wishes", .read, query: ["loud"]) { request in
                let organization = try request.context.organization(OrganizationID(request.names[0]))
                let names = request.context.subscriptions(of: organization).map { subscription in
                    JSON.string(
                        request.query["loud"] == nil ? subscription.terms.name : subscription.terms.name.uppercased())
                }
                return ManageAPI.Answer(.ok, .array(names), headers: [.location: request.url])
            },
            ManageAPI.Route(.post, "/plain/{organization}/trials", .manage) { request in
                let organization = try request.context.organization(OrganizationID(request.names[0]))
                var met = "<b>&\"nothing\"</b>"
                for subscription in request.context.subscriptions(of: organization) {
                    met += try await request.context.test(subscription)?.attempt.outcome.sentence ?? ""
                }
                return ManageAPI.Answer(.ok, page: met)
            },
            ManageAPI.Route(.delete, "/plain/{organization}/wishes", .manage) { request in
                let organization = try request.context.organization(OrganizationID(request.names[0]))
                for subscription in request.context.subscriptions(of: organization) {
                    try await request.context.delete(subscription)
                }
                return ManageAPI.Answer(.noContent)
            },
            ManageAPI.Route(.get, "/plain/pull/{trigger}/{secret}") { trigger, _ in
                ManageAPI.Answer(.ok, .string(trigger.name))
            },
        ],
        roots: ["/plain"], rate: ManageAPI.Rate(5, in: .seconds(60)), sessionCookie: "Plain.Auth",
        triggerPaths: { ["/plain/pull/\($0)/\($1.revealed)"] },
        answer: { refusal in
            ManageAPI.Answer(
                refusal.status == .unprocessableContent ? .badRequest : refusal.status,
                [
                    "no": .string(refusal.sentence),
                    "fields": .array(refusal.faults.map { .text($0.field) }),
                ])
        })
}
