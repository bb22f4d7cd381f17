internal import GRDB
internal import GatehouseCore

/// The health of one subscription, as in its row; times are microseconds since 1970.
struct HealthRow: Sendable {
    var failures = 0
    var since: Int64?
    /// Whether a report of failure is pending.
    var isCrossed = false
    /// Whether a failure was reported, and its recovery not yet.
    var isTold = false
    var toldAt: Int64?
    var delivered: Int64?
    var outcome: String?
    var status: Int?
    /// How many normal deliveries died without a report, the last of them, and when deaths were last reported.
    var untold = 0
    var lastDead: (event: Int64, round: Int)?
    var deathsToldAt: Int64?
    var ended = 0
    var dropped = 0
    var cancelled = 0

    init() {}

    init(_ row: Row) {
        failures = row["failures"]
        since = row["since"]
        isCrossed = row["crossed"]
        isTold = row["told"]
        toldAt = row["toldAt"]
        delivered = row["delivered"]
        outcome = row["outcome"]
        status = row["status"]
        untold = row["untold"]
        if let event: Int64 = row["lastDeadEvent"] { lastDead = (event, row["lastDeadRound"] ?? 0) }
        deathsToldAt = row["deathsToldAt"]
        ended = row["ended"]
        dropped = row["dropped"]
        cancelled = row["cancelled"]
    }

    private var isWatched: Bool { isCrossed || isTold || untold > 0 }

    func write(of subscription: Int64, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO health
                    (subscription, failures, since, crossed, told, toldAt, delivered, outcome, status, untold,
                     lastDeadEvent, lastDeadRound, deathsToldAt, ended, dropped, cancelled, watched)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            subscription, failures, since, isCrossed, isTold, toldAt, delivered, outcome, status, untold,
            lastDead?.event, lastDead?.round, deathsToldAt, ended, dropped, cancelled, isWatched,
        ])
    }

    /// Whether a report that was made at that time may be repeated.
    static func isDue(after told: Int64?, _ now: Instant) -> Bool {
        told.map { Instant(microseconds: $0) + HealthRule.pause <= now } ?? true
    }

    /// Whether a report of failure is due now.
    func tellsFailing(at now: Instant) -> Bool { isCrossed && !isTold && Self.isDue(after: toldAt, now) }

    /// Whether a report of dead normal deliveries is due now.
    func tellsDeaths(at now: Instant) -> Bool { untold > 0 && Self.isDue(after: deathsToldAt, now) }
}

/// The writer's knowledge of the health of subscriptions: its jobs may change it often, and it is written once for each
/// subscription and commit.
///
/// A part of ``WriterMemory``: only the writer's thread touches it, and it reads everything again after a rollback.
final class HealthCache {
    private var rows: [Int64: HealthRow] = [:]
    private var changed: Set<Int64> = []

    func load(_ database: Database) throws {
        rows = [:]
        changed = []
        for row in try Row.fetchAll(database, sql: "SELECT * FROM health") {
            rows[row["subscription"]] = HealthRow(row)
        }
    }

    subscript(subscription: Int64) -> HealthRow { rows[subscription] ?? HealthRow() }

    func change(_ subscription: Int64, _ change: (inout HealthRow) -> Void) {
        change(&rows[subscription, default: HealthRow()])
        changed.insert(subscription)
    }

    /// A success after a success is written once a second: it has no other news.
    func accepted(_ subscription: Int64, at ended: Int64, status: Int?) {
        if let row = rows[subscription], row.failures == 0, let last = row.delivered,
            ended - last < HealthRule.precision.microseconds
        {
            return
        }
        change(subscription) { row in
            if row.failures > 0 || row.since == nil { row.since = ended }
            row.failures = 0
            row.delivered = max(row.delivered ?? ended, ended)
            row.outcome = "accepted"
            row.status = status
        }
    }

    /// Its owner has changed the terms: earlier deliveries that met the end of its time are known.
    func forgetEnded(_ subscription: Int64) {
        if self[subscription].ended > 0 { change(subscription) { $0.ended = 0 } }
    }

    /// It was deleted.
    func forget(_ subscription: Int64) {
        rows[subscription] = nil
        changed.remove(subscription)
    }

    func flush(in database: Database) throws {
        guard !changed.isEmpty else { return }
        for subscription in changed { try rows[subscription]?.write(of: subscription, in: database) }
        changed = []
    }
}
