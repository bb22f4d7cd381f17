internal import GatehouseCore

/// The head of a presented token, read before any cryptography: by it the key is found.
struct TokenHeader: Sendable {
    /// The key that is said to have signed it.
    let key: TokenKeyID

    /// Reads a compact token's header (RFC 7515 section 7.1); nil where the token has not three parts in the one
    /// spelling, names another algorithm than ours or no key.
    ///
    /// The algorithm is ours to say, never the token's: neither `none` nor a shared secret is looked at any further
    /// (RFC 8725 section 3.1). Extensions that the header calls critical are none of ours (RFC 7515 section 4.1.11).
    init?(of token: String) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64URL.bytes(parts[0]), Base64URL.bytes(parts[1]) != nil,
            Base64URL.bytes(parts[2])?.count == Self.signatureBytes,
            let header = (try? JSONParser.parse(bytes, depthLimit: Self.depth))?.object,
            header["alg"]?.text == SigningKey.algorithm, header["crit"] == nil, let name = header["kid"]?.text
        else { return nil }
        self.key = TokenKeyID(name)
    }

    /// Two integers of 256 bits (RFC 7518 section 3.4).
    private static let signatureBytes = 64
    private static let depth = 4
}
