package import GatehouseCore

/// Organizations, panels and doors: made, found, changed and deleted as far as a key reaches.
package struct DirectoryService: Sendable {
    let registry: DirectoryRegistry
    let changes: ChangeService
    let timeZones: any TimeZones
    /// The drivers that doors may choose.
    package let drivers: DriverTable

    /// Joins the parts.
    package init(_ registries: Registries, changes: ChangeService, timeZones: any TimeZones, drivers: DriverTable) {
        self.registry = registries.directory
        self.changes = changes
        self.timeZones = timeZones
        self.drivers = drivers
    }

    /// The directory as it is now.
    var directory: Directory { registry.directory }

    /// The one thing of a name that a key reaches, in the organization that is chosen where there is one.
    ///
    /// - Throws: ``ValidationError/Code/notFound``, ``AmbiguousName`` where there are several.
    func only<Thing>(
        _ noun: String, _ name: String, for key: Key, within chosen: OrganizationID?,
        _ find: (OrganizationID) -> Thing?, of organization: (Thing) -> OrganizationID
    ) throws -> Thing {
        let found = try directory.places(for: key, within: chosen).compactMap(find)
        guard let first = found.first else { throw ValidationError(.notFound, "there is no \(noun) \(name)") }
        guard found.count == 1 else {
            let organizations = found.map(organization).sorted { $0.text < $1.text }
            throw AmbiguousName(noun: noun, name: name, organizations: organizations)
        }
        return first
    }
}

// MARK: Organizations

extension DirectoryService {
    /// How deep a tree may be: every event walks it from its leaf to the top.
    package static let deepestTree = 32

    /// Makes an organization. One without a parent is the top of a tree of its own, which only a key that stands above
    /// all trees may plant.
    ///
    /// - Throws: ``ValidationErrors``, ``StoreError``.
    package func createOrganization(_ object: JSONObject, author: Author) async throws -> Organization {
        var reader = FieldReader(object, by: Organization.fields, timeZones)
        reader.refuseUnknown()
        let id = reader.fields.identifier("id") ?? MadeIdentifier.make("organization")
        reader.read("name")
        let parent = reader.fields.text("parent", required: false).map { OrganizationID($0) }
        reader.readOthers()
        check(parent, author.key, &reader.fields)
        let organization = try reader.finish(Organization(id: OrganizationID(id), name: "", parent: parent))
        try await changes.apply(.add, organization, author: author)
        return organization
    }

    /// The organizations that a key reaches, in no order.
    package func organizations(for key: Key) -> [Organization] {
        let directory = directory
        return directory.organizations.values.filter { key.reaches($0.id, in: directory) }
    }

    /// One organization. - Throws: ``ValidationError/Code/notFound`` where the key reaches none of that id.
    package func organization(_ name: String, for key: Key) throws(ValidationError) -> Organization {
        let directory = directory
        guard let organization = directory.organizations[OrganizationID(name)],
            key.reaches(organization.id, in: directory)
        else { throw ValidationError(.notFound, "there is no organization \(name)") }
        return organization
    }

    /// Changes what the body names; events that were taken keep what they were told.
    ///
    /// - Throws: ``ValidationErrors``, ``StoreError``.
    package func update(
        _ present: Organization, by object: JSONObject, author: Author
    ) async throws -> Organization {
        try await changes.change(present, author: author) {
            try Organization.fields.change($0, by: object, timeZones)
        }
    }

    /// Deletes an organization to which nothing belongs any more; its events and deliveries stay.
    ///
    /// - Throws: ``ValidationError/Code/conflict`` where the caller's key belongs to it, ``StoreError``.
    package func delete(_ organization: Organization, author: Author) async throws {
        guard organization.id != author.key.organization else {
            throw ValidationError(.conflict, "the key that asks belongs to this organization: use one from above")
        }
        try await changes.apply(.remove, organization, author: author)
    }

    private func check(_ parent: OrganizationID?, _ key: Key, _ fields: inout Fields) {
        guard let parent else {
            if key.organization != nil {
                let sentence = "only a key above all trees makes an organization without a parent; name one of yours"
                fields.refuse(ValidationError(.forbidden, field: "parent", sentence))
            }
            return
        }
        let lineage = directory.lineage(of: parent)
        if lineage.isEmpty || !key.reaches(parent, in: directory) {
            fields.refuse(ValidationError(.unknownOrganization, field: "parent", "there is no organization \(parent)"))
        } else if lineage.count >= Self.deepestTree {
            fields.refuse(
                ValidationError(.outOfBounds, field: "parent", "a tree has at most \(Self.deepestTree) levels"))
        }
    }
}

// MARK: Panels

extension DirectoryService {
    /// Makes a panel in an organization that the key reaches. - Throws: ``ValidationErrors``, ``StoreError``.
    package func createPanel(_ object: JSONObject, author: Author) async throws -> Panel {
        var reader = FieldReader(object, by: Panel.fields, timeZones)
        reader.refuseUnknown()
        let id = reader.fields.identifier("id") ?? MadeIdentifier.make("panel")
        let organization = reader.fields.organization(for: author.key, in: directory)
        let panel = try reader.finish(Panel(id: PanelID(id), organization: organization, name: "", number: nil))
        try await changes.apply(.add, panel, author: author)
        return panel
    }

    /// The panels of these organizations, in no order; nil for all.
    package func panels(of organizations: Set<OrganizationID>?) -> [Panel] {
        directory.panels.values.filter { organizations?.contains($0.organization) ?? true }
    }

    /// One panel. - Throws: ``ValidationError/Code/notFound``, ``AmbiguousName``.
    package func panel(_ name: String, for key: Key, within chosen: OrganizationID?) throws -> Panel {
        let directory = directory
        return try only("panel", name, for: key, within: chosen) {
            directory.panel(PanelID(name), in: $0)
        } of: {
            $0.organization
        }
    }

    /// Changes what the body names; `null` takes a number or a time zone away.
    ///
    /// - Throws: ``ValidationErrors``, ``StoreError``.
    package func update(_ present: Panel, by object: JSONObject, author: Author) async throws -> Panel {
        try await changes.change(present, author: author) {
            try Panel.fields.change($0, by: object, timeZones)
        }
    }

    /// Deletes a panel on which no door hangs any more; its events stay. - Throws: ``StoreError``.
    package func delete(_ panel: Panel, author: Author) async throws(StoreError) {
        try await changes.apply(.remove, panel, author: author)
    }
}
