/// What a request turned out to be once its signature held: only now may the body be believed.
public struct VerifiedEvent: Hashable, Sendable {
    /// Names the event, the same on every retry and replay: a receiver that remembers it takes each event once. Nil
    /// where what was signed has no name, or tells of several events: see ``ids``.
    public var id: String? { ids.count == 1 ? ids.first : nil }
    /// Names every event that the request tells of, in the order in which the body has them; empty where they have no
    /// names. A retry may come with other events than the try before: remember each, and take those that are new.
    public let ids: [String]
    /// When this try was signed, which is later than when the event happened; nil where the dialect signs no time, so
    /// that a captured request verifies for ever.
    public let timestamp: UnixSeconds?
    /// The bytes that were signed.
    public let body: [UInt8]

    /// Joins the parts; made by a scheme after its checks.
    init(id: String?, timestamp: UnixSeconds?, body: [UInt8]) {
        self.init(ids: id.map { [$0] } ?? [], timestamp: timestamp, body: body)
    }

    /// The same for a request that may tell of several events.
    init(ids: [String], timestamp: UnixSeconds?, body: [UInt8]) {
        self.ids = ids
        self.timestamp = timestamp
        self.body = body
    }
}
