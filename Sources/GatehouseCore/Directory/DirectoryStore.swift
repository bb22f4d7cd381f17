/// Keeps organizations, panels, doors, keys, triggers and commands. Every method is one durable transaction.
public protocol DirectoryStore: Sendable {
    // MARK: Directory

    /// The whole directory.
    func directory() async throws(StoreError) -> Directory

    /// All keys.
    func keys() async throws(StoreError) -> [Key]

    /// All triggers.
    func triggers() async throws(StoreError) -> [Trigger]

    /// Makes one change, and writes its events with all deliveries that they owe and its audit entry: all or nothing.
    ///
    /// A change of an organization keeps its place in the tree, one of a panel its organization, one of a door its
    /// panel, one of a key or trigger its organization and secret. An accepted key stays accepted, an ended command can
    /// no longer be changed, and no command is removed.
    ///
    /// - Returns: the results of the events' entries, in their order; empty if there are none.
    /// - Throws: ``StoreError/missing`` if the subject, or what it belongs to, does not exist;
    ///   ``StoreError/conflict(index:_:)`` if an id, a door's number or an asker's repetition key is taken, if another
    ///   caller accepted the key first, or if something belongs to what is to be removed: organizations, panels, keys,
    ///   triggers or subscriptions to an organization, doors to a panel.
    func apply(_ change: Change, events changeEvents: ChangeEvents?) async throws(StoreError) -> [Appended]

    // MARK: Commands: `apply` adds and ends them, `HousekeepingStore.prune` removes them

    /// The command that an asker gave with that repetition key; nil if there is none.
    func command(of asker: String, repetitionKey: String) async throws(StoreError) -> DoorCommand?

    /// Commands without an ending whose gateway has ended, the oldest first, at most `limit`.
    func lostCommands(limit: Int) async throws(StoreError) -> [DoorCommand]
}

extension DirectoryStore {
    /// Makes one change without an event.
    public func apply(_ action: Change.Action, _ subject: Change.Subject) async throws(StoreError) {
        _ = try await apply(Change(action, subject), events: nil)
    }
}
