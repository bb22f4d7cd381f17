public import GatehouseCore

/// The keys as the gateway knows them, and the one way to change them: the store first, then the memory.
///
/// Only hashes are held. A presented credential is found by its public half and compared in constant time, so that
/// the time of a refusal tells nothing of a secret.
public final class KeyRing: Sendable {
    private let live: Live<[KeyID: Key]>
    private let admin: Key?
    private let turns = Turns()
    /// When keys were last used.
    public let uses: KeyUses

    /// Reads all keys from the store. `admin` is a credential that the configuration names: it stands above all trees,
    /// is kept nowhere and is listed nowhere.
    public init(
        opening store: any DirectoryStore & KeyUseStore, admin: Secret? = nil, now: Instant
    ) async throws(StoreError) {
        let keys = try await store.keys()
        self.uses = try await KeyUses(opening: store)
        self.live = Live(Dictionary(keys.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }))
        self.admin = admin.map { secret in
            var key = Key(
                id: KeyID("key_configuration"), name: "the key of the configuration", role: .admin, organization: nil,
                hash: Credential.hash(secret.revealed), created: now)
            key.login = Credential.login(secret.revealed)
            return key
        }
    }

    /// Every stored key, in no order.
    public var keys: [Key] { Array(live.value.values) }

    /// The stored key of that identifier.
    public subscript(id: KeyID) -> Key? { live.value[id] }

    /// The key of that identifier as it is now, the configuration's included; for those who have proved it otherwise.
    /// One that has expired is not there.
    func present(_ id: KeyID, at now: Instant) -> Key? {
        guard let key = live.value[id] else { return admin?.id == id ? admin : nil }
        return key.hasExpired(at: now) ? nil : key
    }

    /// Whether anybody could be let in at all; where not, the composition root makes the first key.
    public var isEmpty: Bool { admin == nil && live.value.isEmpty }

    /// The key that a presented credential proves, nil where it proves none or one that has expired.
    public func key(provenBy presented: String, at now: Instant) -> Key? {
        let hash = Credential.hash(presented)
        let candidate = Credential.keyID(in: presented).flatMap { live.value[$0] }
        if let candidate, ConstantTime.equal(candidate.hash, hash) {
            return candidate.hasExpired(at: now) ? nil : candidate
        }
        if let admin, ConstantTime.equal(admin.hash, hash) { return admin }
        return nil
    }

    /// Notes that somebody has proved a key, let in or not. The configuration's is kept nowhere, and so is its use.
    func noteUse(of key: Key, at now: Instant) {
        if live.value[key.id] != nil { uses.note(key.id, at: now) }
    }

    /// Makes, changes or revokes a key durably, with the events that tell of it; requests that are under way end as
    /// they began.
    ///
    /// - Throws: what ``DirectoryStore/apply(_:telling:)`` throws; then nothing has changed.
    public func apply(
        _ change: Change, telling events: [AdmittedEvent], through intake: any Intake
    ) async throws(StoreError) {
        try await turns.take { () throws(StoreError) in
            try await intake.commit(change, telling: events)
            follow(change)
        }
    }

    /// Notes durably that a key's owner has used it for the first time; `events` are asked for where that is so.
    /// Does nothing where it is noted already, or the key is gone.
    ///
    /// - Throws: what ``DirectoryStore/apply(_:telling:)`` throws; then the next use is the first.
    public func accept(
        _ id: KeyID, at now: Instant, through intake: any Intake,
        telling events: (Key) -> [AdmittedEvent]
    ) async throws(StoreError) {
        try await turns.take { () throws(StoreError) in
            guard var key = live.value[id], key.isInvitation else { return }
            key.accepted = now
            let change = Change(.change, .key(key))
            try await intake.commit(change, telling: events(key))
            follow(change)
        }
    }

    private func follow(_ change: Change) {
        guard case .key(let key) = change.subject else { return }
        live.update { $0[key.id] = change.deed == .remove ? nil : key }
        if change.deed == .remove { uses.forget(key.id) }
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
