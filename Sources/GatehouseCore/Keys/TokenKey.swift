/// A key that the gateway created for signing its own tokens.
public struct TokenKey: Hashable, Sendable {
    /// Its id, which is the `kid` in the tokens and in the published key set (RFC 7515 section 4.1.4).
    public let id: TokenKeyID
    /// The private key as PEM.
    public let privateKey: Secret
    /// When it was created; it signs for a while and verifies for longer.
    public let created: Instant

    /// Describes one key.
    public init(id: TokenKeyID, privateKey: Secret, created: Instant) {
        self.id = id
        self.privateKey = privateKey
        self.created = created
    }
}

/// The id of a key that signs tokens, unique in the store and public.
public typealias TokenKeyID = Identifier<TokenKey>
