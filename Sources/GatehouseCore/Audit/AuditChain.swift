import Crypto

/// The hash chain over the audit: each link is the SHA-256 over the link before it and the entries since, in the order
/// of their numbers. A changed, removed or inserted entry changes every link from there on.
public struct AuditChain: Sendable {
    /// The link so far; 32 zeros before the first.
    public private(set) var link = [UInt8](repeating: 0, count: 32)
    private var hash: SHA256

    /// Continues from a link.
    public init(from link: [UInt8]? = nil) {
        if let link { self.link = link }
        self.hash = SHA256()
        self.hash.update(data: self.link)
    }

    /// Adds an entry in its stored form. Number and length precede its bytes, so that no byte can move from one to
    /// another.
    public mutating func take(number: Int64, _ body: [UInt8]) {
        for value in [number, Int64(body.count)] {
            hash.update(data: (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) })
        }
        hash.update(data: body)
    }

    /// Closes a link and begins the next one.
    public mutating func close() -> [UInt8] {
        self = AuditChain(from: Array(hash.finalize()))
        return link
    }
}
