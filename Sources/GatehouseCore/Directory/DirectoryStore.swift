/// Keeps organizations, panels and doors. Every method is one durable transaction.
public protocol DirectoryStore: Sendable {
    /// The whole directory.
    func directory() async throws(StoreError) -> Directory

    /// Adds an organization.
    /// - Throws: ``StoreError/conflict(index:_:)`` where the id is taken.
    func add(_ organization: Organization) async throws(StoreError)

    /// Adds a panel. - Throws: ``StoreError/conflict(index:_:)`` where the id is taken in its organization.
    func add(_ panel: Panel) async throws(StoreError)

    /// Adds a door. - Throws: ``StoreError/conflict(index:_:)`` where its id is taken in its organization or its number
    /// at its panel.
    func add(_ door: Door) async throws(StoreError)

    /// Replaces the name and time zone of an organization; its place in the tree stays.
    /// - Throws: ``StoreError/missing`` where it is gone.
    func change(_ organization: Organization) async throws(StoreError)

    /// Replaces what a panel is called, its number and time zone. - Throws: ``StoreError/missing`` where it is gone.
    func change(_ panel: Panel) async throws(StoreError)

    /// Replaces what a door is called, its number and what passing it means.
    /// - Throws: ``StoreError/missing`` where it is gone, ``StoreError/conflict(index:_:)`` where its number is taken.
    func change(_ door: Door) async throws(StoreError)

    /// Takes an organization out.
    /// - Throws: ``StoreError/missing`` where it is gone, ``StoreError/conflict(index:_:)`` where organizations,
    ///   panels, keys or subscriptions belong to it.
    func remove(_ organization: OrganizationID) async throws(StoreError)

    /// Takes a panel out.
    /// - Throws: ``StoreError/missing`` where it is gone, ``StoreError/conflict(index:_:)`` where doors hang on it.
    func remove(_ panel: Panel) async throws(StoreError)

    /// Takes a door out; events and deliveries that name it stay. - Throws: ``StoreError/missing`` where it is gone.
    func remove(_ door: Door) async throws(StoreError)
}
