/// A key with which the gateway signs the tokens that it issues, made by the gateway itself.
public struct TokenKey: Hashable, Sendable {
    /// Its name, which stands as `kid` in the tokens and in the published key set (RFC 7515 section 4.1.4).
    public let id: TokenKeyID
    /// The private key as PEM.
    public let privateKey: Secret
    /// When it was made; it signs for a while and verifies for longer.
    public let created: Instant

    /// Describes one key.
    public init(id: TokenKeyID, privateKey: Secret, created: Instant) {
        self.id = id
        self.privateKey = privateKey
        self.created = created
    }
}

/// Names a key that signs tokens, unique in the store; anybody may see it.
public typealias TokenKeyID = Identifier<TokenKey>
