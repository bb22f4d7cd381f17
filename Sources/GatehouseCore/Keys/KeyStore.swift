/// Keeps keys. Every method is one durable transaction.
public protocol KeyStore: Sendable {
    /// All keys.
    func keys() async throws(StoreError) -> [Key]

    /// Adds a key. - Throws: ``StoreError/conflict(index:_:)`` where the id is taken.
    func add(_ key: Key) async throws(StoreError)

    /// Replaces the name and role of a key. - Throws: ``StoreError/missing`` where it is gone.
    func change(_ key: Key) async throws(StoreError)

    /// Takes a key out. - Throws: ``StoreError/missing`` where it is gone.
    func remove(_ key: KeyID) async throws(StoreError)
}
