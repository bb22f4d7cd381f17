internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `/v1/subscriptions/{subscription}/replay`: delivers old events to a subscription once more.
extension Subscriptions {
    /// Begins a replay of the events that the gateway accepted in the requested period; `dryRun` counts the deliveries
    /// and begins none.
    func replay(_ call: Call) async throws -> Response {
        let subscription = try named(call)
        let (order, isDryRun) = try order(try await call.object(), for: subscription, call)
        let match = try service.match(order, to: subscription, at: call.now)
        if isDryRun { return Self.answer(try await service.count(match), order) }
        var details = order.json
        details["subscription"] = nil
        let replay = try await service.replay(order, to: subscription, naming: details, author: call.author)
        return Response(begun: replay.json, at: "/v1/subscriptions/\(subscription.id)/replays/\(replay.id)")
    }

    /// Lists a subscription's replays, newest first.
    func replays(_ call: Call) async throws -> Response {
        let subscription = try named(call)
        let limit = try call.query.limit()
        let before = try call.query.cursor().map { ReplayID($0) }
        let found = try await service.replays(of: subscription, before: before, limit: limit + 1)
        let shown = found.prefix(limit)
        let next = found.count > limit ? shown.last?.id.description : nil
        return Response(.ok, json: Page.json(shown.map(\.json), next: next))
    }

    /// Shows the progress of a replay.
    func showReplay(_ call: Call) async throws -> Response {
        Response(.ok, json: .object(try await namedReplay(call).replay.json))
    }

    /// Cancels a replay; the deliveries that it has created stay owed. A replay that has ended does not change.
    func cancelReplay(_ call: Call) async throws -> Response {
        let (replay, subscription) = try await namedReplay(call)
        let present = try await service.cancel(replay, of: subscription, author: call.author)
        return Response(.ok, json: .object(present.json))
    }

    // MARK: Parts

    private func namedReplay(_ call: Call) async throws -> (replay: Replay, of: Subscription) {
        let subscription = try named(call)
        guard let number = Int64(call.names[1]),
            let replay = try await service.replay(ReplayID(number), of: subscription)
        else {
            throw ValidationError(.notFound, "the subscription \(subscription.id) has no replay \(call.names[1])")
        }
        return (replay, subscription)
    }

    private func order(
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

    /// How many deliveries a replay would create, and whether all events could be counted.
    private static func answer(_ count: SubscriptionService.ReplayCount, _ order: Replay.Order) -> Response {
        var object = order.json
        object["dryRun"] = true
        object["owed"] = .integer(count.owed)
        object["complete"] = .bool(count.isComplete)
        return Response(.ok, json: .object(object))
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
    /// The replay as the native API answers it; `progress` is from 0 to 1.
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
