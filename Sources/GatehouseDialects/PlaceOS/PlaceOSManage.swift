internal import GatehouseCore
internal import HTTPTypes

/// The secret URLs: one URL, in two forms, to subscribe, unsubscribe, list doors and unlock them.
enum PlaceOSManage {
    static let api = ManageAPI(
        routes: routes(at: base, query: ["exec", "mod", "index", "method"])
            + routes(at: base + "/{secret}/{mod}/{index}/{method}", query: []),
        roots: ["/api/engine"], triggerPaths: paths, answer: answer)

    private static let base = "/api/engine/v2/webhook/{trigger}/notify"

    // swift-format-ignore
    private static func routes(at pattern: String, query: [String]) -> [ManageAPI.Route] {
        [
            ManageAPI.Route(.post,   pattern, query: query, body: ["webhook", "secret"], triggered: register),
            ManageAPI.Route(.delete, pattern, query: query, body: ["webhook"], triggered: remove),
            ManageAPI.Route(.get,    pattern, query: query, triggered: list),
            ManageAPI.Route(.put,    pattern, query: query, body: ["door_id"], triggered: unlock),
        ]
    }

    /// The two forms, as the seed writes them. The gateway ignores the module and method in a URL.
    @Sendable private static func paths(_ id: TriggerID, _ secret: Secret) -> [String] {
        let start = "/api/engine/v2/webhook/\(id)/notify"
        return [
            start + "?secret=\(secret.revealed)&exec=true&mod=Rhombus&method=request",
            start + "/\(secret.revealed)/Rhombus/1/request",
        ]
    }

    // MARK: Subscriptions

    @Sendable private static func register(
        _ trigger: Trigger, _ request: ManageAPI.Request
    ) async throws -> ManageAPI.Answer {
        try checkIndex(of: request)
        let body = request.body ?? JSONObject()
        let terms = try terms(of: body, for: trigger)
        try check(trigger.mayRegister, "subscribe")
        for _ in 1..<longestRace {
            if try await wins(terms, trigger, request) { return ManageAPI.Answer(.created) }
        }
        try await settle(terms, trigger, request)
        return ManageAPI.Answer(.created)
    }

    /// How often a request is tried again that posts a URL at the same time as others.
    private static let longestRace = 8

    /// False if another request with the same URL reached the store first: then its subscription is known.
    private static func wins(
        _ terms: JSONObject, _ trigger: Trigger, _ request: ManageAPI.Request
    ) async throws -> Bool {
        do {
            try await settle(terms, trigger, request)
            return true
        } catch {
            switch error as? StoreError {
            case .urlTaken, .conflict, .missing: return false
            case .unavailable, .overloaded, .corrupt, .fenced, nil: throw error
            }
        }
    }

    /// Creates the subscription of a URL, or changes the present one to the posted terms. The store makes sure that a
    /// trigger has a URL only once.
    private static func settle(_ terms: JSONObject, _ trigger: Trigger, _ request: ManageAPI.Request) async throws {
        let known = try subscriptions(of: trigger, request).filter { $0.isSent(to: terms["url"]?.text) }
        guard let present = known.first else {
            _ = try await request.context.add(terms, to: request.context.home(), url: .oncePerMaker)
            return
        }
        try await request.context.change(present) { _ in again(terms) }
    }

    /// Accepted even if there is none: a second unsubscription has the wanted result already.
    @Sendable private static func remove(
        _ trigger: Trigger, _ request: ManageAPI.Request
    ) async throws -> ManageAPI.Answer {
        try checkIndex(of: request)
        let url = try target(in: request.body ?? JSONObject())
        try check(trigger.mayRegister, "unsubscribe")
        for subscription in try subscriptions(of: trigger, request) where subscription.terms.url == url {
            try await delete(subscription, request)
        }
        return ManageAPI.Answer(.accepted)
    }

    private static func delete(_ subscription: Subscription, _ request: ManageAPI.Request) async throws {
        do {
            try await request.context.delete(subscription)
        } catch {
            // Another request unsubscribed meanwhile, which is the wanted result.
            if case .missing = error as? StoreError { return }
            throw error
        }
    }

    /// The subscriptions that the trigger created; its caller cannot see others.
    private static func subscriptions(
        of trigger: Trigger, _ request: ManageAPI.Request
    ) throws -> [Subscription] {
        try request.context.subscriptions(of: request.context.home()).filter { $0.identity.maker == trigger.id.text }
    }

    /// The body of a POST as terms of the native API.
    ///
    /// - Throws: the fault of the first key that is missing or of another type.
    static func terms(of body: JSONObject, for trigger: Trigger) throws(ValidationError) -> JSONObject {
        let url = try target(in: body)
        var terms = JSONObject()
        terms["url"] = .string(url.text)
        terms["name"] = .string(String("PlaceOS \(url.host)".prefix(200)))
        // Deliveries are about the same doors that GET lists.
        terms["scope"] = "this"
        terms["doors"] = trigger.doors.map { .array($0.map(\.text).sorted().map { .string($0) }) }
        if let secret = body["secret"], secret != .null {
            guard secret.text != nil else { throw ValidationError(.malformed, field: "secret", "secret is a string") }
            terms["secret"] = secret
        }
        return terms
    }

    /// The same POST as a change of an earlier subscription: all its values apply from now on, except the name, which a
    /// person may have changed. Missing values get the defaults of a first POST.
    static func again(_ terms: JSONObject) -> JSONObject {
        var change = terms
        change["name"] = nil
        for field in ["secret", "doors"] where change[field] == nil { change[field] = .null }
        change["active"] = true
        return change
    }

    /// The URL in the body of a POST or a DELETE.
    static func target(in body: JSONObject) throws(ValidationError) -> TargetURL {
        guard let text = body["webhook"]?.text else {
            throw ValidationError(.malformed, field: "webhook", "webhook is the URL that events are sent to")
        }
        do throws(TargetURL.Flaw) {
            return try TargetURL(reading: text)
        } catch {
            throw ValidationError(.malformed, field: "webhook", "webhook is not taken: \(error.sentence)")
        }
    }

    // MARK: Doors

    @Sendable private static func list(
        _ trigger: Trigger, _ request: ManageAPI.Request
    ) async throws -> ManageAPI.Answer {
        try checkIndex(of: request)
        return ManageAPI.Answer(.ok, listing(try doors(of: trigger, request), inEnvelope: trigger.doorsEnvelope))
    }

    /// The answer to a GET: a bare array as in the seed, or an object around it as from the live driver.
    static func listing(_ doors: [Door], inEnvelope: Bool) -> JSON {
        let items: [JSON] = doors.map { door in
            var object = JSONObject()
            object["door_id"] = .string(door.id.text)
            if !door.name.isEmpty { object["description"] = .string(door.name) }
            return .object(object)
        }
        return inEnvelope ? ["doors": .array(items)] : .array(items)
    }

    /// The contract has one status for every failure, and one for doors that cannot be unlocked remotely.
    @Sendable private static func unlock(
        _ trigger: Trigger, _ request: ManageAPI.Request
    ) async throws -> ManageAPI.Answer {
        try checkIndex(of: request)
        guard let id = request.body?["door_id"]?.text else {
            throw ValidationError(.malformed, field: "door_id", "door_id is the id of a door, as GET lists it")
        }
        try check(trigger.mayUnlock, "unlock doors")
        guard let door = try doors(of: trigger, request).first(where: { $0.id.text.hasBytes(of: id) }) else {
            throw ManageAPI.Problem(.forbidden, "there is no such door")
        }
        let outcome = try await request.context.unlock(door)
        let sentence = outcome.reason ?? "the door gave no reason"
        switch outcome.result {
        case .opened: return ManageAPI.Answer(.ok)
        case .refused, .unanswered, .unknown: throw ManageAPI.Problem(.forbidden, sentence)
        case .unsupported: throw ManageAPI.Problem(.notImplemented, sentence)
        }
    }

    private static func doors(of trigger: Trigger, _ request: ManageAPI.Request) throws -> [Door] {
        try request.context.doors(of: request.context.home()).map(\.door).filter { trigger.reaches($0) }
    }

    // MARK: Refusals

    private static func check(_ allowed: Bool, _ action: String) throws(ManageAPI.Problem) {
        if !allowed { throw ManageAPI.Problem(.forbidden, "this URL may not \(action)") }
    }

    /// The module's index, in the path or the query; 1 by default.
    private static func checkIndex(of request: ManageAPI.Request) throws(ValidationError) {
        let text = request.names.count == 5 ? request.names[3] : request.query["index"] ?? "1"
        guard let index = Int(text), index > 0, String(index) == text else {
            throw ValidationError(.malformed, field: "index", "index is a whole number from 1 on")
        }
    }

    /// `{"error": "…"}`. A fault in a request is 400, and so is a method that the contract does not have.
    @Sendable static func answer(_ refusal: ManageAPI.Problem) -> ManageAPI.Answer {
        let isBroken = refusal.status == .unprocessableContent && !refusal.faults.isEmpty
        let isOther =
            refusal.status == .methodNotAllowed || refusal.status == .unsupportedMediaType && !refusal.isOfCoding
        let fault = refusal.faults.first
        let sentence =
            fault?.field == "privacyLevel" ? "privacyLevel: \(refusal.sentence)" : fault?.sentence ?? refusal.sentence
        return ManageAPI.Answer(isBroken || isOther ? .badRequest : refusal.status, ["error": .string(sentence)])
    }
}
