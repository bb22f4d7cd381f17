internal import GatehouseCore

extension Fields {
    /// How many panels a key may be bound to.
    static let boundPanels = 1...1000
    /// How many globs of sources a key may be bound to.
    static let boundSources = 1...100

    /// What a key of the role source is bound to, where the body names it; null for nothing.
    mutating func readBinding(of key: inout Key, in directory: Directory) {
        if names("panels") { key.panels = panels(of: key.organization, in: directory) }
        if names("sources") { key.sources = sources() }
        guard key.role != .source else { return }
        for (field, isBound) in [("panels", key.panels != nil), ("sources", key.sources != nil)] where isBound {
            refuse(
                ValidationError(
                    .outOfBounds, field: field,
                    "\(field) binds what a key of the role source posts; one of the role \(key.role.rawValue) has none"
                ))
        }
    }

    /// Panels of the organization or of those below.
    private mutating func panels(of organization: OrganizationID?, in directory: Directory) -> [PanelID]? {
        guard let items = array("panels") else { return nil }
        guard Self.boundPanels.contains(items.count) else {
            refuse(ValidationError(.outOfBounds, field: "panels", "panels names 1 to 1000 panels, or is null for all"))
            return nil
        }
        var panels: [PanelID] = []
        for (place, item) in items.enumerated() {
            guard let id = item.text.map({ PanelID($0) }), isKnown(id, to: organization, in: directory) else {
                let sentence = "the key's organizations have no panel \(item.compact); GET /v1/panels lists them"
                refuse(ValidationError(.unknownPanel, field: "panels[\(place)]", sentence))
                continue
            }
            if !panels.contains(id) { panels.append(id) }
        }
        return panels
    }

    private func isKnown(_ id: PanelID, to organization: OrganizationID?, in directory: Directory) -> Bool {
        directory.panels.values.contains { panel in
            panel.id == id && (organization.map { directory.isWithin(panel.organization, $0) } ?? true)
        }
    }

    private mutating func sources() -> [String]? {
        guard let items = array("sources") else { return nil }
        guard Self.boundSources.contains(items.count) else {
            refuse(
                ValidationError(.outOfBounds, field: "sources", "sources has 1 to 100 globs, or is null for any source")
            )
            return nil
        }
        var sources: [String] = []
        for (place, item) in items.enumerated() {
            let glob = item.text ?? ""
            let isPlain = !glob.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
            guard (1...AdmissionBounds.longestSource).contains(glob.utf8.count), isPlain else {
                refuse(
                    ValidationError(
                        .outOfBounds, field: "sources[\(place)]",
                        "a glob of sources is text as /panels/p1*, at most \(AdmissionBounds.longestSource) bytes"
                    ))
                continue
            }
            sources.append(glob)
        }
        return sources
    }
}
