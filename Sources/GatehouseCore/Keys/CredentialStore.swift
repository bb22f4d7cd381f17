/// Keeps logins, the keys that sign tokens, and the last uses of keys, so that they survive a restart and every gateway
/// of the store has them. Every method is one durable transaction. ``ChangeStore`` adds the keys that sign tokens.
public protocol CredentialStore: Sendable {
    // MARK: Logins

    /// Adds a login with its audit entry, and removes those that have ended by `now`.
    func add(_ session: StoredSession, at now: Instant, audited: AuditEntry?) async throws(StoreError)

    /// The login with that hash, even an ended one; nil if there is none.
    func session(_ hash: [UInt8]) async throws(StoreError) -> StoredSession?

    /// Removes a login; does nothing if there is none.
    func removeSession(_ hash: [UInt8]) async throws(StoreError)

    // MARK: Keys that sign tokens

    /// All of them, the oldest first.
    func tokenKeys() async throws(StoreError) -> [TokenKey]

    /// Removes those created before an instant; does nothing if there are none.
    func removeTokenKeys(olderThan instant: Instant) async throws(StoreError)

    // MARK: Uses of keys

    /// When each key was last used, as far as stored; a key without a use is not included.
    func keyUses() async throws(StoreError) -> [KeyID: Instant]

    /// Stores uses. An earlier use than the stored one changes nothing, and neither does a use of a deleted key.
    func keep(_ uses: [KeyID: Instant]) async throws(StoreError)
}

extension CredentialStore {
    /// Adds a login without an audit entry.
    public func add(_ session: StoredSession, at now: Instant) async throws(StoreError) {
        try await add(session, at: now, audited: nil)
    }
}
