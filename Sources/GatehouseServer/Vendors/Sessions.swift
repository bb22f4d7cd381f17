internal import FoundationEssentials
internal import GatehouseControl
internal import GatehouseCore

/// The sessions of vendors' clients, kept in the store until they expire or are closed. A session has the present
/// rights of its key.
struct SessionStore: Sendable {
    let keys: KeyRegistry
    let store: any CredentialStore
    let clock: any WallClock

    /// The key of a session token; nil if there is no such session or it has ended.
    func key(of token: String) async throws(StoreError) -> Key? {
        guard UUID(uuidString: token) != nil, let session = try await store.session(Credential.hash(token)),
            session.expires > clock.now
        else { return nil }
        return keys.present(session.key, at: clock.now)
    }
}

/// Opens and closes sessions for one caller: by a key's id or login name and its secret.
struct Sessions: SessionService {
    let kept: SessionStore
    let failedProofs: FailedProofs
    /// The client that sent the request.
    let client: Client

    func open(user: LoginUser, password: LoginPassword, for duration: Duration) async throws -> Session? {
        let now = kept.clock.now
        guard let key = kept.keys.key(of: user, provenBy: password, at: now) else {
            let asked = FailedProof.Asked(kept.keys.key(askedFor: user))
            try await failedProofs.hold(
                FailedProof(interface: password.interface, client: client, asked: asked))
            return nil
        }
        kept.keys.noteUse(of: key, at: now)
        let session = Session(
            token: Secret(UUID().uuidString.lowercased()), key: key, expires: now + duration)
        let stored = StoredSession(
            hash: Credential.hash(session.token.revealed), key: key.id, expires: session.expires)
        let author = Author(key: key, client: client, now: now)
        let entry = author.entry(.add, .session, key.id.text, of: key.organization)
        try await kept.store.add(stored, at: now, audited: entry)
        return session
    }

    func close(token: String) async throws {
        let hash = Credential.hash(token)
        // No key is required here: a text that is not a session token must cause no durable write.
        guard UUID(uuidString: token) != nil, try await kept.store.session(hash) != nil else { return }
        try await kept.store.removeSession(hash)
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
