internal import GatehouseCore

/// The header of a presented token, read before any cryptography to find the key.
struct TokenHeader: Sendable {
    /// The key that the token names as its signer.
    let key: TokenKeyID

    /// Reads a compact token's header (RFC 7515 section 7.1); nil if the token does not have three parts in the only
    /// accepted spelling, names another algorithm than ours or no key.
    ///
    /// We decide the algorithm, never the token: `none` and shared secrets are refused (RFC 8725 section 3.1). A header
    /// with critical extensions is refused too: we support none (RFC 7515 section 4.1.11).
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
