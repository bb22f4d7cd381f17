/// Keeps keys. Every method is one durable transaction.
public protocol KeyStore: Sendable {
    /// All keys.
    func keys() async throws(StoreError) -> [Key]

    /// Adds a key. - Throws: ``StoreError/conflict(index:_:)`` where the id is taken.
    func add(_ key: Key) async throws(StoreError)
}
