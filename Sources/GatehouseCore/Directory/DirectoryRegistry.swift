/// The directory as the gateway knows it, and the one way to change it: the store first, then the memory, one change
/// after the other.
public final class DirectoryRegistry: Sendable {
    private let live: Snapshot<Directory>
    private let turns = AsyncMutex()

    /// Reads the whole directory from the store. Where nothing tells the offsets of time zones, times stay in UTC.
    public init(
        opening store: any DirectoryStore, timeZones: (any TimeZones)? = nil
    ) async throws(StoreError) {
        var directory = try await store.directory()
        directory.timeZones = timeZones
        self.live = Snapshot(directory)
    }

    /// The directory as it is now.
    public var directory: Directory { live.value }

    /// Makes a change durably, with the events that tell of it. The memory follows the store before the next change has
    /// its turn.
    ///
    /// - Throws: what ``DirectoryStore/apply(_:telling:)`` throws; then nothing has changed.
    public func apply(
        _ change: Change, telling events: [AdmittedEvent], through intake: any Intake
    ) async throws(StoreError) {
        try await turns.take { () throws(StoreError) in
            try await intake.commit(change, telling: events)
            live.update { $0.follow(change) }
        }
    }
}
