public import GatehouseControl
public import GatehouseCore

/// The tokens that stand for keys: it issues them, verifies them, and keeps the keys that sign them, the store first,
/// then the memory.
///
/// A token proves what its key may do now, not what it might do when it was issued: only the key's id is in it.
public final class IDTokens: Sendable {
    /// How long a token holds.
    static let lifetime: Duration = .seconds(300)
    /// How long after one look into the store for a key that nobody here knows the next one is allowed: callers who
    /// make up names must not keep the store busy.
    static let pause: Duration = .seconds(1)

    private struct State {
        var keys: [TokenKeyID: SigningKey] = [:]
        var looked: Instant?

        /// Whether the store may be looked into; a clock that was set back holds nothing up.
        func mayLook(at now: Instant) -> Bool {
            guard let looked else { return true }
            return now - looked >= IDTokens.pause || now < looked
        }

        /// The newest key that signs.
        func signer(at now: Instant) -> SigningKey? {
            keys.values.filter { $0.signs(at: now) }.max { $0.created < $1.created }
        }
    }

    private let store: any CredentialStore & AuditStore
    private let ring: KeyRegistry
    private let live = Snapshot(State())
    private let turns = AsyncMutex()

    /// Reads the signing keys from the store. The first is made when the first token is asked for.
    public init(opening store: any CredentialStore & AuditStore, keys ring: KeyRegistry) async throws(StoreError) {
        self.store = store
        self.ring = ring
        try await read()
    }

    /// A token for a key, signed.
    ///
    /// - Throws: ``StoreError`` where a new signing key is due and cannot be kept; then nothing has changed.
    func token(for key: KeyID, issuer: String, at now: Instant) async throws -> String {
        let signer = try await signer(at: now)
        let issued = now.seconds
        return try await signer.sign(
            TokenClaims(
                iss: issuer, sub: key.text, aud: key.text, iat: issued,
                exp: issued + Self.lifetime.components.seconds, jti: RandomName.text()))
    }

    /// The key that a presented token stands for, as that key is now; nil where the token is not ours, does not hold
    /// any more, or its key is gone.
    ///
    /// - Parameter issuer: the public address, by which the token must have been issued; nil where there is none, since
    ///   the gateway then has as many names as its host.
    func key(provenBy token: String, at now: Instant, issuer: String?) async -> Key? {
        guard let header = TokenHeader(of: token), let signer = await signer(named: header.key, at: now),
            let claims = await signer.claims(signedIn: token), claims.isValid(at: now, issuer: issuer)
        else { return nil }
        return ring.present(KeyID(claims.sub), at: now)
    }

    /// The public halves of all keys whose tokens may still be around, as JSON Web Keys, the newest first.
    ///
    /// The store is looked into, since another gateway may have made one. Where it is away, what is known here stands.
    func published(at now: Instant) async -> [JSON] {
        await look(at: now)
        let keys = live.value.keys.values.filter { $0.isKept(at: now) }
        return keys.sorted { ($0.created, $0.id.text) > ($1.created, $1.id.text) }.compactMap(\.published)
    }
}

// MARK: The signing keys

extension IDTokens {
    /// The key that signs now. Where the newest is too old, one is made, by one request while the others wait.
    private func signer(at now: Instant) async throws(StoreError) -> SigningKey {
        if let signer = live.value.signer(at: now) { return signer }
        return try await turns.take { () throws(StoreError) in
            if let signer = live.value.signer(at: now) { return signer }
            // Another gateway may have made one, or we have and its answer was lost.
            try await read()
            if let signer = live.value.signer(at: now) { return signer }
            return try await rotate(at: now)
        }
    }

    private func rotate(at now: Instant) async throws(StoreError) -> SigningKey {
        let made = SigningKey.made(at: now)
        let signer = try await SigningKey(made)
        try await store.add(made)
        live.update { state in
            state.keys[signer.id] = signer
            state.keys = state.keys.filter { $0.value.isKept(at: now) }
        }
        let entry = AuditEntry(.add, (.tokenKey, made.id.text), of: nil, by: (.gateway, now))
        // The key signs whether or not its line can be written now: the published set shows it.
        try? await store.note([entry])
        // What cannot be removed now goes at the next rotation: it verifies nothing in the meantime.
        try? await store.removeTokenKeys(olderThan: now - SigningKey.kept)
        return signer
    }

    /// The key of a name, as long as it verifies; where it is not known here, another gateway may have made it.
    private func signer(named id: TokenKeyID, at now: Instant) async -> SigningKey? {
        if live.value.keys[id] == nil { await look(at: now) }
        guard let signer = live.value.keys[id], signer.isKept(at: now) else { return nil }
        return signer
    }

    /// Looks into the store, unless somebody just did.
    private func look(at now: Instant) async {
        guard live.value.mayLook(at: now) else { return }
        try? await turns.take { () throws(StoreError) in
            let isAllowed = live.update { state in
                guard state.mayLook(at: now) else { return false }
                state.looked = now
                return true
            }
            if isAllowed { try await read() }
        }
    }

    private func read() async throws(StoreError) {
        let known = live.value.keys
        var keys: [TokenKeyID: SigningKey] = [:]
        for stored in try await store.tokenKeys() {
            if let key = known[stored.id] {
                keys[stored.id] = key
            } else {
                keys[stored.id] = try await SigningKey(stored)
            }
        }
        live.update { $0.keys = keys }
    }
}
