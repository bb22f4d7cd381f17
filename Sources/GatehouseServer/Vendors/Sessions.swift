internal import FoundationEssentials
internal import GatehouseCore

/// The sessions of vendors' clients: opened by a key's id and secret, kept in the store, ended by time or by hand. What
/// a session may do is what its key may, as the key is now.
struct Sessions: FrontDesk {
    let parts: ServerParts

    func open(user: String, password: LoginPassword, for duration: Duration) async throws -> Session? {
        guard let key = parts.keys.present(KeyID(user)), Self.isProved(key, by: password) else { return nil }
        let session = Session(
            token: Secret(UUID().uuidString.lowercased()), key: key, expires: parts.clock.now + duration)
        let stored = StoredSession(
            hash: Credential.hash(session.token.revealed), key: key.id, expires: session.expires)
        try await parts.store.add(stored, at: parts.clock.now)
        return session
    }

    func close(token: String) async throws {
        try await parts.store.removeSession(Credential.hash(token))
    }

    /// The key whose session a token is; nil where there is none or it has ended.
    func key(of token: String) async throws(StoreError) -> Key? {
        guard UUID(uuidString: token) != nil, let session = try await parts.store.session(Credential.hash(token)),
            session.expires > parts.clock.now
        else { return nil }
        return parts.keys.present(session.key)
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
