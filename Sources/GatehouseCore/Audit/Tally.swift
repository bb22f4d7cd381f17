/// Counts in memory what would be too much to write down each time; housekeeping writes it down.
public protocol Tally: Sendable {
    /// Counts what an entry tells of, `count` times; its time is when it happened.
    func note(_ entry: AuditEntry, count: Int)

    /// Writes down what the present turn has come to; at the gateway's end, everything.
    ///
    /// - Throws: what the store throws; then nothing is lost, and the next call has it to do.
    func settle(_ scope: TallyScope, at now: Instant) async throws(StoreError)
}

/// How much of a tally is written down.
public enum TallyScope: Sendable {
    /// What belongs to turns that are over.
    case ended
    /// Everything.
    case all
}
