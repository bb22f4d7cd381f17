public import GatehouseCore

/// The keys as the gateway knows them, and the one way to add one: the store first, then the memory.
///
/// Only hashes are held. A presented credential is found by its public half and compared in constant time, so that
/// the time of a refusal tells nothing of a secret.
public final class KeyRing: Sendable {
    private let store: any KeyStore
    private let live: Live<[KeyID: Key]>
    private let admin: Key?
    private let turns = Turns()

    /// Reads all keys from the store. `admin` is a credential that the configuration names: it stands above all trees,
    /// is kept nowhere and is listed nowhere.
    public init(opening store: any KeyStore, admin: Secret? = nil, now: Instant) async throws(StoreError) {
        self.store = store
        let keys = try await store.keys()
        self.live = Live(Dictionary(keys.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }))
        self.admin = admin.map { secret in
            Key(
                id: KeyID("key_configuration"), name: "the key of the configuration", role: .admin, organization: nil,
                hash: Credential.hash(secret.revealed), created: now)
        }
    }

    /// Every stored key, in no order.
    public var keys: [Key] { Array(live.value.values) }

    /// The stored key of that identifier.
    public subscript(id: KeyID) -> Key? { live.value[id] }

    /// Whether anybody could be let in at all; where not, the composition root makes the first key.
    public var isEmpty: Bool { admin == nil && live.value.isEmpty }

    /// The key that a presented credential proves, nil where it proves none.
    public func key(provenBy presented: String) -> Key? {
        let hash = Credential.hash(presented)
        let candidate = Credential.keyID(in: presented).flatMap { live.value[$0] }
        if let candidate, ConstantTime.equal(candidate.hash, hash) { return candidate }
        if let admin, ConstantTime.equal(admin.hash, hash) { return admin }
        return nil
    }

    /// Adds a key durably. - Throws: ``StoreError/conflict(index:_:)`` where the id is taken.
    public func add(_ key: Key) async throws(StoreError) {
        try await turns.take { () throws(StoreError) in
            try await store.add(key)
            live.update { $0[key.id] = key }
        }
    }

    /// Changes a key's name or role durably; requests that are under way end as they began.
    ///
    /// - Throws: ``StoreError/missing`` where it is gone.
    public func change(_ key: Key) async throws(StoreError) {
        try await turns.take { () throws(StoreError) in
            try await store.change(key)
            live.update { $0[key.id] = key }
        }
    }

    /// Revokes a key durably: nobody is let in by it any more. - Throws: ``StoreError/missing`` where it is gone.
    public func remove(_ id: KeyID) async throws(StoreError) {
        try await turns.take { () throws(StoreError) in
            try await store.remove(id)
            live.update { $0[id] = nil }
        }
    }
}

extension Key {
    /// Says whether the key reaches an organization: its own and all below it, every one from above the trees.
    func reaches(_ organization: OrganizationID, in directory: Directory) -> Bool {
        guard let root = self.organization else { return true }
        return directory.isWithin(organization, root)
    }

    /// The organizations that the key reaches; nil for all.
    func reach(in directory: Directory) -> Set<OrganizationID>? {
        guard let root = organization else { return nil }
        return Set(directory.organizations.keys.filter { directory.isWithin($0, root) })
    }
}
