package import GatehouseCore

/// Keys: made, found, changed and revoked as far as another key reaches.
package struct KeyService: Sendable {
    let registry: KeyRegistry
    let directory: DirectoryRegistry
    let changes: ChangeService

    /// Joins the parts.
    package init(_ registries: Registries, changes: ChangeService) {
        self.registry = registries.keys
        self.directory = registries.directory
        self.changes = changes
    }

    /// When keys were last used.
    package var uses: KeyUses { registry.uses }

    /// Makes a key for an organization that the author's key reaches, and returns its credential, which is kept
    /// nowhere.
    ///
    /// - Throws: ``ValidationErrors``, ``ValidationError/Code/forbidden`` where it would see more than the author's
    ///   key, ``StoreError``.
    package func create(_ object: JSONObject, author: Author) async throws -> (key: Key, credential: Credential) {
        var reader = FieldReader(object, by: Key.fields, context(at: author.now))
        reader.refuseUnknown()
        reader.read("name", "role")
        let organization = reader.fields.organization(for: author.key, in: directory.directory)
        reader.read("owner")
        try reader.check()
        reader.context.organization = organization
        var random = SystemRandomNumberGenerator()
        let credential = Credential(using: &random)
        var blank = Key(credential, name: "", role: .source, organization: organization, created: author.now)
        blank.privacyLevel = author.key.level(orUsual: blank.privacyLevel)
        let key = try reader.finishKey(blank)
        try author.key.checkMaking("the new key", at: key.privacyLevel)
        try await changes.apply(.add, key, author: author)
        return (key, credential)
    }

    /// The keys that another key sees, in no order.
    ///
    /// - Parameter organizations: shows the keys of these only; nil for all.
    package func keys(for caller: Key, within organizations: Set<OrganizationID>?) -> [Key] {
        registry.keys.filter { key in
            guard sees(caller, key) else { return false }
            return organizations.map { chosen in key.organization.map(chosen.contains) ?? false } ?? true
        }
    }

    /// One key. - Throws: ``ValidationError/Code/notFound`` where the caller's sees none of that id.
    package func key(_ name: String, for caller: Key) throws(ValidationError) -> Key {
        guard let key = registry[KeyID(name)], sees(caller, key) else {
            throw ValidationError(.notFound, "there is no key \(name)")
        }
        return key
    }

    /// Changes what the body names; the credential stays as it is. One that has expired lives again where its end is
    /// put off.
    ///
    /// - Throws: ``ValidationErrors``, ``ValidationError/Code/conflict`` where a key would change itself beyond its
    ///   names, ``ValidationError/Code/forbidden`` where it would show more than the author may see, ``StoreError``.
    package func update(_ present: Key, by object: JSONObject, author: Author) async throws -> Key {
        try await changes.change(present, author: author) {
            try changed($0, by: object, author)
        }
    }

    private func changed(_ present: Key, by object: JSONObject, _ author: Author) throws -> Key {
        var reader = FieldReader(object, by: Key.fields, context(at: author.now), changing: present)
        reader.refuseUnknown()
        reader.read("id", "organization", "owner", "name", "role")
        let key = try reader.finishKey(present)
        var renamed = present
        (renamed.name, renamed.login) = (key.name, key.login)
        if renamed != key { try refuseOwn(key, "change more than the names of", author.key) }
        try checkLevel(of: key, was: present, author.key)
        return key
    }

    /// Revokes a key: once it returns, the key lets no caller in.
    ///
    /// - Throws: ``ValidationError/Code/conflict`` where it is the author's own, ``StoreError``.
    package func revoke(_ key: Key, author: Author) async throws {
        try refuseOwn(key, "revoke", author.key)
        try await changes.apply(.remove, key, author: author)
    }

    /// What the fields of a key are judged by.
    private func context(at now: Instant) -> KeyContext {
        let registry = registry
        return KeyContext(
            directory: directory.directory, now: now, holder: { registry.key(loggingInAs: $0)?.id },
            makePersonID: { MadeIdentifier.make("person") })
    }

    /// The author of changes of keys keeps a key that may make them, and so never locks himself out.
    private func refuseOwn(_ key: Key, _ action: String, _ caller: Key) throws(ValidationError) {
        guard key.id == caller.id else { return }
        throw ValidationError(.conflict, "a key cannot \(action) itself: use another admin's")
    }

    /// Refuses a change after which a key shows more than the caller may see, where it lets the key do more, or longer,
    /// than before.
    private func checkLevel(of key: Key, was present: Key, _ caller: Key) throws(ValidationError) {
        if key.privacyLevel != present.privacyLevel { try caller.checkMaking("the key", at: key.privacyLevel) }
        let isLonger = present.expiresAt.map { end in key.expiresAt.map { $0 > end } ?? true } ?? false
        guard key.role != present.role || isLonger else { return }
        let action = key.role != present.role ? "change the role of" : "put off the end of"
        try caller.checkDoing(action, to: "the key", at: key.privacyLevel)
    }

    /// A key that stands above all trees is seen by its like only.
    private func sees(_ caller: Key, _ key: Key) -> Bool {
        guard let organization = key.organization else { return caller.organization == nil }
        return caller.reaches(organization, in: directory.directory)
    }
}
