internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `/v1/subscriptions/{subscription}/replay`: old events, owed to a subscription once more.
extension Subscriptions {
    /// Begins a replay of what the gateway took in the hours that are asked for; `dryRun` counts what it would owe and
    /// begins none.
    static func replay(_ call: Call) async throws -> Response {
        let subscription = try named(call)
        let (order, isDryRun) = try order(try await call.object(), for: subscription, call)
        let match = try match(order, subscription, call)
        if isDryRun { return try await count(order, match, call) }
        let replay = try await call.parts.store.begin(
            order, at: call.now, audited: call.service.entry(.replay, subscription, naming: order))
        call.parts.notifier.post(.replayBegun(subscription.id))
        return Response(begun: replay.json, at: "/v1/subscriptions/\(subscription.id)/replays/\(replay.id)")
    }

    /// Lists a subscription's replays, newest first.
    static func replays(_ call: Call) async throws -> Response {
        let subscription = try named(call)
        let limit = try call.query.limit()
        let before = try call.query.cursor().map { ReplayID($0) }
        let found = try await call.parts.store.replays(of: subscription.id, before: before, limit: limit + 1)
        let shown = found.prefix(limit)
        let next = found.count > limit ? shown.last?.id.description : nil
        return Response(.ok, json: Page.json(shown.map(\.json), next: next))
    }

    /// Shows how far a replay has come.
    static func showReplay(_ call: Call) async throws -> Response {
        Response(.ok, json: .object(try await namedReplay(call).json))
    }

    /// Breaks a replay off; what it has brought to life stays owed. One that is at its end stays as it is.
    static func cancelReplay(_ call: Call) async throws -> Response {
        let replay = try await namedReplay(call)
        let entry = call.service.entry(.cancelReplay, try named(call))
        let present = try await call.parts.store.cancel(replay.id, .requested, audited: entry)
        return Response(.ok, json: .object(present.json))
    }

    // MARK: Parts

    private static func namedReplay(_ call: Call) async throws -> Replay {
        let subscription = try named(call)
        guard let number = Int64(call.names[1]), let replay = try await call.parts.store.replay(ReplayID(number)),
            replay.order.subscription == subscription.id
        else { throw ValidationError(.notFound, "the subscription \(subscription.id) has no replay \(call.names[1])") }
        return replay
    }

    private static func order(
        _ object: JSONObject, for subscription: Subscription, _ call: Call
    ) throws -> (Replay.Order, isDryRun: Bool) {
        var fields = Fields(object, known: ["since", "until", "kinds", "dryRun"])
        let since = fields.instant("since", required: true)
        let until = fields.spanEnd("until")
        let kinds = fields.globs("kinds")
        let isDryRun = fields.flag("dryRun") ?? false
        if let since, since > call.now {
            fields.refuse(
                ValidationError(
                    .outOfBounds, field: "since",
                    "since lies ahead (\(RFC3339.text(since))): a replay takes a time that is past"
                ))
        }
        if let fault = ValidationError(ofSpan: since, until) { fields.refuse(fault) }
        try fields.check()
        guard let since else { throw ValidationError(.missingField, field: "since", "since is missing") }
        return (Replay.Order(subscription.id, since: since, until: until, kinds: kinds), isDryRun)
    }

    private static func match(
        _ order: Replay.Order, _ subscription: Subscription, _ call: Call
    ) throws(ValidationError) -> ReplayMatch {
        guard subscription.isActive, !subscription.hasExpired(at: call.now) else {
            throw ValidationError(
                .conflict,
                "the subscription \(subscription.id) is inactive, so that nothing is owed to it: "
                    + "make it active first")
        }
        guard let dialect = call.parts.dialects[subscription.terms.dialect] else {
            throw ValidationError(.notFound, "this gateway does not speak \(subscription.terms.dialect)")
        }
        let match = ReplayMatch(order, to: subscription, in: dialect, call.directory)
        guard match.isPossible else {
            throw ValidationError(
                .outOfBounds, field: "kinds", "the subscription wants none of these kinds, or its dialect has no words")
        }
        return match
    }

    /// Looks for as long as a caller is likely to wait, and says whether that was enough.
    private static func count(_ order: Replay.Order, _ match: ReplayMatch, _ call: Call) async throws -> Response {
        var owed: Int64 = 0
        var reached = EventPosition(0)
        var isComplete = false
        let deadline = call.parts.clock.now + .seconds(10)
        while !isComplete, call.parts.clock.now < deadline {
            let slice = try await call.parts.store.feed(match.filter(after: reached, limit: 200))
            owed += Int64(slice.events.count { match.owes($0.event) })
            reached = slice.reached
            isComplete = slice.isAtEnd
        }
        var object = order.json
        object["dryRun"] = true
        object["owed"] = .integer(owed)
        object["complete"] = .bool(isComplete)
        return Response(.ok, json: .object(object))
    }
}

extension SubscriptionService {
    fileprivate func entry(
        _ action: AuditEntry.Action, _ subscription: Subscription, naming order: Replay.Order
    ) -> AuditEntry {
        var entry = entry(action, subscription)
        for member in order.json.members where member.key != "subscription" {
            entry.details[member.key] = member.value
        }
        return entry
    }
}

extension Replay.Order {
    fileprivate var json: JSONObject {
        var object = JSONObject()
        object["subscription"] = .string(subscription.text)
        object["since"] = .string(RFC3339.text(since))
        object["until"] = .text(until.map { RFC3339.text($0) })
        object["kinds"] = kinds.map { .array($0.map { .string($0) }) } ?? .null
        return object
    }
}

extension Replay {
    /// The replay in the words of the native API; `progress` from 0 to 1.
    fileprivate var json: JSONObject {
        var object = JSONObject()
        object["id"] = .string(id.description)
        for member in order.json.members { object[member.key] = member.value }
        object["state"] = .string(state.name)
        if case .cancelled(let reason) = state { object["reason"] = .string(reason.rawValue) }
        object["owed"] = .integer(owed)
        object["progress"] = .fraction(state == .finished ? 1 : (course.progress * 1000).rounded() / 1000)
        object["created"] = .string(RFC3339.text(created))
        return object
    }
}
