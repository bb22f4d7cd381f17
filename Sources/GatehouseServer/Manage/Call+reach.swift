internal import GatehouseCore

extension Call {
    /// The organizations that a list speaks of: those that the key reaches, cut down to `?organization=` and all below
    /// it. Nil for all.
    ///
    /// - Throws: ``ValidationError/Code/notFound`` where the key does not reach what was asked for.
    func chosenReach() throws(ValidationError) -> Set<OrganizationID>? {
        let directory = directory
        guard let chosen = try chosenOrganization() else { return key.reach(in: directory) }
        return Set(directory.organizations.keys.filter { directory.isWithin($0, chosen) })
    }

    /// Refuses doors that the directory does not know, where nothing was found of those that were asked for: an empty
    /// list must not stand for a mistyped id. A deleted door counts as known while an event or a delivery names it.
    func seeDoors(_ doors: Set<DoorID>?) throws(ValidationError) {
        guard let doors else { return }
        let directory = directory
        let known = directory.doors.values.filter { key.reaches($0.organization, in: directory) }.map(\.id)
        guard let unknown = doors.subtracting(known).min(by: { $0.text < $1.text }) else { return }
        let hint = Nearest.hint(for: unknown.text, among: known.lazy.map(\.text))
        throw ValidationError(.notFound, field: "door", "there is no door \(unknown)\(hint)")
    }

    /// What the path names, in every organization that the key reaches or in the one that is asked for.
    func placesNamed<Place>(_ find: (OrganizationID) -> Place?) throws(ValidationError) -> [Place] {
        let directory = directory
        if let chosen = try chosenOrganization() { return find(chosen).map { [$0] } ?? [] }
        return directory.organizations.keys.filter { key.reaches($0, in: directory) }.compactMap(find)
    }

    /// The one thing that the path can mean.
    ///
    /// - Throws: 404 where there is none, 409 naming the organizations where there are several.
    func onlyOne<Place>(
        of places: [Place], _ noun: String, _ organization: (Place) -> OrganizationID
    ) throws -> Place {
        guard let first = places.first else { throw ValidationError(.notFound, "there is no \(noun) \(name)") }
        guard places.count == 1 else {
            let names = places.map { organization($0).text }.sorted().joined(separator: ", ")
            throw Problem(.ambiguousPath, "the \(noun) \(name) stands in \(names); choose one by ?organization=")
        }
        return first
    }

    private func chosenOrganization() throws(ValidationError) -> OrganizationID? {
        guard let chosen = query["organization"].map({ OrganizationID($0) }) else { return nil }
        guard directory.organizations[chosen] != nil, key.reaches(chosen, in: directory) else {
            throw ValidationError(.notFound, field: "organization", "there is no organization \(chosen)")
        }
        return chosen
    }
}

extension Fields {
    /// The organization that the body names, which the key must reach: others are as if they did not exist.
    mutating func organization(of call: Call) -> OrganizationID {
        guard let id = text("organization", required: true).map({ OrganizationID($0) }) else {
            return OrganizationID("")
        }
        let directory = call.directory
        if directory.organizations[id] == nil || !call.key.reaches(id, in: directory) {
            refuse(ValidationError(.unknownOrganization, field: "organization", "there is no organization \(id)"))
        }
        return id
    }
}
