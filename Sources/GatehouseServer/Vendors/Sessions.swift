internal import FoundationEssentials
internal import GatehouseCore

/// The sessions of vendors' clients: opened by a key's id and secret, kept in the store, ended by time or by hand. What
/// a session may do is what its key may, as the key is now.
struct Sessions: FrontDesk {
    let parts: ServerParts
    /// Where the request came from.
    let client: Client

    func open(user: String, password: LoginPassword, for duration: Duration) async throws -> Session? {
        let now = parts.clock.now
        guard let key = parts.keys.present(KeyID(user), at: now), Self.isProved(key, by: password) else { return nil }
        parts.keys.noteUse(of: key, at: now)
        let session = Session(
            token: Secret(UUID().uuidString.lowercased()), key: key, expires: now + duration)
        let stored = StoredSession(
            hash: Credential.hash(session.token.revealed), key: key.id, expires: session.expires)
        let author = Author(key: key, client: client, now: now)
        let entry = author.entry(.add, .session, key.id.text, of: key.organization)
        try await parts.store.add(stored, at: now, audited: entry)
        return session
    }

    func close(token: String) async throws {
        try await parts.store.removeSession(Credential.hash(token))
    }

    /// The key whose session a token is; nil where there is none or it has ended.
    static func key(of token: String, in parts: ServerParts) async throws(StoreError) -> Key? {
        guard UUID(uuidString: token) != nil, let session = try await parts.store.session(Credential.hash(token)),
            session.expires > parts.clock.now
        else { return nil }
        return parts.keys.present(session.key, at: parts.clock.now)
    }

    private static func isProved(_ key: Key, by password: LoginPassword) -> Bool {
        switch password {
        case .plain(let secret): ClientCredentials.isProved(key, by: secret)
        case .md5(let digest):
            // Either half of what is kept: of the whole credential, or of its secret part.
            key.login.map { login in
                let hash = Credential.hash(digest.lowercased())
                let halves = [login.prefix(hash.count), login.suffix(hash.count)]
                return halves.map { ConstantTime.equal(Array($0), hash) }.contains(true)
            } ?? false
        }
    }
}
