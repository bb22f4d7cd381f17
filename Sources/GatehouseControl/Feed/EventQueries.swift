package import GatehouseCore

/// Single events, and what became of them, as far as a key reaches.
package struct EventQueries: Sendable {
    private let store: any EventStore
    private let directory: DirectoryRegistry
    private let subscriptions: SubscriptionRegistry
    private let dialects: DialectTable
    private let reads: ReadAudit

    /// Joins the parts.
    package init(_ registries: Registries, store: any EventStore, dialects: DialectTable, reads: ReadAudit) {
        self.store = store
        self.directory = registries.directory
        self.subscriptions = registries.subscriptions
        self.dialects = dialects
        self.reads = reads
    }

    /// A subscription that asks for an event, and the keys that its contract requires and the event lacks.
    package struct Unsayable: Sendable {
        /// The subscription that asks for the event and cannot get it.
        package let subscription: Subscription
        /// The keys of its contract for which the event has no value.
        package let keys: [String]
    }

    /// The event of that id; the read is noted for the audit.
    ///
    /// - Throws: ``ValidationError/Code/notFound`` if the key reaches no event of that id; ``StoreError``.
    package func event(named name: String, for author: Author) async throws -> Event {
        guard let id = EventID(name), let event = try await store.event(id), reaches(event, author.key) else {
            throw ValidationError(.notFound, "there is no event \(name)")
        }
        reads.noteEvents(by: author)
        return event
    }

    /// Whether the key reaches an event of that id. - Throws: ``StoreError``.
    package func knows(_ id: EventID, for key: Key) async throws(StoreError) -> Bool {
        try await store.event(id).map { reaches($0, key) } ?? false
    }

    /// The subscriptions, as they are now and as far as the key reaches, that ask for the event and whose contract
    /// requires what the event lacks.
    package func unsayable(_ event: Event, for key: Key) -> [Unsayable] {
        let directory = directory.directory
        let lineage = directory.lineage(of: event.organization)
        let matched = subscriptions.index.match(event.withPanel(of: directory), lineage: lineage, dialects: dialects)
        return matched.unsayable.compactMap { missed in
            guard key.reaches(missed.subscription.organization, in: directory) else { return nil }
            return Unsayable(subscription: missed.subscription, keys: missed.keys)
        }
    }

    private func reaches(_ event: Event, _ key: Key) -> Bool {
        key.reaches(event.organization, in: directory.directory)
    }
}
