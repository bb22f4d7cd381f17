/// A verified request: only now can the body be trusted.
public struct VerifiedEvent: Hashable, Sendable {
    /// The event's id, the same on every retry and replay: a receiver that remembers it accepts each event once. Nil if
    /// the signed text has no id, or if there are several events: see ``ids``.
    public var id: String? { ids.count == 1 ? ids.first : nil }
    /// The id of every event in the request, in the order of the body; empty if they have no ids. A retry may come with
    /// other events than the attempt before: remember each, and accept the new ones.
    public let ids: [String]
    /// When this attempt was signed, which is later than the event; nil if the dialect signs no time: then a captured
    /// request verifies for ever.
    public let timestamp: UnixSeconds?
    /// The bytes that were signed.
    public let body: [UInt8]

    /// Joins the parts; called by a scheme after its checks.
    init(id: String?, timestamp: UnixSeconds?, body: [UInt8]) {
        self.init(ids: id.map { [$0] } ?? [], timestamp: timestamp, body: body)
    }

    /// The same for a request that may contain several events.
    init(ids: [String], timestamp: UnixSeconds?, body: [UInt8]) {
        self.ids = ids
        self.timestamp = timestamp
        self.body = body
    }
}
