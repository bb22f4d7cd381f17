package import GatehouseCore

/// Events in the order in which they were committed, for those who fetch them instead of being called.
package struct Feed: Sendable {
    let store: any EventStore
    let keys: KeyRegistry
    let directory: DirectoryRegistry
    /// Tells those who wait that something was committed.
    package let signal: CommitSignal
    /// The clock by which deadlines of waiting requests are measured.
    package let clock: any WallClock
    /// Where pages of large events are written.
    let pages: HeavyWork
    /// In which order the requests of one key read pages.
    let turns = KeyTurns()

    /// Joins the parts.
    package init(
        _ registries: Registries, store: any EventStore, signal: CommitSignal, clock: any WallClock, pages: HeavyWork
    ) {
        self.store = store
        self.keys = registries.keys
        self.directory = registries.directory
        self.signal = signal
        self.clock = clock
        self.pages = pages
    }

    /// Begins to read for one caller.
    package func reader(_ question: FeedQuestion, for key: Key) -> FeedReader {
        FeedReader(question: question, key: key, feed: self)
    }
}
