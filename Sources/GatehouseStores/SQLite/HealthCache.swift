internal import GRDB
internal import GatehouseCore

/// The health of one subscription as its row has it; times are microseconds since 1970.
struct HealthRow: Hashable, Sendable {
    var failures = 0
    var since: Int64?
    /// Whether it is to be told that it fails.
    var isCrossed = false
    /// Whether it was told that it fails, and not yet that it recovered.
    var isTold = false
    var toldAt: Int64?
    var delivered: Int64?
    var outcome: String?
    var status: Int?
    /// How many normal deliveries died and were not told, the last of them, and when that was told last.
    var untold = 0
    var lastDead: Int64?
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
        lastDead = row["lastDead"]
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
                    (subscription, failures, since, crossed, told, toldAt, delivered, outcome, status, untold, lastDead,
                     deathsToldAt, ended, dropped, cancelled, watched)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            subscription, failures, since, isCrossed, isTold, toldAt, delivered, outcome, status, untold, lastDead,
            deathsToldAt, ended, dropped, cancelled, isWatched,
        ])
    }

    /// Whether something that was told at that time may be told again.
    static func isDue(after told: Int64?, _ now: Instant) -> Bool {
        told.map { Instant(microseconds: $0) + HealthRule.pause <= now } ?? true
    }

    /// Whether it is to be told now that it fails.
    func tellsFailing(at now: Instant) -> Bool { isCrossed && !isTold && Self.isDue(after: toldAt, now) }

    /// Whether it is to be told now that normal deliveries died.
    func tellsDeaths(at now: Instant) -> Bool { untold > 0 && Self.isDue(after: deathsToldAt, now) }
}

/// What the writer knows of the health of subscriptions: changed by its jobs as often as there is reason to, and
/// written once a subscription and commit.
///
/// A part of ``WriterMemory``: only the writer's thread touches it, and it reads everything anew where a commit is
/// undone.
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

    /// A success that follows a success is written once a second: it says nothing else that is new.
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

    /// Its owner has changed the terms: what met the end of its time before is known.
    func forgetEnded(_ subscription: Int64) {
        if self[subscription].ended > 0 { change(subscription) { $0.ended = 0 } }
    }

    /// It is deleted.
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
