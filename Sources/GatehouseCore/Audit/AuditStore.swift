/// An entry as the store has it.
public struct AuditRecord: Hashable, Sendable {
    /// Its number, unique in the store and growing.
    public let number: Int64
    /// What was done.
    public let entry: AuditEntry

    /// Joins the two.
    public init(number: Int64, entry: AuditEntry) {
        self.number = number
        self.entry = entry
    }
}

/// Which entries somebody wants to see.
public struct AuditFilter: Hashable, Sendable {
    /// Only of these organizations, and then none of what stands above all trees; nil for all.
    public var organizations: Set<OrganizationID>?
    /// Only what was done at that instant or later.
    public var since: Instant?
    /// Only what was done before that instant.
    public var until: Instant?
    /// Only those before this one: the list runs from the newest back.
    public var before: Int64?
    /// At most so many, 1 to 1,000.
    public var limit: Int

    /// Everything, up to a limit.
    public init(limit: Int) {
        self.limit = limit
    }
}

/// What became of holding the audit against its chain.
public struct AuditProof: Hashable, Sendable {
    /// How many entries there are.
    public let entries: Int
    /// How many links: one for every commit that brought entries.
    public let links: Int
    /// The last link, which stands for all entries before it, those that were pruned too; nil where there is none.
    public let head: [UInt8]?
    /// Whether the link that the caller knew from before is one of them; nil where none was named, and where it may be
    /// one of those that were pruned.
    public let hasKnown: Bool?
    /// The number of the first entry that is not as it was written, or that a link misses; nil where all is as it was.
    public let broken: Int64?
    /// The number of the last entry that was pruned; nil where none was. The chain is held from there on.
    public let prunedUpTo: Int64?

    /// Joins the parts.
    public init(
        entries: Int, links: Int, head: [UInt8]?, hasKnown: Bool?, broken: Int64?, prunedUpTo: Int64? = nil
    ) {
        self.entries = entries
        self.links = links
        self.head = head
        self.hasKnown = hasKnown
        self.broken = broken
        self.prunedUpTo = prunedUpTo
    }
}

/// Keeps what was done by whom. The entry of a change comes in the commit of that change, through the store's other
/// methods; what changes nothing is noted here, and here all are read. None is ever changed.
public protocol AuditStore: Sendable {
    /// Entries, newest first.
    func audit(_ filter: AuditFilter) async throws(StoreError) -> [AuditRecord]

    /// Writes entries that tell of no change of the store's, all of them in one commit.
    func note(_ entries: [AuditEntry]) async throws(StoreError)

    /// Holds every entry against the chain: each commit that brought entries ends with a link, the SHA-256 over the
    /// link before it and those entries. Where entries were pruned, it begins with the link that ended them.
    func proveAudit(knowing link: [UInt8]?) async throws(StoreError) -> AuditProof
}
