extension Key {
    /// The allowed number of panels that a key is bound to.
    static let mostPanels = 1...1000
    /// The allowed number of source globs that a key is bound to.
    static let mostSources = 1...100
}

/// What a key of the role source is bound to; null for nothing. A value at fault binds nothing, so that it causes no
/// second fault about the role.
extension FieldCodec where Subject == Key, Value == [PanelID]? {
    /// Panels of the organization or of those below.
    static var boundPanels: FieldCodec {
        FieldCodec(
            Schema.list(of: .id).orNull, write: { $0.map { .array($0.map { .string($0.text) }) } ?? .null },
            restore: { .some($0.items?.compactMap(\.text).map { PanelID($0) }) },
            read: { _, _, reader in .some(reader.panels()) }
        ).taking(.list(of: .id, Key.mostPanels))
    }
}

extension FieldCodec where Subject == Key, Value == [String]? {
    /// Globs of sources.
    static var boundSources: FieldCodec {
        FieldCodec(
            Schema.list(of: .text()).orNull, write: { $0.map { .array($0.map { .string($0) }) } ?? .null },
            restore: { .some($0.items?.compactMap(\.text)) }, read: { _, _, reader in .some(reader.sources()) }
        ).taking(.list(of: .text(1...AdmissionBounds.longestSource), Key.mostSources))
    }
}

extension FieldReader where Subject == Key {
    /// Reads the remaining fields, and makes the new key; a key of another role than source has no binding.
    ///
    /// - Throws: all faults at once.
    package mutating func finishKey(_ key: Key) throws(ValidationErrors) -> Key {
        readOthers()
        let key = applied(to: key)
        if key.role != .source {
            for (field, isBound) in [("panels", key.panels != nil), ("sources", key.sources != nil)] where isBound {
                refuse(
                    .outOfBounds, field,
                    "\(field) binds what a key of the role source posts; one of the role \(key.role.rawValue) has none")
            }
        }
        try check()
        return key
    }

    fileprivate mutating func panels() -> [PanelID]? {
        guard let items = fields.array("panels") else { return nil }
        guard Key.mostPanels.contains(items.count) else {
            return fault(.outOfBounds, "panels", "panels names 1 to 1000 panels, or is null for all")
        }
        var panels: [PanelID] = []
        for (place, item) in items.enumerated() {
            guard let id = item.text.map({ PanelID($0) }), isKnown(id) else {
                let sentence = "the key's organizations have no panel \(item.compact); GET /v1/panels lists them"
                refuse(.unknownPanel, "panels[\(place)]", sentence)
                continue
            }
            if !panels.contains(id) { panels.append(id) }
        }
        return panels
    }

    private func isKnown(_ id: PanelID) -> Bool {
        let (directory, organization) = (context.directory, present.map(\.organization) ?? context.organization)
        return directory.panels.values.contains { panel in
            panel.id == id && (organization.map { directory.isWithin(panel.organization, $0) } ?? true)
        }
    }

    fileprivate mutating func sources() -> [String]? {
        guard let items = fields.array("sources") else { return nil }
        guard Key.mostSources.contains(items.count) else {
            return fault(.outOfBounds, "sources", "sources has 1 to 100 globs, or is null for any source")
        }
        var sources: [String] = []
        for (place, item) in items.enumerated() {
            let glob = item.text ?? ""
            let isPlain = !glob.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
            guard (1...AdmissionBounds.longestSource).contains(glob.utf8.count), isPlain else {
                refuse(
                    .outOfBounds, "sources[\(place)]",
                    "a glob of sources is text as /panels/p1*, at most \(AdmissionBounds.longestSource) bytes")
                continue
            }
            sources.append(glob)
        }
        return sources
    }

    /// The person who gets a key. A missing id is generated. A change must name the present person.
    mutating func owner(_ json: JSON) {
        let owner = readOwner()
        if let present {
            if owner != present.owner {
                refuse(.outOfBounds, "owner", "owner cannot change: make another key and revoke this one")
            }
        } else if let owner {
            set(\.owner, owner)
        }
    }

    private mutating func readOwner() -> Key.Owner? {
        guard let object = fields.object("owner") else { return nil }
        var inner = Fields(object, known: ["id", "firstName", "lastName", "email"])
        let id = inner.identifier("id") ?? context.makePersonID()
        let owner = Key.Owner(
            id: id, firstName: inner.name("firstName"), lastName: inner.name("lastName"), email: inner.email("email"))
        fields.refuse(inner.faults.within("owner"))
        return inner.faults.isEmpty ? owner : nil
    }
}
