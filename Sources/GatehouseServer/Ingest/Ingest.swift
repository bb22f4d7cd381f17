internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

/// `POST /v1/events`: the intake of events. Read this function first.
struct Ingest: Sendable {
    let intake: any Intake
    let bodies: HeavyWork
    let refused: RefusedEvents
    let isDraining: Snapshot<Bool>

    /// Takes a batch of events, all or none. After a 202 the events and all their deliveries are durable.
    func events(_ call: Call) async throws -> Response {
        try checkService(call)
        let body = try await call.body(upTo: call.settings.batchBytes)
        return try await bodies.run(on: body.bytes.count) {
            let receipts = try await refused.reporting(of: call) {
                let drafts = try EventDecoder(settings: call.settings).drafts(call.request.headers, body.bytes)
                return try await intake.append(admit(drafts, call))  // durable, before we answer
            }
            return withExtendedLifetime(body) { Self.accepted(receipts) }
        }
    }

    /// A gateway that shuts down accepts no new events: it could still commit them, but perhaps not deliver them.
    private func checkService(_ call: Call) throws(Problem) {
        guard isDraining.value else { return }
        let sentence = "the gateway takes no more events, it is shutting down; send them again in a moment"
        throw Problem(.draining, sentence, headers: [.retryAfter: "1", .connection: "close"])
    }

    private func admit(_ drafts: [JSON], _ call: Call) throws(ValidationError) -> [AdmittedEvent] {
        var bounds = AdmissionBounds()
        bounds.eventBytes = call.settings.eventBytes
        bounds.depth = call.settings.depth
        let admission = Admission(
            directory: call.directory, caller: Admission.Caller(call.key), now: call.now, bounds: bounds)
        var random = SystemRandomNumberGenerator()
        return try admission.admit(batch: drafts, using: &random)
    }

    private static func accepted(_ receipts: [Receipt]) -> Response {
        Response(.accepted, json: ["events": .array(receipts.map(\.json))])
    }
}

extension Receipt {
    /// The receipt in the native API: `event` is our id, `id` the caller's.
    fileprivate var json: JSON {
        var object = JSONObject([
            .init("event", .string(event.description)), .init("id", .string(sourceID)),
            .init("source", .string(source)), .init("deliveries", .integer(deliveries)),
            .init("duplicate", .bool(isDuplicate)),
        ])
        object["flag"] = flag.map { .string($0.rawValue) }
        return .object(object)
    }
}
