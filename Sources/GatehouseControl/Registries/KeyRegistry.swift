package import GatehouseCore

/// The keys as the gateway knows them, and the one way to change them.
///
/// Only hashes are held. A presented credential is found by its public half and compared in constant time, so that
/// the time of a refusal tells nothing of a secret.
package final class KeyRegistry: ChangeRegistry {
    private let registry: Registry<KeyTable>
    private let admin: Key?
    /// When keys were last used.
    package let uses: KeyUses

    /// Reads all keys from the store. `admin` is a credential that the configuration names: it stands above all trees,
    /// is kept nowhere and is listed nowhere. It is its operator's own text, in any form: it proves its
    /// key as a whole, never in part and never as an MD5.
    package init(
        opening store: any DirectoryStore & CredentialStore, admin: Secret? = nil, now: Instant
    ) async throws(StoreError) {
        let uses = try await KeyUses(opening: store)
        self.uses = uses
        let registry = try await Registry { () async throws(StoreError) -> KeyTable in
            KeyTable(try await store.keys())
        }
        registry.observe { [weak registry] id in
            if registry?.table.keys[id] == nil { uses.forget(id) }
        }
        self.registry = registry
        self.admin = admin.map { secret in
            var key = Key(
                id: Self.configured, name: "the key of the configuration", role: .admin, organization: nil,
                hash: Credential.hash(secret.revealed), created: now)
            key.isConfigured = true
            return key
        }
    }

    /// What the key of the configuration is called.
    private static let configured = KeyID("key_configuration")

    /// Every stored key, in no order.
    package var keys: [Key] { Array(registry.table.keys.values) }

    /// The stored key of that identifier.
    package subscript(id: KeyID) -> Key? { registry.table.keys[id] }

    /// The stored key of that login name.
    package func key(loggingInAs login: String) -> Key? {
        guard LoginRule.allows(login) else { return nil }
        let state = registry.table
        return state.byLogin[ExactText(login)].flatMap { state.keys[$0] }
    }

    /// The key that a name stands for which is a key's id or its login name, expired or not, the configuration's
    /// included; nothing is proved by it.
    package func key(named name: String) -> Key? {
        let id = KeyID(name)
        if let key = registry.table.keys[id] { return key }
        return admin?.id == id ? admin : key(loggingInAs: name)
    }

    /// The key that a vendor's client claims to hold; nil where its name stands for none. A shared name stands for no
    /// key, also where a key has it as its login name: that key's organization has no part in what fails under it.
    package func key(askedFor user: LoginUser) -> Key? {
        switch user {
        case .key(let name): key(named: name)
        case .shared: nil
        }
    }

    /// The key that a name and a password prove: the name is the key's id or its login name, the password its whole
    /// credential or, of a key that the gateway made, the secret part of it. Nil where they prove none or one that has
    /// expired.
    package func key(named name: String, provenBy password: LoginPassword, at now: Instant) -> Key? {
        let key = key(named: name)
        // A name that stands for no key is refused no sooner than a wrong password.
        let isProven = (key ?? Self.stranger).isProven(by: password)
        guard let key, isProven, !key.hasExpired(at: now) else { return nil }
        return key
    }

    /// The key that a vendor's client logs in with; nil where its password proves none or one that has expired.
    ///
    /// Where the name is shared, the key is found by the hash of the password, which has 256 random bits.
    package func key(of user: LoginUser, provenBy password: LoginPassword, at now: Instant) -> Key? {
        switch (user, password) {
        case (.key(let name), _): return key(named: name, provenBy: password, at: now)
        case (.shared, .plain(let secret)): return key(provenBy: secret.revealed, at: now)
        case (.shared, .md5(let digest)):
            let state = registry.table
            let key = state.byDigest[Credential.hash(digest.lowercased())].flatMap { state.keys[$0] }
            return key.flatMap { $0.isProven(by: password) && !$0.hasExpired(at: now) ? $0 : nil }
        }
    }

    /// A key that nothing proves, of the form that the gateway gives its keys: no text has a hash of zeros.
    private static let stranger: Key = {
        let zeros = [UInt8](repeating: 0, count: Credential.hash("").count)
        var key = Key(
            id: KeyID("key_" + String(repeating: "0", count: 16)), name: "no key", role: .reporter, organization: nil,
            hash: zeros, created: Instant(seconds: 0))
        key.md5Digests = zeros + zeros
        return key
    }()

    /// The key of that identifier as it is now, the configuration's included; for those who have proved it otherwise.
    /// One that has expired is not there.
    package func present(_ id: KeyID, at now: Instant) -> Key? {
        guard let key = registry.table.keys[id] else { return admin?.id == id ? admin : nil }
        return key.hasExpired(at: now) ? nil : key
    }

    /// Whether there is no key at all; then the composition root makes the first one.
    package var isEmpty: Bool { admin == nil && registry.table.keys.isEmpty }

    /// The key that a presented credential proves, nil where it proves none or one that has expired.
    package func key(provenBy presented: String, at now: Instant) -> Key? {
        let hash = Credential.hash(presented)
        let candidate = Credential.keyID(in: presented).flatMap { registry.table.keys[$0] }
        if let candidate, ConstantTime.equal(candidate.hash, hash) {
            return candidate.hasExpired(at: now) ? nil : candidate
        }
        if let admin, ConstantTime.equal(admin.hash, hash) { return admin }
        return nil
    }

    /// Notes that a caller has proved a key. The configuration's key is not stored, and neither is its use.
    package func noteUse(of key: Key, at now: Instant) {
        if registry.table.keys[key.id] != nil { uses.note(key.id, at: now) }
    }

    /// Makes, changes or revokes a key durably, with the events that tell of it; requests that are under way end as
    /// they began.
    ///
    /// - Throws: what ``ChangeStore/apply(_:events:)`` throws; see ``Registry/change(_:following:)``.
    package func apply(_ change: Change, through intake: any ChangeIntake) async throws(StoreError) {
        try await registry.apply(change, through: intake)
    }

    /// Makes a change that is worked out in its turn, see ``Registry/apply(to:through:workingOut:)``.
    package func apply(
        to subject: Change.Subject, through intake: any ChangeIntake, workingOut work: (Change.Subject?) -> Change?
    ) async throws(StoreError) {
        try await registry.apply(to: subject, through: intake, workingOut: work)
    }

    /// Notes durably that a key's owner has used it for the first time; the change, with its events and its line of the
    /// audit, is asked for where that is so. Does nothing where it is noted already, or the key is gone.
    ///
    /// - Throws: what ``ChangeStore/apply(_:events:)`` throws; then the next use is the first.
    package func accept(
        _ id: KeyID, at now: Instant, through intake: any ChangeIntake, by change: (Key) -> Change
    ) async throws(StoreError) {
        _ = try await registry.change { table throws(StoreError) -> Change? in
            guard var key = table.keys[id], key.isInvitation else { return nil }
            key.accepted = now
            let change = change(key)
            try await intake.commit(change)
            return change
        } following: { table, change in
            change.map { table.make($0) } ?? []
        }
    }

    /// Reads the keys again. - Throws: ``StoreError``; then they are as they were.
    package func refresh(since known: Generation? = nil) async throws(StoreError) {
        try await registry.refresh(since: known)
    }

    /// Reads again if needed, see ``Registry/settleDoubt()``.
    func settleDoubt() async throws(StoreError) { try await registry.settleDoubt() }
}

/// All keys, by what they are looked up by.
struct KeyTable: ChangedTable {
    private(set) var keys: [KeyID: Key] = [:]
    /// The keys that have a login name, by it.
    private(set) var byLogin: [ExactText: KeyID] = [:]
    /// The keys that a password proves which comes as its MD5, by each of the hashes that are kept of it.
    private(set) var byDigest: [[UInt8]: KeyID] = [:]

    init(_ all: [Key]) {
        for key in all { put(key) }
    }

    func present(_ subject: Change.Subject) -> Change.Subject? {
        guard case .key(let key) = subject else { return nil }
        return keys[key.id].map { .key($0) }
    }

    mutating func make(_ change: Change) -> [KeyID] {
        guard case .key(let key) = change.subject else { return [] }
        if change.action == .remove { remove(key.id) } else { put(key) }
        return [key.id]
    }

    mutating func put(_ key: Key) {
        remove(key.id)
        keys[key.id] = key
        if let login = key.login { byLogin[ExactText(login)] = key.id }
        for digest in key.digests { byDigest[digest] = key.id }
    }

    mutating func remove(_ id: KeyID) {
        guard let key = keys.removeValue(forKey: id) else { return }
        if let login = key.login { byLogin[ExactText(login)] = nil }
        for digest in key.digests { byDigest[digest] = nil }
    }

    mutating func replace(by stored: KeyTable) -> [KeyID] {
        let names = keys.differing(from: stored.keys)
        self = stored
        return names
    }
}

extension Key {
    /// The two halves of what is kept of the MD5: of the whole credential, and of its secret part. None of a key whose
    /// text its operator chose.
    fileprivate var digests: [[UInt8]] {
        guard let md5Digests else { return [] }
        return [Array(md5Digests.prefix(hash.count)), Array(md5Digests.suffix(hash.count))]
    }

    /// Says whether a password is the key's own.
    ///
    /// The secret part alone, and the MD5 of either, are taken of a key that the gateway made, whose credential has a
    /// form of ours. That of the configuration is its operator's own text, so there the whole of it is asked for.
    fileprivate func isProven(by password: LoginPassword) -> Bool {
        switch password {
        case .plain(let secret):
            let presented = [secret.revealed, Credential.text(of: id, secret: secret.revealed)].compactMap { $0 }
            return presented.map { ConstantTime.equal(hash, Credential.hash($0)) }.contains(true)
        case .md5(let digest):
            let hash = Credential.hash(digest.lowercased())
            return digests.map { ConstantTime.equal($0, hash) }.contains(true)
        }
    }
}
