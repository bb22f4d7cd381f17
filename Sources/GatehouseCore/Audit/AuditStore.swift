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
    /// The first entry from which on all are as they were written; nil where none is.
    public var from: Place?
    /// The last entry up to which they are; nil where none is.
    public var to: Place?
    /// The first entry that is there, intact or not.
    public var first: Place?
    /// The number of the last entry that was ever written.
    public var written: Int64 = 0
    /// What the chain says of the last time when the gateway took out old entries; nil where it says nothing.
    public var pruning: Pruning?

    /// Whether the last link is the one that the gateway wrote last, as it is kept in a second place.
    public var hasEnd = true
    /// What exists though no entry says who made it, for a sentence each; nothing is here whose entry was pruned.
    public var untold: [String] = []

    /// An entry by its number, and a time. Of the first intact entry it is the earliest of all intact ones, of the
    /// last the latest: what is counted for a while is written down behind what happened later.
    public struct Place: Hashable, Sendable {
        /// The entry's number.
        public let number: Int64
        /// The time.
        public let time: Instant

        /// Joins the two.
        public init(_ number: Int64, _ time: Instant) {
            self.number = number
            self.time = time
        }
    }

    /// The gateway's own line about entries that it took out.
    public struct Pruning: Hashable, Sendable {
        /// The last entry that it took out.
        public let upTo: Int64
        /// When the newest of them was written down.
        public let newest: Instant

        /// Joins the two.
        public init(upTo: Int64, newest: Instant) {
            self.upTo = upTo
            self.newest = newest
        }
    }

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

extension AuditProof {
    /// Whether all that is there is as it was written, and nothing is missing behind it.
    public var isIntact: Bool { broken == nil && hasEnd }

    /// How many entries were written and are not there any more, pruned ones included.
    public var missing: Int64 { max(0, written - Int64(entries)) }

    /// What an operator should look into: entries that are missing though they are younger than the audit is kept.
    ///
    /// Entries before the first one are older than it. Where that is no proof of their age, the gateway's own line
    /// about taking them out must say it; that line stands in the chain, so who cuts off the front cannot add it
    /// unseen.
    public func warnings(keeping retention: Duration, at now: Instant) -> [String] {
        var warnings: [String] = []
        let last = first == nil ? written : (first?.number ?? 1) - 1
        if last > 0, first.map({ now - $0.time < retention }) ?? true {
            if let pruning, pruning.upTo == last {
                if now - pruning.newest < retention {
                    warnings.append(
                        "the entries up to \(last) were taken out, and the newest of them was written down at "
                            + "\(RFC3339.text(pruning.newest)): it is younger than the audit is kept")
                }
            } else {
                warnings.append(
                    "the entries up to \(last) are missing, they may be younger than the audit is kept, and no entry "
                        + "says that the gateway took them out")
            }
        }
        if let to, broken == nil, to.number < written {
            warnings.append("entries up to \(written) were written, and those behind \(to.number) are missing")
        }
        if gap > 0 {
            warnings.append(
                "\(gap) entries between the first and the last are missing: they were the last ones once, and were cut "
                    + "off before others followed")
        }
        return warnings + ofTheStore
    }

    /// What the rest of the store says against the audit.
    private var ofTheStore: [String] {
        var warnings: [String] = []
        if broken == nil, !hasEnd, to?.number ?? 0 == written {
            warnings.append("the last link is not the one that the gateway wrote last: the chain was written anew")
        }
        if let thing = untold.first {
            let count = untold.count == 1 ? "one thing exists" : "\(untold.count) things exist"
            warnings.append(
                "\(count) though no entry says who made it, such as \(thing): entries were taken out, or it came into "
                    + "the store without the gateway")
        }
        return warnings
    }

    /// How many numbers between the first entry and the last have no entry. None is left out in writing, and what is
    /// pruned is taken from the front.
    private var gap: Int64 {
        guard let first, let to, broken == nil else { return 0 }
        return to.number - first.number + 1 - Int64(entries)
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
