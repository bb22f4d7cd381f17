/// How a store writes; every setting has a default.
package struct StoreSettings: Hashable, Sendable {
    /// How many events one commit may hold.
    package var commitEvents = 1000
    /// How many events may wait to be written before normal ones are refused; for urgent ones the limit is twice as
    /// high.
    package var queuedEvents = 20_000
    /// How long a commit waits for more jobs while the store is under load; an idle store never waits.
    package var linger: Duration = .milliseconds(1)
    /// The most pages of the file; nil for the disk's own limit. For tests of a full disk.
    var pages: Int?

    /// The defaults.
    package init() {}
}
