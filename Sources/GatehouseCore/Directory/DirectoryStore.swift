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
}
