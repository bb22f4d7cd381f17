package import GatehouseControl
package import GatehouseCore

/// Issues and verifies tokens for keys, and keeps the signing keys: it writes them to the store first, then to memory.
///
/// A token gives the rights that its key has now, not those at its issue: it contains only the key's id.
///
/// A new token key is a ``Change``, as every other noun. But no ``Registry`` of Control holds the token keys: what is
/// kept here are keys prepared by JWTKit, which Control does not know; no caller changes them, no part observes them,
/// and they are read again only when a token or a key set needs them, at most once in ``pause``.
package final class IDTokens: Sendable {
    /// How long a token is valid.
    static let lifetime: Duration = .seconds(300)
    /// The pause between two reads of the store for an unknown key: callers with invented names must not keep the store
    /// busy.
    static let pause: Duration = .seconds(1)

    private struct State {
        var keys: [TokenKeyID: SigningKey] = [:]
        var looked: Instant?

        /// Whether the store may be read; a clock that was set back does not delay it.
        func mayLook(at now: Instant) -> Bool {
            guard let looked else { return true }
            return now - looked >= IDTokens.pause || now < looked
        }

        /// The newest key that may sign.
        func signer(at now: Instant) -> SigningKey? {
            keys.values.filter { $0.signs(at: now) }.max { $0.created < $1.created }
        }
    }

    /// What it asks of the store.
    package typealias Store = CredentialStore & ChangeStore

    private let store: any Store
    private let ring: KeyRegistry
    private let live = Snapshot(State())
    private let turns = AsyncMutex()

    /// Reads the signing keys from the store. The first key is created for the first token.
    ///
    /// - Throws: ``StoreError``, ``StoreError/corrupt(_:)`` if a stored key cannot be read.
    package init(opening store: any Store, keys ring: KeyRegistry) async throws(StoreError) {
        self.store = store
        self.ring = ring
        try await read()
    }

    /// A signed token for a key.
    ///
    /// - Throws: ``StoreError`` if a new signing key is due and cannot be stored; then nothing has changed.
    func token(for key: KeyID, issuer: String, at now: Instant) async throws -> String {
        let signer = try await signer(at: now)
        let issued = now.seconds
        return try await signer.sign(
            TokenClaims(
                iss: issuer, sub: key.text, aud: key.text, iat: issued,
                exp: issued + Self.lifetime.components.seconds, jti: RandomName.text()))
    }

    /// The present state of the key that a token names; nil if the token is not ours, has expired, or its key was
    /// revoked.
    ///
    /// - Parameter issuer: the issuer that the token must have: the public address; nil if there is none, because the
    ///   gateway then has as many names as its host.
    func key(provenBy token: String, at now: Instant, issuer: String?) async -> Key? {
        guard let header = TokenHeader(of: token), let signer = await signer(named: header.key, at: now),
            let claims = await signer.claims(signedIn: token), claims.isValid(at: now, issuer: issuer)
        else { return nil }
        return ring.present(KeyID(claims.sub), at: now)
    }

    /// The public keys of all signing keys whose tokens may still be valid, as JSON Web Keys, newest first.
    ///
    /// It reads the store, because another gateway may have created one. If the store is not available, it answers with
    /// the keys in memory.
    func published(at now: Instant) async -> [JSON] {
        await look(at: now)
        let keys = live.value.keys.values.filter { $0.isKept(at: now) }
        return keys.sorted { ($0.created, $0.id.text) > ($1.created, $1.id.text) }.compactMap(\.published)
    }
}

// MARK: The signing keys

extension IDTokens {
    /// The key that signs now. If the newest is too old, one request creates a new one, while the others wait.
    private func signer(at now: Instant) async throws(StoreError) -> SigningKey {
        if let signer = live.value.signer(at: now) { return signer }
        return try await turns.take { () throws(StoreError) in
            if let signer = live.value.signer(at: now) { return signer }
            // Another gateway may have created one, or this one has and the store's answer was lost.
            try await read()
            if let signer = live.value.signer(at: now) { return signer }
            return try await rotate(at: now)
        }
    }

    private func rotate(at now: Instant) async throws(StoreError) -> SigningKey {
        let made = SigningKey.made(at: now)
        let signer = try await SigningKey(made)
        let entry = AuditEntry(.add, .tokenKey, made.id.text, of: nil, by: .gateway, at: now)
        try await EventlessIntake(store).commit(Change(.add, .tokenKey(made), audited: entry))
        live.update { state in
            state.keys[signer.id] = signer
            state.keys = state.keys.filter { $0.value.isKept(at: now) }
        }
        // Old keys that cannot be removed now are removed at the next rotation; until then they verify nothing.
        try? await store.removeTokenKeys(olderThan: now - SigningKey.kept)
        return signer
    }

    /// The key with this name, while it verifies. If it is not in memory, another gateway may have created it.
    private func signer(named id: TokenKeyID, at now: Instant) async -> SigningKey? {
        if live.value.keys[id] == nil { await look(at: now) }
        guard let signer = live.value.keys[id], signer.isKept(at: now) else { return nil }
        return signer
    }

    /// Reads the store, unless another request just did.
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
