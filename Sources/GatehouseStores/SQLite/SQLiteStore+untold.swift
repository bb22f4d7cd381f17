internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func untold(since: Instant) async throws(StoreError) -> [SubscriptionID: [UntoldAlarms]] {
        try await read(.readUntold) { database in
            // SQLite takes the value of a bare column from the row of the maximum.
            let sql = """
                SELECT s.id, u.kind, u.lacking, min(u.first) AS first, max(u.last) AS last, sum(u.count) AS count
                FROM untold u JOIN subscriptions s ON s.number = u.subscription
                WHERE s.deleted IS NULL AND u.last >= ? GROUP BY u.subscription, u.kind ORDER BY u.subscription, u.kind
                """
            var found: [SubscriptionID: [UntoldAlarms]] = [:]
            for row in try Row.fetchAll(database, sql: sql, arguments: [since.microseconds]) {
                guard let kind = Kind(named: row["kind"]) else { continue }
                let keys = (try? JSONParser.parse(Array((row["lacking"] as String).utf8)))?.items ?? []
                let alarms = UntoldAlarms(
                    kind, lacking: keys.compactMap(\.text), first: Instant(microseconds: row["first"]),
                    last: Instant(microseconds: row["last"]), count: row["count"])
                found[SubscriptionID(row["id"]), default: []].append(alarms)
            }
            return found
        }
    }
}

/// Records which alarms a subscription could not get, inside the transaction that stores the event or its result.
struct UntoldWork {
    let database: Database
    let memory: WriterMemory

    func note(_ alarm: UntoldAlarm) throws {
        guard let number = memory.number(of: alarm.subscription) else { return }
        let at = alarm.at.microseconds
        let lacking = JSON.array(alarm.lacking.map { .string($0) }).compact
        try database.cachedStatement(
            sql: """
                INSERT INTO untold (subscription, kind, hour, lacking, first, last, count) VALUES (?, ?, ?, ?, ?, ?, 1)
                ON CONFLICT (subscription, kind, hour) DO UPDATE SET
                    lacking = excluded.lacking, first = min(first, excluded.first), last = max(last, excluded.last),
                    count = count + 1
                """
        ).execute(arguments: [number, alarm.kind.name, Self.hour(alarm.at), lacking, at, at])
        try database.cachedStatement(sql: "DELETE FROM untold WHERE subscription = ? AND hour < ?")
            .execute(arguments: [number, Self.hour(alarm.at - UntoldAlarms.memory)])
    }

    private static func hour(_ instant: Instant) -> Int64 { instant.microseconds / 3_600_000_000 }

    /// A subscription gets other terms: alarms that could not be delivered under the old terms mean nothing for the new
    /// ones.
    static func forget(_ subscription: Int64, unlessItKeeps terms: [UInt8], in database: Database) throws {
        try database.cachedStatement(
            sql: """
                DELETE FROM untold WHERE subscription = ?1
                    AND (SELECT terms FROM subscriptions WHERE number = ?1) IS NOT ?2
                """
        ).execute(arguments: [subscription, terms.blob])
    }
}
