/// Keeps organizations, panels, doors, keys and triggers, and what was commanded. Every method is one durable
/// transaction.
public protocol DirectoryStore: Sendable {
    // MARK: Directory

    /// The whole directory.
    func directory() async throws(StoreError) -> Directory

    /// All keys.
    func keys() async throws(StoreError) -> [Key]

    /// All triggers.
    func triggers() async throws(StoreError) -> [Trigger]

    /// Makes one change, and writes the events that tell of it with all that they owe and its line of the audit: all or
    /// nothing.
    ///
    /// A change of an organization leaves its place in the tree as it is, one of a panel its organization, one of a
    /// door its panel, one of a key or trigger its organization and secret. A key that was accepted stays so, a command
    /// that has ended is there no more to be changed, and none is removed.
    ///
    /// - Returns: what became of the entries of events, in their order; empty where there are none.
    /// - Throws: ``StoreError/missing`` where what is to be changed or what it belongs to is not there,
    ///   ``StoreError/conflict(index:_:)`` where an id, a door's number or an asker's repetition key is taken, where
    ///   somebody else accepted the key first, or where others belong to what is to be removed: to an organization
    ///   organizations, panels, keys, triggers or subscriptions, to a panel doors.
    func apply(_ change: Change, telling changeEvents: ChangeEvents?) async throws(StoreError) -> [Appended]

    // MARK: Commands: added and ended by `apply`, taken out by `HousekeepingStore.prune`

    /// The command that an asker gave by that repetition key; nil where there is none.
    func command(of asker: String, repetitionKey: String) async throws(StoreError) -> DoorCommand?

    /// Commands without an ending whose gateway has ended, the oldest first, at most `limit`.
    func lostCommands(limit: Int) async throws(StoreError) -> [DoorCommand]
}

extension DirectoryStore {
    /// Makes one change of which nobody is told.
    public func apply(_ action: Change.Action, _ subject: Change.Subject) async throws(StoreError) {
        _ = try await apply(Change(action, subject), telling: nil)
    }
}
