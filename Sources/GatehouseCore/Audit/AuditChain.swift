import Crypto

/// The chain over the audit: each link is the SHA-256 over the link before it and the entries since, in the order of
/// their numbers. Whoever changes, takes out or slips in an entry changes every link from there on.
public struct AuditChain: Sendable {
    /// The link so far; 32 zeros before the first.
    public private(set) var link = [UInt8](repeating: 0, count: 32)
    private var hash: SHA256

    /// Goes on from a link.
    public init(from link: [UInt8]? = nil) {
        if let link { self.link = link }
        self.hash = SHA256()
        self.hash.update(data: self.link)
    }

    /// Takes an entry as it is stored. Number and length go before its bytes, so that none of them can be shifted into
    /// another.
    public mutating func take(number: Int64, _ body: [UInt8]) {
        for value in [number, Int64(body.count)] {
            hash.update(data: (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) })
        }
        hash.update(data: body)
    }

    /// Ends a link, and goes on from it.
    public mutating func close() -> [UInt8] {
        self = AuditChain(from: Array(hash.finalize()))
        return link
    }
}
