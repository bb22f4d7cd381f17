internal import GRDB
internal import GatehouseCore

/// Which positions were given in which second: a row for each second with events, so that events need no index of their
/// times or ids.
///
/// A part of ``WriterMemory``: only the writer's thread notes positions, and the rows of one commit are written at its
/// end. Events of one second may be stored a little out of order, and a clock may be set back, so a second may have
/// several runs.
final class Moments {
    /// How many positions of other seconds may lie inside one run.
    private static let widest: Int64 = 1000
    /// For how many seconds a run may be continued while later ones begin.
    static let overlap: Int64 = 60
    /// How many runs may be continued.
    private static let most = 128

    private struct Run {
        let second: Int64
        let first: Int64
        var last: Int64
        let isPeak: Bool
        var isStored = false
        var isChanged = true
    }

    private var runs: [Int64: Run] = [:]
    /// Runs of this commit that are not continued.
    private var ended: [Run] = []
    private var newest = Int64.min

    /// Reads the newest runs; those of a clock that was set back begin anew.
    func load(_ database: Database, prefix: String = "") throws {
        runs = [:]
        ended = []
        newest = try Int64.fetchOne(database, sql: "SELECT max(second) FROM \(prefix)moments") ?? Int64.min
        let sql = "SELECT * FROM \(prefix)moments WHERE second >= ? ORDER BY second, first"
        let since = newest == Int64.min ? newest : newest - Self.overlap
        for row in try Row.fetchAll(database, sql: sql, arguments: [since]) {
            let second: Int64 = row["second"]
            runs[second] = Run(
                second: second, first: row["first"], last: row["last"], isPeak: row["peak"], isStored: true,
                isChanged: false)
        }
    }

    /// Notes a new event.
    func note(_ position: Int64, received: Int64) {
        let second = Self.second(received)
        if let run = runs[second] {
            if position - run.last <= Self.widest, !run.isPeak || newest - second <= Self.overlap {
                runs[second]?.last = position
                runs[second]?.isChanged = true
                return
            }
            if run.isChanged { ended.append(run) }
        }
        runs[second] = Run(second: second, first: position, last: position, isPeak: second > newest)
        newest = max(newest, second)
    }

    /// Writes the runs that the commit changed.
    func flush(in database: Database, prefix: String = "") throws {
        for run in ended { try write(run, in: database, prefix) }
        ended = []
        for run in runs.values where run.isChanged {
            try write(run, in: database, prefix)
            runs[run.second]?.isStored = true
            runs[run.second]?.isChanged = false
        }
        while runs.count > Self.most, let oldest = runs.values.min(by: { $0.last < $1.last }) {
            runs[oldest.second] = nil
        }
    }

    private func write(_ run: Run, in database: Database, _ prefix: String) throws {
        if run.isStored {
            let sql = "UPDATE \(prefix)moments SET last = ? WHERE second = ? AND first = ?"
            try database.cachedStatement(sql: sql).execute(arguments: [run.last, run.second, run.first])
        } else {
            let sql = "INSERT INTO \(prefix)moments (second, first, last, peak) VALUES (?, ?, ?, ?)"
            try database.cachedStatement(sql: sql).execute(arguments: [run.second, run.first, run.last, run.isPeak])
        }
    }

    /// The second of an instant, since 1970.
    static func second(_ microseconds: Int64) -> Int64 {
        let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

/// Finds positions by times and ids.
struct MomentQuery {
    let database: Database

    /// No event before this position was accepted at the instant or later; nil if none was at all.
    func first(since instant: Instant) throws -> Int64? {
        let statement = try database.cachedStatement(
            sql: "SELECT first FROM moments WHERE second >= ? AND peak = 1 ORDER BY second LIMIT 1")
        return try Int64.fetchOne(statement, arguments: [Moments.second(instant.microseconds)])
    }

    /// The first event that was accepted at the instant or later; nil if there is none.
    func firstEvent(since instant: Instant) throws -> Int64? {
        guard let first = try first(since: instant) else { return nil }
        let statement = try database.cachedStatement(
            sql: "SELECT position FROM events WHERE position >= ? AND received >= ? ORDER BY position LIMIT 1")
        return try Int64.fetchOne(statement, arguments: [first, instant.microseconds])
    }

    /// No event from this position on was accepted before the instant; nil if that may be any.
    func end(until instant: Instant) throws -> Int64? {
        let second = Moments.second(instant.microseconds)
        let later = try database.cachedStatement(
            sql: "SELECT first FROM moments WHERE second > ? AND peak = 1 ORDER BY second LIMIT 1")
        guard let first = try Int64.fetchOne(later, arguments: [second]) else { return nil }
        // Positions that were given in this second or before, but after that run had begun.
        let within = try database.cachedStatement(
            sql: "SELECT max(last) FROM moments WHERE second BETWEEN ? AND ? AND peak = 1")
        let overlapping = try Int64.fetchOne(within, arguments: [second - Moments.overlap, second]) ?? 0
        let back = try database.cachedStatement(
            sql: """
                SELECT last FROM moments INDEXED BY moments_back
                WHERE peak = 0 AND second <= ? ORDER BY last DESC LIMIT 1
                """)
        let late = try Int64.fetchOne(back, arguments: [second]) ?? 0
        return max(first, overlapping + 1, late + 1)
    }

    /// The position of an event; nil if there is none with that id. An id begins with the time at which its event was
    /// accepted.
    func position(of id: EventID) throws -> Int64? {
        let second = Int64(id.high >> 16) / 1000
        let runs = try database.cachedStatement(sql: "SELECT first, last FROM moments WHERE second = ?")
        let find = try database.cachedStatement(
            sql: "SELECT position FROM events WHERE position BETWEEN ? AND ? AND id = ? LIMIT 1")
        for run in try Row.fetchAll(runs, arguments: [second]) {
            let arguments: StatementArguments = [run["first"] as Int64, run["last"] as Int64, id.bytes.blob]
            if let position = try Int64.fetchOne(find, arguments: arguments) { return position }
        }
        return nil
    }
}
