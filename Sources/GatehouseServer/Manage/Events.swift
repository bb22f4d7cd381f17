internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `/v1/events/{event}`: an event and its deliveries.
struct Events: Sendable {
    let store: any EventStore
    let deliveries: DeliveryQueries
    let subscriptions: SubscriptionRegistry
    let dialects: DialectTable
    let reads: ReadAudit
    let pages: HeavyWork

    /// Shows one event by our id, as much as the key may read, with a page of its newest deliveries.
    func show(_ call: Call) async throws -> Response {
        guard let id = EventID(call.name), let event = try await store.event(id),
            call.key.reaches(event.organization, in: call.directory)
        else { throw ValidationError(.notFound, "there is no event \(call.name)") }
        reads.noteEvents(by: call.author)
        let newest = Deliveries.json(
            of: try await deliveries.page(of: id, limit: Query.longestPage, for: call.key))
        return try await pages.run(on: event.weight) {
            var shown = JSONObject([
                .init("event", event.cloudEvent(at: call.key.privacyLevel)), .init("deliveries", newest),
            ])
            let unsayable = unsayable(event, call)
            if !unsayable.isEmpty { shown["unsayable"] = .array(unsayable) }
            return Response(.ok, json: .object(shown))
        }
    }

    /// The present subscriptions that ask for the event, but whose contract requires fields that it lacks.
    private func unsayable(_ event: Event, _ call: Call) -> [JSON] {
        let lineage = call.directory.lineage(of: event.organization)
        let event = event.withPanel(of: call.directory)
        let matched = subscriptions.index.match(event, lineage: lineage, dialects: dialects)
        return matched.unsayable.compactMap { missed in
            guard call.key.reaches(missed.subscription.organization, in: call.directory) else { return nil }
            return [
                "subscription": .string(missed.subscription.id.text),
                "dialect": .string(missed.subscription.terms.dialect.text),
                "lacking": .array(missed.keys.map { .string($0) }),
            ]
        }
    }
}
