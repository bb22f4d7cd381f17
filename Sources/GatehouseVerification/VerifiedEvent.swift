/// What a request turned out to be once its signature held: only now may the body be believed.
public struct VerifiedEvent: Hashable, Sendable {
    /// Names the event, the same on every retry and replay: a receiver that remembers it takes each event once. Nil
    /// where what was signed has no name.
    public let id: String?
    /// When this try was signed, which is later than when the event happened; nil where the dialect signs no time, so
    /// that a captured request verifies for ever.
    public let timestamp: UnixSeconds?
    /// The bytes that were signed.
    public let body: [UInt8]

    /// Joins the parts; made by a scheme after its checks.
    init(id: String?, timestamp: UnixSeconds?, body: [UInt8]) {
        self.id = id
        self.timestamp = timestamp
        self.body = body
    }
}
