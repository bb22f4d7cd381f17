package import GatehouseCore

/// What a caller is shown of the directory, by its key: what the key does not reach is as if it did not exist.
extension Directory {
    /// An organization and all below it, as a key reaches them; nil for all that the key reaches where none is chosen
    /// and the key stands above all trees.
    ///
    /// - Throws: ``ValidationError/Code/notFound`` where the key does not reach what was chosen.
    package func reach(of key: Key, within chosen: OrganizationID?) throws(ValidationError) -> Set<OrganizationID>? {
        guard let chosen else { return key.reach(in: self) }
        try check(chosen, for: key)
        return Set(organizations.keys.filter { isWithin($0, chosen) })
    }

    /// The organizations in which a name may stand for a key: the one that is chosen, or all that it reaches.
    ///
    /// - Throws: ``ValidationError/Code/notFound`` where the key does not reach what was chosen.
    package func places(
        for key: Key, within chosen: OrganizationID?
    ) throws(ValidationError) -> [OrganizationID] {
        guard let chosen else { return organizations.keys.filter { key.reaches($0, in: self) } }
        try check(chosen, for: key)
        return [chosen]
    }

    /// Refuses doors that the directory does not know, where nothing was found of those that were asked for: an empty
    /// list must not stand for a mistyped id. A deleted door counts as known while an event or a delivery names it.
    ///
    /// - Throws: ``ValidationError/Code/notFound``, naming one that is not there.
    package func check(_ doors: Set<DoorID>?, for key: Key) throws(ValidationError) {
        guard let doors else { return }
        let known = self.doors.values.filter { key.reaches($0.organization, in: self) }.map(\.id)
        guard let unknown = doors.subtracting(known).min(by: { $0.text < $1.text }) else { return }
        let hint = Nearest.hint(for: unknown.text, among: known.lazy.map(\.text))
        throw ValidationError(.notFound, field: "door", "there is no door \(unknown)\(hint)")
    }

    private func check(_ chosen: OrganizationID, for key: Key) throws(ValidationError) {
        guard organizations[chosen] != nil, key.reaches(chosen, in: self) else {
            throw ValidationError(.notFound, field: "organization", "there is no organization \(chosen)")
        }
    }
}
