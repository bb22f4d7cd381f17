internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `POST /v1/deliveries/retry` and `/cancel`: the same for many deliveries of a subscription.
extension Deliveries {
    /// Makes all that are dead due at once, or all that wait; `since` and `until` bound when they came to be owed.
    func retryMany(_ call: Call) async throws -> Response {
        let (selection, subscription, isDryRun) = try selection(try await call.object(), otherwise: .dead, call)
        if isDryRun { return try await count(selection) }
        let moved = try await queries.retry(selection, of: subscription, author: call.author)
        return answer(moved, of: selection, isDryRun: false)
    }

    /// Cancels all that wait, or all that are dead.
    func cancelMany(_ call: Call) async throws -> Response {
        let (chosen, subscription, isDryRun) = try selection(try await call.object(), otherwise: .waiting, call)
        var selection = chosen
        selection.includesDamaged = true
        if isDryRun { return try await count(selection) }
        let moved = try await queries.cancel(selection, of: subscription, author: call.author)
        return answer(moved, of: selection, isDryRun: false)
    }

    private func count(_ selection: DeliverySelection) async throws -> Response {
        let count = try await queries.count(selection)
        return answer(count, of: selection, isDryRun: true)
    }

    /// Says in which state they were, so that who named none sees which were meant.
    private func answer(_ count: Int, of selection: DeliverySelection, isDryRun: Bool) -> Response {
        Response(
            .ok,
            json: [
                "deliveries": .integer(count), "state": .string(selection.state.rawValue), "dryRun": .bool(isDryRun),
            ])
    }

    /// - Parameter otherwise: in which state those are that are meant where nothing is said of it.
    private func selection(
        _ object: JSONObject, otherwise: DeliverySelection.State, _ call: Call
    ) throws -> (DeliverySelection, Subscription, isDryRun: Bool) {
        var fields = Fields(object, known: ["subscription", "state", "since", "until", "dryRun"])
        let name = fields.text("subscription", required: true)
        let since = fields.instant("since")
        let until = fields.spanEnd("until")
        let isDryRun = fields.flag("dryRun") ?? false
        var state = otherwise
        if let word = fields.text("state", required: false) {
            if let named = DeliverySelection.State(rawValue: word) {
                state = named
            } else {
                let offer = DeliverySelection.State.allCases.map(\.rawValue).joined(separator: " or ")
                fields.refuse(ValidationError(.outOfBounds, field: "state", "state is \(offer)"))
            }
        }
        if let fault = ValidationError(ofSpan: since, until) { fields.refuse(fault) }
        try fields.check()
        guard let subscription = name.flatMap({ try? subscriptions.subscription(SubscriptionID($0), for: call.key) })
        else { throw ValidationError(.outOfBounds, field: "subscription", "there is no subscription \(name ?? "")") }
        var selection = DeliverySelection(of: subscription.id, state)
        selection.since = since
        selection.until = until
        return (selection, subscription, isDryRun)
    }
}
