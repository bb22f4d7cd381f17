/// The directory as the gateway knows it, and the one way to change it: the store first, then the memory.
public final class DirectoryBook: Sendable {
    private let store: any DirectoryStore
    private let live: Live<Directory>

    /// Reads the whole directory from the store.
    public init(opening store: any DirectoryStore) async throws(StoreError) {
        self.store = store
        self.live = Live(try await store.directory())
    }

    /// The directory as it is now.
    public var directory: Directory { live.value }

    /// Adds an organization durably. - Throws: ``StoreError/conflict(index:_:)`` where the id is taken.
    public func add(_ organization: Organization) async throws(StoreError) {
        try await store.add(organization)
        live.update { $0.put(organization) }
    }

    /// Adds a panel durably. - Throws: ``StoreError/conflict(index:_:)`` where the id is taken in its organization.
    public func add(_ panel: Panel) async throws(StoreError) {
        try await store.add(panel)
        live.update { $0.put(panel) }
    }

    /// Adds a door durably. - Throws: ``StoreError/conflict(index:_:)`` where its id or its number is taken.
    public func add(_ door: Door) async throws(StoreError) {
        try await store.add(door)
        live.update { $0.put(door) }
    }
}
