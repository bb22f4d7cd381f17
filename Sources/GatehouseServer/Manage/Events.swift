internal import GatehouseCore
internal import Hummingbird

/// `/v1/events/{event}`: what was taken, and what became of it.
enum Events {
    /// Shows one event by our id, as much of it as the key may read, with the newest of its deliveries as a page of
    /// their list.
    static func show(_ call: Call) async throws -> Response {
        guard let id = EventID(call.name), let event = try await call.parts.store.event(id),
            call.key.reaches(event.organization, in: call.directory)
        else { throw Fault(.notFound, "there is no event \(call.name)") }
        let deliveries = try await Deliveries.page(of: id, for: call)
        return Response(.ok, json: ["event": event.cloudEvent(at: call.key.privacyLevel), "deliveries": deliveries])
    }
}
