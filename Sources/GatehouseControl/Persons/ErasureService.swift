package import GatehouseCore

/// Blanks what is known of persons, as operators ask for it.
package struct ErasureService: Sendable {
    let store: any EventStore
    let directory: DirectoryRegistry
    let keys: KeyRegistry
    let recent: RecentErasures
    let reads: ReadAudit

    /// Joins the parts.
    package init(_ registries: Registries, store: any EventStore, recent: RecentErasures, reads: ReadAudit) {
        self.store = store
        self.directory = registries.directory
        self.keys = registries.keys
        self.recent = recent
        self.reads = reads
    }

    /// An erasure, and the keys that its person holds.
    package struct Report: Sendable {
        /// How far it has come.
        package let erasure: Erasure
        /// Keys stay: their holder is let in until they are revoked, and a key tells the name.
        package let keys: [KeyID]
    }

    /// Writes the wish down; it is fulfilled in the background.
    ///
    /// - Parameter isDryRun: whether events are counted only, which is a way to read of a person.
    /// - Throws: ``StoreError``.
    package func erase(
        _ person: String, in organization: OrganizationID, isDryRun: Bool, author: Author
    ) async throws(StoreError) -> Report {
        let directory = directory.directory
        let organizations = Set(directory.organizations.keys.filter { directory.isWithin($0, organization) })
        let wish = Erasure.Wish(
            person: person, organization: organization, organizations: organizations, isDryRun: isDryRun)
        let entry = isDryRun ? nil : author.entry(.erase, .person, person, of: organization)
        let erasure = try await store.begin(wish, at: author.now, audited: entry)
        recent.note(erasure)
        if isDryRun { reads.note(.person(person), by: author) }
        return report(erasure)
    }

    /// How far the newest wish about a person has come; nil where there is none. - Throws: ``StoreError``.
    package func newest(
        of person: String, in organization: OrganizationID, author: Author
    ) async throws(StoreError) -> Report? {
        guard let erasure = try await store.erasure(of: person, in: organization) else { return nil }
        reads.note(.person(person), by: author)
        return report(erasure)
    }

    private func report(_ erasure: Erasure) -> Report {
        let held = keys.keys.filter { key in
            key.owner?.id.hasBytes(of: erasure.wish.person) ?? false
                && key.organization.map { erasure.wish.organizations.contains($0) } ?? false
        }
        return Report(erasure: erasure, keys: held.map(\.id).sorted { $0.text < $1.text })
    }
}
