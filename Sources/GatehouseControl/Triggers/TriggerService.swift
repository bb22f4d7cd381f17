package import GatehouseCore

/// Triggers: made, found, changed and deleted as far as a key reaches.
package struct TriggerService: Sendable {
    /// No dialect of this gateway has secret URLs.
    package struct NotSpoken: Error {}

    let registry: TriggerRegistry
    let directory: DirectoryRegistry
    let dialects: DialectTable
    let changes: ChangeService

    /// Joins the parts.
    package init(_ registries: Registries, dialects: DialectTable, changes: ChangeService) {
        self.registry = registries.triggers
        self.directory = registries.directory
        self.dialects = dialects
        self.changes = changes
    }

    /// Makes a trigger, and returns its paths in every form that its contract has; they are kept nowhere.
    ///
    /// - Throws: ``ValidationErrors``, ``ValidationError/Code/forbidden`` where it would show more than the author's
    ///   key sees, ``NotSpoken``, ``StoreError``.
    package func create(_ object: JSONObject, author: Author) async throws -> (trigger: Trigger, paths: [String]) {
        let directory = directory.directory
        var reader = FieldReader(
            object, by: Trigger.fields, TriggerContext(directory: directory, organization: OrganizationID("")))
        reader.refuseUnknown()
        reader.read("name")
        let organization = reader.fields.organization(for: author.key, in: directory)
        reader.context.organization = organization
        var random = SystemRandomNumberGenerator()
        let proof = TriggerSecret(using: &random)
        var blank = Trigger(
            id: proof.id, name: "", organization: organization, hash: proof.hash, created: author.now)
        blank.privacyLevel = author.key.leastStrictLevel
        let trigger = try reader.finish(blank)
        try author.key.checkMaking("the trigger", at: trigger.privacyLevel)
        guard let paths = dialects.dialects.lazy.compactMap({ $0.manage?.triggerPaths }).first else {
            throw NotSpoken()
        }
        try await changes.apply(.add, trigger, author: author)
        return (trigger, paths(proof.id, proof.secret))
    }

    /// The triggers of these organizations, in no order; nil for all.
    package func triggers(of organizations: Set<OrganizationID>?) -> [Trigger] {
        registry.triggers.filter { organizations?.contains($0.organization) ?? true }
    }

    /// One trigger. - Throws: ``ValidationError/Code/notFound`` where the key reaches none of that id.
    package func trigger(_ name: String, for key: Key) throws(ValidationError) -> Trigger {
        guard let trigger = registry[TriggerID(name)], key.reaches(trigger.organization, in: directory.directory)
        else { throw ValidationError(.notFound, "there is no trigger \(name)") }
        return trigger
    }

    /// Changes what the body names; the URL stays as it is. Subscriptions that were made by it stay as they are too.
    ///
    /// - Throws: ``ValidationErrors``, ``ValidationError/Code/forbidden``, ``StoreError``.
    package func update(_ present: Trigger, by object: JSONObject, author: Author) async throws -> Trigger {
        try await changes.change(present, author: author) {
            try changed($0, by: object, author)
        }
    }

    private func changed(_ present: Trigger, by object: JSONObject, _ author: Author) throws -> Trigger {
        let context = TriggerContext(directory: directory.directory, organization: present.organization)
        var reader = FieldReader(object, by: Trigger.fields, context, changing: present)
        reader.refuseUnknown()
        reader.read("id", "organization", "name")
        let trigger = try reader.finish(present)
        try checkLevel(of: trigger, was: present, author.key)
        return trigger
    }

    /// Deletes a trigger: once it returns, its URL lets no caller in. Subscriptions that were made by it stay.
    ///
    /// - Throws: ``StoreError``.
    package func delete(_ trigger: Trigger, author: Author) async throws(StoreError) {
        try await changes.apply(.remove, trigger, author: author)
    }

    /// Refuses a change after which a trigger shows more than the caller may see, where its holder may subscribe to
    /// more than before.
    private func checkLevel(of trigger: Trigger, was present: Trigger, _ caller: Key) throws(ValidationError) {
        if trigger.privacyLevel != present.privacyLevel {
            try caller.checkMaking("the trigger", at: trigger.privacyLevel)
        }
        let actions = [
            trigger.doors != present.doors ? "change doors of" : nil,
            trigger.mayRegister && !present.mayRegister ? "allow subscriptions by" : nil,
            trigger.isActive && !present.isActive ? "activate" : nil,
        ]
        guard let action = actions.compactMap(\.self).first else { return }
        try caller.checkDoing(action, to: "the trigger", at: trigger.privacyLevel)
    }
}
