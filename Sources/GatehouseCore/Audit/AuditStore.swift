/// An entry with its number in the store.
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

/// Selects entries of the audit.
public struct AuditFilter: Hashable, Sendable {
    /// Only of these organizations, without entries above all trees; nil for all.
    public var organizations: Set<OrganizationID>?
    /// Only what was done at that instant or later.
    public var since: Instant?
    /// Only what was done before that instant.
    public var until: Instant?
    /// Only entries before this number: the list runs from the newest back.
    public var before: Int64?
    /// At most so many, 1 to 1,000.
    public var limit: Int

    /// Everything, up to a limit.
    public init(limit: Int) {
        self.limit = limit
    }
}

/// The result of checking the audit against its chain.
public struct AuditProof: Hashable, Sendable {
    /// How many entries there are.
    public let entries: Int
    /// How many links: one for every commit that brought entries.
    public let links: Int
    /// The last link, which covers all entries before it, pruned ones too; nil if there is none.
    public let head: [UInt8]?
    /// Whether the chain has the link that the caller named; nil if the caller named none, or if the link may have been
    /// pruned.
    public let hasKnown: Bool?
    /// The number of the first entry that was altered or has no link; nil if all are intact.
    public let broken: Int64?
    /// The number of the last pruned entry; nil if none was pruned. The check begins behind it.
    public let prunedUpTo: Int64?
    /// The first entry of the intact ones; nil if none is intact.
    public var from: Place?
    /// The last intact entry; nil if none is intact.
    public var to: Place?
    /// The first entry, intact or not.
    public var first: Place?
    /// The number of the last entry that was ever written.
    public var written: Int64 = 0
    /// The chain's entry about the last pruning; nil if it has none.
    public var pruning: Pruning?

    /// Whether the last link equals the copy that the gateway keeps of its last link in a second place.
    public var hasEnd = true
    /// Things without an entry about their creation, one phrase each. Things whose entry was pruned are not listed.
    public var untold: [String] = []

    /// An entry's number, and a time. For the first intact entry it is the earliest time of all intact ones, for the
    /// last the latest: counted actions are written later than they happen.
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

    /// The gateway's own entry about a pruning.
    public struct Pruning: Hashable, Sendable {
        /// The number of the last pruned entry.
        public let upTo: Int64
        /// When the newest of the pruned entries was written.
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
    /// Whether every entry is intact, and the end is not missing.
    public var isIntact: Bool { broken == nil && hasEnd }

    /// How many entries were written and are missing now, pruned ones included.
    public var missing: Int64 { max(0, written - Int64(entries)) }

    /// Warnings for the operator: entries that are missing although they are younger than the audit's retention.
    ///
    /// The missing entries are older than the first one. If that does not prove that their time was over, the gateway's
    /// own entry about the pruning must prove it. That entry is in the chain, so an attacker who cuts off the front
    /// cannot add it undetected.
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

    /// Contradictions between the audit and the rest of the store.
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

    /// How many numbers between the first entry and the last have no entry. The store uses consecutive numbers, and
    /// pruning removes from the front only.
    private var gap: Int64 {
        guard let first, let to, broken == nil else { return 0 }
        return to.number - first.number + 1 - Int64(entries)
    }
}

/// Keeps the audit. The entry of a change is part of that change's commit, through the store's other methods. This
/// protocol writes entries about actions that change nothing, and reads all entries. No entry is ever changed.
public protocol AuditStore: Sendable {
    /// Entries, newest first.
    func audit(_ filter: AuditFilter) async throws(StoreError) -> [AuditRecord]

    /// Writes entries about actions that change nothing in the store, all of them in one commit.
    func note(_ entries: [AuditEntry]) async throws(StoreError)

    /// Checks every entry against the chain: each commit with entries ends with a link, the SHA-256 over the link
    /// before it and those entries. After a pruning the chain begins with the link that closed the pruned entries.
    func proveAudit(knowing link: [UInt8]?) async throws(StoreError) -> AuditProof
}
