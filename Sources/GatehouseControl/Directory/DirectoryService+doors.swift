package import GatehouseCore

extension DirectoryService {
    /// Makes a door at a panel that the key reaches; the door belongs to the panel's organization.
    ///
    /// - Throws: ``ValidationErrors``, ``StoreError``.
    package func createDoor(_ object: JSONObject, author: Author) async throws -> Door {
        var reader = FieldReader(object, by: Door.fields(with: drivers), drivers)
        reader.refuseUnknown()
        let id = reader.fields.identifier("id") ?? MadeIdentifier.make("door")
        let panel = panel(for: author.key, &reader.fields)
        reader.readOthers()
        try reader.check()
        guard let panel else { throw ValidationError(.missingField, field: "panel", "panel is missing") }
        let door = reader.applied(to: Door(id: DoorID(id), panel: panel, number: 0, name: ""))
        try await changes.apply(.add, door, author: author)
        return door
    }

    /// The doors of these organizations, nil for all, or of one panel of theirs; in no order.
    ///
    /// - Throws: ``ValidationError/Code/notFound`` where no such panel is there.
    package func doors(
        of organizations: Set<OrganizationID>?, at panel: PanelID?
    ) throws(ValidationError) -> [Door] {
        let directory = directory
        if let panel {
            let there = directory.panels.values.contains {
                $0.id == panel && (organizations?.contains($0.organization) ?? true)
            }
            guard there else { throw ValidationError(.notFound, field: "panel", "there is no panel \(panel)") }
        }
        return directory.doors.values.filter { door in
            (organizations?.contains(door.organization) ?? true) && (panel == nil || panel == door.panel)
        }
    }

    /// One door. - Throws: ``ValidationError/Code/notFound``, ``AmbiguousName``.
    package func door(_ name: String, for key: Key, within chosen: OrganizationID?) throws -> Door {
        let directory = directory
        return try only("door", name, for: key, within: chosen) {
            directory.door(DoorID(name), in: $0)
        } of: {
            $0.organization
        }
    }

    /// Changes what the body names. - Throws: ``ValidationErrors``, ``StoreError``.
    package func update(_ present: Door, by object: JSONObject, author: Author) async throws -> Door {
        try await changes.change(present, author: author) {
            try Door.fields(with: drivers).change($0, by: object, drivers)
        }
    }

    /// Deletes a door; its events stay. Subscriptions that name it hear of no more, which `/v1/status` says of each.
    ///
    /// - Throws: ``StoreError``.
    package func delete(_ door: Door, author: Author) async throws(StoreError) {
        try await changes.apply(.remove, door, author: author)
    }

    /// The panel that the body names; `organization` chooses where several that the key reaches have that identifier.
    private func panel(for key: Key, _ fields: inout Fields) -> Panel? {
        let chosen = fields.text("organization", required: false).map { OrganizationID($0) }
        guard let id = fields.text("panel", required: true).map({ PanelID($0) }) else { return nil }
        let directory = directory
        let panels = directory.panels.values.filter { panel in
            panel.id == id && (chosen == nil || chosen == panel.organization)
                && key.reaches(panel.organization, in: directory)
        }
        if panels.count > 1 {
            let names = panels.map(\.organization.text).sorted().joined(separator: ", ")
            let sentence = "the panel \(id) stands in \(names); name the organization"
            fields.refuse(ValidationError(.ambiguous, field: "panel", sentence))
        } else if panels.isEmpty {
            let sentence = "there is no panel \(id); POST /v1/panels makes one"
            fields.refuse(ValidationError(.unknownPanel, field: "panel", sentence))
        }
        return panels.count == 1 ? panels.first : nil
    }
}
