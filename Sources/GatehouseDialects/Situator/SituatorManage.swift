internal import GatehouseCore
internal import HTTPTypes

/// The contract's API: the login, webhooks, their registrations, and the doors and events that can be registered.
enum SituatorManage {
    private static let one = "/api/webhooks/{webhookId}"
    private static let cookie = "Seventh.Auth"
    /// How long a login is valid: a working day.
    private static let session = Duration.seconds(8 * 3600)

    // swift-format-ignore
    static let api = ManageAPI(
        routes: [
            ManageAPI.Route(.put,    "/api/login", body: ["userName", "password"], open: login),
            ManageAPI.Route(.get,    "/api/webhooks",      .read,   handler: list),
            ManageAPI.Route(.post,   "/api/webhooks",      .manage, body: SituatorWebhook.fields.declared, handler: create),
            ManageAPI.Route(.get,    "/api/webhooks/help", .read,   handler: help),
            ManageAPI.Route(.get,    one,                  .read,   handler: retrieve),
            ManageAPI.Route(.put,    one,                  .manage, body: SituatorWebhook.fields.declared(also: "id"), handler: update),
            ManageAPI.Route(.delete, one,                  .manage, handler: delete),
            ManageAPI.Route(.get,    one + "/clear",       .manage, handler: clear),
            ManageAPI.Route(.get,    one + "/doors",       .read,   handler: listDoors),
            ManageAPI.Route(.put,    one + "/doors",       .manage, body: SituatorRegistration.doorNames, handler: replaceDoors),
            ManageAPI.Route(.post,   one + "/servers/{serverId}/doors/{doorId}", .manage, handler: addDoor),
            ManageAPI.Route(.delete, one + "/servers/{serverId}/doors/{doorId}", .manage, handler: removeDoor),
            ManageAPI.Route(.get,    one + "/events",      .read,   handler: listEvents),
            ManageAPI.Route(.put,    one + "/events",      .manage, body: SituatorRegistration.eventNames, handler: replaceEvents),
            ManageAPI.Route(.post,   one + "/events/{eventId}", .manage, handler: addEvent),
            ManageAPI.Route(.delete, one + "/events/{eventId}", .manage, handler: removeEvent),
            ManageAPI.Route(.get,    "/api/doors",         .read,   handler: allDoors),
            ManageAPI.Route(.get,    "/api/events",        .read,   handler: allEvents),
            ManageAPI.Route(.put,    "/api/accounts/{accountId}/servers/{serverId}/doors/{doorId}", .manage, handler: command),
        ],
        roots: ["/api"], sessionCookie: cookie, words: SituatorWebhook.fields.words, answer: answer)

    // MARK: The login

    @Sendable private static func login(_ request: ManageAPI.OpenRequest) async throws -> ManageAPI.Answer {
        let body = request.body ?? JSONObject()
        var faults = ValidationErrors()
        for name in ["userName", "password"] where body[name]?.text == nil {
            faults.append(ValidationError(.missingField, field: name, "it is required, a string"))
        }
        guard let user = body["userName"]?.text, let password = body["password"]?.text else { throw faults }
        guard
            let opened = try await request.front.open(
                user: .key(user), password: .plain(Secret(password)), for: session)
        else { throw ManageAPI.Problem(.unauthorized, "there is no user of that name and password") }
        let headers = ManageAPI.cookie(cookie, of: opened, for: session, isSecure: request.isSecure)
        return ManageAPI.Answer(.ok, headers: headers)
    }

    // MARK: Webhooks

    @Sendable private static func list(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let all = request.context.subscriptions(of: try request.context.home())
        return ManageAPI.Answer(.ok, ["webhooks": .array(all.map { json($0, request) })])
    }

    @Sendable private static func create(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let home = try request.context.home()
        let terms = try SituatorWebhook.terms(of: request.body ?? JSONObject(), isUpdate: false)
        let made = try await request.context.add(terms, to: home).subscription
        return ManageAPI.Answer(.ok, ["id": .integer(made.number)])
    }

    @Sendable private static func retrieve(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        ManageAPI.Answer(.ok, ["webhook": json(try webhook(of: request), request)])
    }

    @Sendable private static func update(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let subscription = try webhook(of: request)
        let body = request.body ?? JSONObject()
        // Clients in .NET send 0 for a missing number.
        if let id = body["id"]?.integer, id != 0, id != subscription.number {
            throw ValidationError(.outOfBounds, field: "id", "the path names the webhook \(subscription.number)")
        }
        let terms = try SituatorWebhook.terms(of: body, isUpdate: true)
        try await request.context.change(subscription) { _ in terms }
        return ManageAPI.Answer(.ok, ["id": .integer(subscription.number)])
    }

    @Sendable private static func delete(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        try await request.context.delete(webhook(of: request))
        return ManageAPI.Answer(.ok)
    }

    @Sendable private static func clear(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        try await request.context.clear(webhook(of: request))
        return ManageAPI.Answer(.ok)
    }

    @Sendable private static func help(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let types = SituatorEvents.types.map { type -> JSON in
            [
                "type": .string(type.name), "description": .string(type.description),
                "keys": .array(type.layout.keys.map { .string($0) }),
            ]
        }
        return ManageAPI.Answer(.ok, ["types": .array(types)])
    }

    // MARK: Registrations of a webhook

    @Sendable private static func listDoors(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let subscription = try webhook(of: request)
        return ManageAPI.Answer(.ok, ["doors": try await account(request).json(doorsOf: subscription)])
    }

    @Sendable private static func replaceDoors(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let subscription = try webhook(of: request)
        let asked = try SituatorRegistration.doors(in: request.body ?? JSONObject())
        let account = try await account(request)
        var doors: [SituatorSettings.RegisteredDoor] = []
        for (server, door) in asked { doors.append(try account.door(door, of: server).registered) }
        return try await register(doorsOf: subscription, request) { _ in doors }
    }

    @Sendable private static func addDoor(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let (subscription, door) = try await namedDoor(of: request)
        return try await register(doorsOf: subscription, request) { $0 + [door] }
    }

    @Sendable private static func removeDoor(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let (subscription, door) = try await namedDoor(of: request)
        return try await register(doorsOf: subscription, request) { present in
            let left = present.filter { $0.door != door.door && !($0.door == nil && $0.isNumbered(as: door)) }
            guard left.count < present.count else {
                throw ValidationError(.notFound, "the door is not registered for this webhook")
            }
            return left
        }
    }

    @Sendable private static func listEvents(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let subscription = try webhook(of: request)
        return ManageAPI.Answer(.ok, ["events": try await account(request).json(eventsOf: subscription)])
    }

    @Sendable private static func replaceEvents(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let subscription = try webhook(of: request)
        let asked = try SituatorRegistration.events(in: request.body ?? JSONObject())
        for id in asked { try SituatorRegistration.check(event: id) }
        return try await register(eventsOf: subscription, request) { _ in asked }
    }

    @Sendable private static func addEvent(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let subscription = try webhook(of: request)
        let id = try SituatorRegistration.number(request.names.last, "event")
        try SituatorRegistration.check(event: id)
        return try await register(eventsOf: subscription, request) { $0 + [id] }
    }

    @Sendable private static func removeEvent(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let subscription = try webhook(of: request)
        let id = try SituatorRegistration.number(request.names.last, "event")
        return try await register(eventsOf: subscription, request) { present in
            guard present.contains(id) else {
                throw ValidationError(.notFound, "the event \(id) is not registered for this webhook")
            }
            return present.filter { $0 != id }
        }
    }

    // MARK: Directory

    @Sendable private static func allDoors(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        ManageAPI.Answer(.ok, ["doors": try await account(request).allDoors])
    }

    @Sendable private static func allEvents(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let number = try await account(request).number
        return ManageAPI.Answer(.ok, ["events": .array(SituatorOccurrence.all.map { $0.json(account: number) })])
    }

    /// Opens a door. The contract has one status for a device that cannot be reached, for every reason.
    @Sendable private static func command(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let account = try await account(request)
        guard request.names.count == 3, try SituatorRegistration.number(request.names[0], "account") == account.number
        else {
            throw ValidationError(.notFound, "there is no account \(request.names.first ?? "") that this key acts in")
        }
        let server = try SituatorRegistration.number(request.names[1], "server")
        let named = try account.door(SituatorRegistration.number(request.names[2], "door"), of: server)
        let outcome = try await request.context.unlock(named.door)
        let sentence = outcome.reason ?? "the door gave no reason"
        switch outcome.result {
        case .opened: return ManageAPI.Answer(.ok)
        case .refused: throw ManageAPI.Problem(.forbidden, sentence)
        case .unsupported, .unanswered, .unknown: throw ManageAPI.Problem(.serviceUnavailable, sentence)
        }
    }

    // MARK: Shared parts

    private static func webhook(of request: ManageAPI.Request) throws(ValidationError) -> Subscription {
        let id = try SituatorRegistration.number(request.names.first, "webhook")
        let all = request.context.subscriptions(of: try request.context.home())
        guard let found = all.first(where: { $0.number == id }) else {
            throw ValidationError(.notFound, "there is no webhook \(id)")
        }
        return found
    }

    private static func json(_ subscription: Subscription, _ request: ManageAPI.Request) -> JSON {
        let revealing = request.context.caller.role.allows(.manage)
        let shown = ShownSubscription(
            subscription: subscription, now: request.context.now, isRevealing: revealing)
        return .object(SituatorWebhook.fields.object(shown))
    }

    private static func account(_ request: ManageAPI.Request) async throws -> SituatorAccount {
        try await SituatorAccount(of: request.context.home(), at: request.context)
    }

    private static func namedDoor(
        of request: ManageAPI.Request
    ) async throws -> (Subscription, SituatorSettings.RegisteredDoor) {
        let subscription = try webhook(of: request)
        let server = try SituatorRegistration.number(request.names.dropFirst().first, "server")
        let door = try SituatorRegistration.number(request.names.last, "door")
        return (subscription, try await account(request).door(door, of: server).registered)
    }

    /// Registers the doors that follow from those that are registered now.
    private static func register(
        doorsOf subscription: Subscription, _ request: ManageAPI.Request,
        _ next: ([SituatorSettings.RegisteredDoor]) throws -> [SituatorSettings.RegisteredDoor]
    ) async throws -> ManageAPI.Answer {
        try await request.context.change(subscription) { present in
            let list = SituatorRegistration.once(try next(SituatorSettings.doors(of: present.terms))).map(\.json)
            return JSONObject([.init("settings", ["doors": .array(list)])])
        }
        return ManageAPI.Answer(.ok)
    }

    /// Registers the events that follow from those that are registered now.
    private static func register(
        eventsOf subscription: Subscription, _ request: ManageAPI.Request, _ next: ([Int64]) throws -> [Int64]
    ) async throws -> ManageAPI.Answer {
        try await request.context.change(subscription) { present in
            let list = SituatorRegistration.once(try next(SituatorSettings.events(of: present.terms)))
            return JSONObject([.init("settings", ["events": .array(list.map { .integer($0) })])])
        }
        return ManageAPI.Answer(.ok)
    }

    // MARK: Refusals

    /// `{"message"}`: a status 422 of the native API is 400 here.
    @Sendable private static func answer(_ refusal: ManageAPI.Problem) -> ManageAPI.Answer {
        let status = refusal.status == .unprocessableContent ? .badRequest : refusal.status
        return ManageAPI.Answer(status, ["message": .string(refusal.text { SituatorWebhook.fields.word(for: $0) })])
    }
}
