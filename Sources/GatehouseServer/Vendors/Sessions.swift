internal import FoundationEssentials
internal import GatehouseControl
internal import GatehouseCore

/// The sessions of vendors' clients: opened by a key's id or login name and its secret, kept in the store, ended by
/// time or by hand. What a session may do is what its key may, as the key is now.
struct Sessions: SessionService {
    let parts: ServerParts
    /// Where the request came from.
    let client: Client

    func open(user: LoginUser, password: LoginPassword, for duration: Duration) async throws -> Session? {
        let now = parts.clock.now
        guard let key = parts.keys.key(of: user, provenBy: password, at: now) else {
            let asked = FailedProof.Asked(parts.keys.key(askedFor: user))
            try await parts.failedProofs.hold(
                FailedProof(interface: password.interface, client: client, asked: asked))
            return nil
        }
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
        let hash = Credential.hash(token)
        // No key is asked for here: a text that is no session must cost no durable write.
        guard UUID(uuidString: token) != nil, try await parts.store.session(hash) != nil else { return }
        try await parts.store.removeSession(hash)
    }

    /// The key whose session a token is; nil where there is none or it has ended.
    static func key(of token: String, in parts: ServerParts) async throws(StoreError) -> Key? {
        guard UUID(uuidString: token) != nil, let session = try await parts.store.session(Credential.hash(token)),
            session.expires > parts.clock.now
        else { return nil }
        return parts.keys.present(session.key, at: parts.clock.now)
    }
}

extension LoginPassword {
    fileprivate var interface: ProofInterface {
        switch self {
        case .plain: .login
        case .md5: .md5Login
        }
    }
}
