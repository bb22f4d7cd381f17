internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `POST /v1/deliveries/retry` and `/cancel`: retries or cancels many deliveries of a subscription.
extension Deliveries {
    /// Makes all dead deliveries due at once, or all waiting ones; `since` and `until` bound the time of their
    /// creation.
    func retryMany(_ call: Call) async throws -> Response {
        let (selection, subscription, isDryRun) = try selection(try await call.object(), otherwise: .dead, call)
        if isDryRun { return try await count(selection) }
        let moved = try await queries.retry(selection, of: subscription, author: call.author)
        return answer(moved, of: selection, isDryRun: false)
    }

    /// Cancels all waiting deliveries, or all dead ones.
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

    /// Answers with the state of the deliveries, so that a caller that named none sees it.
    private func answer(_ count: Int, of selection: DeliverySelection, isDryRun: Bool) -> Response {
        Response(
            .ok,
            json: [
                "deliveries": .integer(count), "state": .string(selection.state.rawValue), "dryRun": .bool(isDryRun),
            ])
    }

    /// - Parameter otherwise: the state of the deliveries if the body names none.
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
