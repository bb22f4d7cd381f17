/// Reads organizations, panels, doors, keys, triggers and commands; ``ChangeStore`` changes them.
public protocol DirectoryStore: Sendable {
    // MARK: Directory

    /// The whole directory.
    func directory() async throws(StoreError) -> Directory

    /// All keys.
    func keys() async throws(StoreError) -> [Key]

    /// All triggers.
    func triggers() async throws(StoreError) -> [Trigger]

    // MARK: Commands: `ChangeStore.apply` adds and ends them, `HousekeepingStore.prune` removes them

    /// The command that an asker gave with that repetition key; nil if there is none.
    func command(of asker: String, repetitionKey: String) async throws(StoreError) -> DoorCommand?

    /// Commands without an ending whose gateway has ended, the oldest first, at most `limit`.
    func lostCommands(limit: Int) async throws(StoreError) -> [DoorCommand]
}
