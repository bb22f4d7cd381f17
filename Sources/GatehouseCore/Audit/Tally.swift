/// Counts frequent actions in memory; housekeeping writes the counts to the audit.
public protocol Tally: Sendable {
    /// Adds `count` occurrences of an entry's action; the entry's time is the time of the action.
    func note(_ entry: AuditEntry, count: Int)

    /// Writes the counts of the ended turns; at the gateway's end, all counts.
    ///
    /// - Throws: the store's error. Then nothing is lost, and the next call writes the counts.
    func settle(_ scope: TallyScope, at now: Instant) async throws(StoreError)
}

/// Which counts of a tally are written.
public enum TallyScope: Sendable {
    /// The counts of ended turns.
    case ended
    /// Everything.
    case all
}
