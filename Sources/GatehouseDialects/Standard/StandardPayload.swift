internal import GatehouseCore

/// The body of a Standard delivery: the CloudEvent, compact.
enum StandardPayload {
    static func body(of event: Event, at level: PrivacyLevel) -> [UInt8] {
        event.cloudEvent(at: level).bytes
    }
}
