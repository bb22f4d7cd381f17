/// The directory as the gateway knows it, and the one way to change it: the store first, then the memory, one change
/// after the other.
public final class DirectoryBook: Sendable {
    private let store: any DirectoryStore
    private let live: Live<Directory>
    private let turns = Turns()

    /// Reads the whole directory from the store.
    public init(opening store: any DirectoryStore) async throws(StoreError) {
        self.store = store
        self.live = Live(try await store.directory())
    }

    /// The directory as it is now.
    public var directory: Directory { live.value }

    /// Adds an organization durably. - Throws: ``StoreError/conflict(index:_:)`` where the id is taken.
    public func add(_ organization: Organization) async throws(StoreError) {
        try await change { () throws(StoreError) in
            try await store.add(organization)
        } then: {
            $0.put(organization)
        }
    }

    /// Adds a panel durably. - Throws: ``StoreError/conflict(index:_:)`` where the id is taken in its organization.
    public func add(_ panel: Panel) async throws(StoreError) {
        try await change { () throws(StoreError) in
            try await store.add(panel)
        } then: {
            $0.put(panel)
        }
    }

    /// Adds a door durably. - Throws: ``StoreError/conflict(index:_:)`` where its id or its number is taken.
    public func add(_ door: Door) async throws(StoreError) {
        try await change { () throws(StoreError) in
            try await store.add(door)
        } then: {
            $0.put(door)
        }
    }

    /// Changes an organization durably. - Throws: ``StoreError/missing`` where it is gone.
    public func change(_ organization: Organization) async throws(StoreError) {
        try await change { () throws(StoreError) in
            try await store.change(organization)
        } then: {
            $0.put(organization)
        }
    }

    /// Changes a panel durably. - Throws: ``StoreError/missing`` where it is gone.
    public func change(_ panel: Panel) async throws(StoreError) {
        try await change { () throws(StoreError) in
            try await store.change(panel)
        } then: {
            $0.put(panel)
        }
    }

    /// Changes a door durably. - Throws: ``StoreError/missing`` where it is gone, ``StoreError/conflict(index:_:)``
    /// where its number is taken.
    public func change(_ door: Door) async throws(StoreError) {
        try await change { () throws(StoreError) in
            try await store.change(door)
        } then: {
            $0.put(door)
        }
    }

    /// Takes an organization out durably. - Throws: ``StoreError/missing`` where it is gone,
    /// ``StoreError/conflict(index:_:)`` where something belongs to it.
    public func remove(_ organization: OrganizationID) async throws(StoreError) {
        try await change { () throws(StoreError) in
            try await store.remove(organization)
        } then: {
            $0.remove(organization)
        }
    }

    /// Takes a panel out durably. - Throws: ``StoreError/missing`` where it is gone, ``StoreError/conflict(index:_:)``
    /// where doors hang on it.
    public func remove(_ panel: Panel) async throws(StoreError) {
        try await change { () throws(StoreError) in
            try await store.remove(panel)
        } then: {
            $0.remove(panel)
        }
    }

    /// Takes a door out durably. - Throws: ``StoreError/missing`` where it is gone.
    public func remove(_ door: Door) async throws(StoreError) {
        try await change { () throws(StoreError) in
            try await store.remove(door)
        } then: {
            $0.remove(door)
        }
    }

    /// The memory follows the store before the next change has its turn.
    private func change(
        _ work: () async throws(StoreError) -> Void, then follow: (inout Directory) -> Void
    ) async throws(StoreError) {
        try await turns.take { () throws(StoreError) in
            try await work()
            live.update(follow)
        }
    }
}
