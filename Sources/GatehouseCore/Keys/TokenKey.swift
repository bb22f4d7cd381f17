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

/// Keeps the keys that sign tokens, so that tokens outlive a restart and every gateway on the store verifies them.
/// Every method is one durable transaction.
public protocol TokenKeyStore: Sendable {
    /// All of them, the oldest first.
    func tokenKeys() async throws(StoreError) -> [TokenKey]

    /// Adds one. - Throws: ``StoreError/conflict(index:_:)`` where the id is taken.
    func add(_ key: TokenKey) async throws(StoreError)

    /// Takes out those that were made before an instant; where there are none, nothing happens.
    func removeTokenKeys(olderThan instant: Instant) async throws(StoreError)
}
