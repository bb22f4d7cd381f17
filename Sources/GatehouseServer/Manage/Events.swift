internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `/v1/events/{event}`: an event and its deliveries.
struct Events: Sendable {
    let queries: EventQueries
    let deliveries: DeliveryQueries
    let pages: HeavyWork

    /// Shows one event by our id, as much as the key may read, with a page of its newest deliveries.
    func show(_ call: Call) async throws -> Response {
        let event = try await queries.event(named: call.name, for: call.author)
        let newest = Deliveries.json(
            of: try await deliveries.page(of: event.id, limit: Query.longestPage, for: call.key))
        return try await pages.run(on: event.weight) {
            var shown = JSONObject([
                .init("event", event.cloudEvent(at: call.key.privacyLevel)), .init("deliveries", newest),
            ])
            let unsayable = queries.unsayable(event, for: call.key)
            if !unsayable.isEmpty { shown["unsayable"] = .array(unsayable.map(\.json)) }
            return Response(.ok, json: .object(shown))
        }
    }
}

extension EventQueries.Unsayable {
    /// The subscription and the missing keys in the words of the native API.
    fileprivate var json: JSON {
        [
            "subscription": .string(subscription.id.text),
            "dialect": .string(subscription.terms.dialect.text),
            "lacking": .array(keys.map { .string($0) }),
        ]
    }
}
