import GRDB
import GatehouseCore
import Synchronization
import Testing

@testable import GatehouseStores

/// Judges how SQLite finds the rows of statements: no statement may read the whole of a table that grows with events.
final class StatementPlans: Sendable {
    /// The tables that grow with events, changes or time.
    static let growing = [
        "events", "seen", "moments", "deliveries", "attempts", "formerDeliveries", "audit", "auditLinks", "commands",
        "numbers", "replays",
    ]

    /// Statements that read all rows of an index on purpose, by a part of their SQL.
    static let allowed: [(sql: String, why: String)] = [
        ("SELECT EXISTS (SELECT 1 FROM deliveries INDEXED BY deliveries_waiting", "ends at the first row"),
        ("SELECT second FROM moments ORDER BY second LIMIT 100", "ends after a hundred rows"),
        ("INDEXED BY moments_back", "goes back over the few runs of a clock that was set back"),
        ("INDEXED BY deliveries_leased WHERE state = 1 AND event <=", "lists the leased, which are few"),
        ("WHERE r.state = 0", "the replays that run, by their index"),
        ("SELECT last, hash FROM auditLinks ORDER BY last", "verifies the whole chain of the audit"),
        ("FROM audit ORDER BY number", "verifies the whole chain, or goes back over it up to a limit"),
        ("FROM audit WHERE time", "goes back over the audit, which has a row for each change"),
        ("GROUP BY subscription, lane", "counts what is open, once at the start, and what a dead gateway left"),
        ("min(event) AS first", "counts the leased deliveries, at most one for each place in memory"),
        ("lease <>", "frees the leases of dead gateways, by the index of leased deliveries"),
        ("WHERE outcome IS NULL", "the commands that run, by their index"),
    ]

    private let seen = Mutex<Set<String>>([])
    private let isWatching = Mutex(false)

    /// A store's tables, for planning statements.
    private static let tables = Result {
        let queue = try DatabaseQueue()
        try SQLiteSchema.migrator.migrate(queue)
        return queue
    }
    /// What was found about each statement.
    private static let known = Mutex<[String: [String]]>([:])

    /// Begins to note statements: those before make the tables.
    func watch() { isWatching.withLock { $0 = true } }

    /// Notes a statement.
    func note(_ sql: String) {
        guard isWatching.withLock({ $0 }) else { return }
        seen.withLock { _ = $0.insert(sql) }
    }

    /// The noted statements that read a whole table, each with that step of its plan.
    func findings() throws -> [String] { try seen.withLock { $0 }.sorted().flatMap { try Self.findings($0) } }

    /// The steps of one statement that read a whole table.
    static func findings(_ sql: String) throws -> [String] {
        if let found = known.withLock({ $0[sql] }) { return found }
        let found = try tables.get().read { try findings(sql, in: $0) }
        known.withLock { $0[sql] = found }
        return found
    }

    private static func findings(_ sql: String, in database: Database) throws -> [String] {
        let words = ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE"]
        guard words.contains(where: { sql.trimmingPrefix(while: \.isWhitespace).hasPrefix($0) }) else { return [] }
        guard !allowed.contains(where: { sql.contains($0.sql) }) else { return [] }
        let names = names(in: sql)
        let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
        // A plan needs no arguments.
        statement.setUncheckedArguments(StatementArguments())
        return try Row.fetchAll(statement).compactMap { row -> String? in
            let step: String = row["detail"]
            guard step.hasPrefix("SCAN "), let name = step.split(separator: " ").dropFirst().first,
                names.contains(String(name))
            else { return nil }
            return "\(step): \(sql)"
        }
    }

    /// The growing tables in a statement, by their names and by the names that the statement gives them.
    private static func names(in sql: String) -> Set<String> {
        let words = SQLWords.words(of: sql)
        var names: Set<String> = []
        for (place, word) in words.enumerated() {
            guard let table = growing.first(where: { $0.lowercased() == word }) else { continue }
            names.insert(table)
            if place + 1 < words.count { names.insert(words[place + 1]) }
        }
        return names
    }
}
