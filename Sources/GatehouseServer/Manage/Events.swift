internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `/v1/events/{event}`: what was taken, and what became of it.
enum Events {
    /// Shows one event by our id, as much of it as the key may read, with the newest of its deliveries as a page of
    /// their list.
    static func show(_ call: Call) async throws -> Response {
        guard let id = EventID(call.name), let event = try await call.parts.store.event(id),
            call.key.reaches(event.organization, in: call.directory)
        else { throw ValidationError(.notFound, "there is no event \(call.name)") }
        call.noteReadingEvents()
        let deliveries = try await Deliveries.page(of: id, for: call)
        return try await call.parts.heavy.pages.run(on: event.weight) {
            var shown = JSONObject([
                .init("event", event.cloudEvent(at: call.key.privacyLevel)), .init("deliveries", deliveries),
            ])
            let unsayable = unsayable(event, call)
            if !unsayable.isEmpty { shown["unsayable"] = .array(unsayable) }
            return Response(.ok, json: .object(shown))
        }
    }

    /// The subscriptions, as they stand now, that ask for the event and whose contract requires what it lacks.
    private static func unsayable(_ event: Event, _ call: Call) -> [JSON] {
        let lineage = call.directory.lineage(of: event.organization)
        let event = event.withPanel(of: call.directory)
        let matched = call.parts.subscriptions.index.match(event, lineage: lineage, dialects: call.parts.dialects)
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
