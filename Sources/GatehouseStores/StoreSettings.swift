/// How a store writes; every setting has a default.
public struct StoreSettings: Hashable, Sendable {
    /// How many events one commit may hold.
    public var commitEvents = 1000
    /// How many events may wait to be written before normal ones are refused; urgent ones are taken up to twice that.
    public var queuedEvents = 20_000
    /// How long a commit waits for company while the store is under load; idle, it never waits.
    public var linger: Duration = .milliseconds(1)
    /// The most pages that the file may grow to; nil for the disk's own limit. For tests of a full disk.
    var pages: Int?

    /// The defaults.
    public init() {}
}
