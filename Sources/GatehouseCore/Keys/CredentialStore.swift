/// Keeps logins, the keys that sign tokens, and when keys were used, so that all of it outlives a restart and every
/// gateway on the store knows it. Every method is one durable transaction.
public protocol CredentialStore: Sendable {
    // MARK: Logins

    /// Adds a login with its line of the audit, and takes out those that have ended by `now`.
    func add(_ session: StoredSession, at now: Instant, audited: AuditEntry?) async throws(StoreError)

    /// The login of that hash; nil where there is none, ended or not.
    func session(_ hash: [UInt8]) async throws(StoreError) -> StoredSession?

    /// Takes a login out; where there is none, nothing happens.
    func removeSession(_ hash: [UInt8]) async throws(StoreError)

    // MARK: Keys that sign tokens

    /// All of them, the oldest first.
    func tokenKeys() async throws(StoreError) -> [TokenKey]

    /// Adds one. - Throws: ``StoreError/conflict(index:_:)`` where the id is taken.
    func add(_ key: TokenKey) async throws(StoreError)

    /// Takes out those that were made before an instant; where there are none, nothing happens.
    func removeTokenKeys(olderThan instant: Instant) async throws(StoreError)

    // MARK: Uses of keys

    /// When each key was last used, as far as it was kept; a key that never was is not in it.
    func keyUses() async throws(StoreError) -> [KeyID: Instant]

    /// Keeps uses. An earlier one than is kept already changes nothing, and neither does one of a key that is gone.
    func keep(_ uses: [KeyID: Instant]) async throws(StoreError)
}

extension CredentialStore {
    /// Adds a login without a line of the audit.
    public func add(_ session: StoredSession, at now: Instant) async throws(StoreError) {
        try await add(session, at: now, audited: nil)
    }
}
