internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func odometers(of subscriptions: [SubscriptionID]) async throws(StoreError) -> [SubscriptionID: Int64] {
        let names = JSON.array(subscriptions.map { .string($0.text) }).compact
        return try await read(.readOdometers) { database in
            // Deliveries that are not counted yet are one range of the key.
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT s.id, coalesce(o.folded, 0) + (
                        SELECT count(*) FROM deliveries d
                        WHERE d.event > (SELECT position FROM folds) AND d.subscription = s.number AND d.round = 0
                    ) AS total
                    FROM subscriptions s LEFT JOIN odometers o ON o.subscription = s.number
                    WHERE s.id IN (SELECT value FROM json_each(?))
                    """,
                arguments: [names])
            return Dictionary(
                rows.map { (SubscriptionID($0["id"]), $0["total"]) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Counts whole events. A slice may have more deliveries than the limit, because it ends with an event.
    func foldOdometers(limit: Int) async throws(StoreError) -> Int {
        try await write(.foldOdometers) { database in
            let last = try Int64.fetchOne(database, sql: "SELECT position FROM folds") ?? 0
            let end = try Int64.fetchOne(
                database,
                sql: "SELECT max(event) FROM (SELECT event FROM deliveries WHERE event > ? ORDER BY event LIMIT ?)",
                arguments: [last, limit])
            guard let end else { return 0 }
            try database.execute(
                sql: """
                    INSERT INTO odometers (subscription, folded)
                    SELECT subscription, count(*) FROM deliveries
                    WHERE event > ? AND event <= ? AND round = 0 GROUP BY subscription
                    ON CONFLICT (subscription) DO UPDATE SET folded = folded + excluded.folded
                    """, arguments: [last, end])
            let counted = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM deliveries WHERE event > ? AND event <= ?",
                arguments: [last, end])
            try database.execute(sql: "UPDATE folds SET position = ?", arguments: [end])
            return counted ?? 0
        }
    }
}
