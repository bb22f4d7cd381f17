internal import GatehouseCore
internal import HTTPTypes

/// The contract's routes, with its base path and without it, as its seed writes them; its login; its errors.
enum BasIPManage {
    static let api = ManageAPI(
        routes: front + webhooks(below: "/api/v1") + webhooks(below: ""),
        roots: ["/api/v1", "/api/info", "/webhooks"], answer: BasIPProblem.answer)

    // swift-format-ignore
    private static let front = [
        ManageAPI.Route(.get, "/api/info",      open: info),
        ManageAPI.Route(.get, "/api/v1/login",  query: ["username", "password"], open: login),
        ManageAPI.Route(.get, "/api/v1/logout", open: logout),
    ]

    // swift-format-ignore
    /// All of them require an administrator: a key that may manage subscriptions.
    private static func webhooks(below base: String) -> [ManageAPI.Route] {
        [
            ManageAPI.Route(.post,   base + "/webhooks",              .manage, body: BasIPWebhook.fields.declared, handler: create),
            ManageAPI.Route(.get,    base + "/webhooks",              .manage, query: BasIPList.parameters, handler: list),
            ManageAPI.Route(.get,    base + "/webhooks/{uid}",        .manage, handler: retrieve),
            ManageAPI.Route(.put,    base + "/webhooks/{uid}",        .manage, body: BasIPWebhook.fields.declared, handler: update),
            ManageAPI.Route(.delete, base + "/webhooks/{uid}",        .manage, handler: delete),
            ManageAPI.Route(.post,   base + "/webhooks/{uid}/test",   .manage, handler: test),
            ManageAPI.Route(.get,    base + "/webhooks/events",       .manage, query: BasIPHistory.parameters, handler: BasIPHistory.list),
            ManageAPI.Route(.get,    base + "/webhooks/events/stats", .manage, query: ["from", "to"], handler: BasIPHistory.stats),
            ManageAPI.Route(.get,    base + "/webhooks/events/{uid}", .manage, handler: BasIPHistory.retrieve),
        ]
    }

    // MARK: Login

    private static let session = Duration.seconds(7200)

    @Sendable private static func info(_ request: ManageAPI.OpenRequest) async throws -> ManageAPI.Answer {
        ManageAPI.Answer(.ok, ["device_name": "Gatehouse", "device_type": "gateway", "api_version": "2.15.0"])
    }

    /// The only account of the contract's devices: clients that know no other account use it.
    private static let administrator = "admin"

    /// The password comes as its MD5, as all clients of the contract send it; other text matches no key.
    @Sendable private static func login(_ request: ManageAPI.OpenRequest) async throws -> ManageAPI.Answer {
        guard let name = request.query["username"], let password = request.query["password"] else {
            throw BasIPProblem.login
        }
        let user: LoginUser = name == administrator ? .shared(name) : .key(name)
        guard let session = try await request.front.open(user: user, password: .md5(password), for: session) else {
            throw BasIPProblem.login
        }
        let isAdmin = session.key.role.allows(.manage)
        return ManageAPI.Answer(
            .ok, ["token": .string(session.token.revealed), "account_type": isAdmin ? "admin" : "user"])
    }

    @Sendable private static func logout(_ request: ManageAPI.OpenRequest) async throws -> ManageAPI.Answer {
        guard let token = request.token else { throw BasIPProblem.unknown }
        try await request.front.close(token: token)
        return ManageAPI.Answer(.ok, [:])
    }

    // MARK: Webhooks

    @Sendable private static func create(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let home = try request.context.home()
        let terms = try BasIPWebhookReader.terms(of: request.body ?? JSONObject())
        try refuseSameURL(terms, beside: request.context.subscriptions(of: home))
        let made = try await takingURL { try await request.context.add(terms, to: home, url: .once).subscription }
        return ManageAPI.Answer(.ok, ["item_uid": .integer(made.number)])
    }

    @Sendable private static func list(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let page = try BasIPList(
            request.query, sorts: ["item_uid", "url", "status", "timeout", "description", "max_retries"],
            filters: ["url", "status", "description"])
        let all = request.context.subscriptions(of: try request.context.home())
        return page.answer(all.map { BasIPWebhook.item($0, at: request.context.now) })
    }

    @Sendable private static func retrieve(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        ManageAPI.Answer(.ok, .object(BasIPWebhook.json(try webhook(of: request), at: request.context.now)))
    }

    @Sendable private static func update(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let present = try webhook(of: request)
        let others = try request.context.subscriptions(of: request.context.home()).filter { $0.id != present.id }
        try await takingURL {
            try await request.context.change(present, url: .once) { present in
                let terms = try BasIPWebhookReader.terms(of: request.body ?? JSONObject(), changing: present)
                try refuseSameURL(terms, beside: others)
                return terms
            }
        }
        return ManageAPI.Answer(.ok, ["item_uid": .integer(present.number)])
    }

    @Sendable private static func delete(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        try await request.context.delete(webhook(of: request))
        return ManageAPI.Answer(.ok, [:])
    }

    @Sendable private static func test(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let webhook = try webhook(of: request)
        guard let testDelivery = try await request.context.test(webhook) else { throw BasIPProblem.uid }
        return ManageAPI.Answer(.ok, page: BasIPReport(of: testDelivery, to: webhook).text)
    }

    // MARK: Shared parts

    static func webhook(of request: ManageAPI.Request) throws -> Subscription {
        guard let uid = number(request), uid > 0,
            let found = request.context.subscriptions(of: try request.context.home()).first(where: { $0.number == uid })
        else { throw BasIPProblem.uid }
        return found
    }

    /// The number in a path, in its only accepted spelling.
    static func number(_ request: ManageAPI.Request) -> Int64? {
        let text = request.names.first ?? ""
        return Int64(text).flatMap { String($0) == text ? $0 : nil }
    }

    /// If two callers use the same URL at once, the store refuses one.
    private static func takingURL<Made>(_ work: () async throws -> Made) async throws -> Made {
        do {
            return try await work()
        } catch {
            if case .urlTaken = error as? StoreError { throw BasIPProblem.sameURL }
            throw error
        }
    }

    private static func refuseSameURL(
        _ terms: JSONObject, beside others: [Subscription]
    ) throws(ManageAPI.Problem) {
        if others.contains(where: { $0.isSent(to: terms["url"]?.text) }) { throw BasIPProblem.sameURL }
    }
}
