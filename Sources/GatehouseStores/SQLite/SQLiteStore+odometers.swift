internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func odometers(of subscriptions: [SubscriptionID]) async throws(StoreError) -> [SubscriptionID: Int64] {
        let names = JSON.array(subscriptions.map { .string($0.text) }).compact
        return try await read(.readOdometers) { database in
            // Deliveries that are not counted yet are one range of the index for each subscription.
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT s.id, coalesce(o.folded, 0) + (
                        SELECT count(*) FROM deliveries d
                        WHERE d.subscription = s.number AND d.id > (SELECT delivery FROM folds) AND d.replay = 0
                    ) AS total
                    FROM subscriptions s LEFT JOIN odometers o ON o.subscription = s.number
                    WHERE s.id IN (SELECT value FROM json_each(?))
                    """,
                arguments: [names])
            return Dictionary(
                rows.map { (SubscriptionID($0["id"]), $0["total"]) }, uniquingKeysWith: { first, _ in first })
        }
    }

    func foldOdometers(limit: Int) async throws(StoreError) -> Int {
        try await write(.foldOdometers) { database in
            let last = try Int64.fetchOne(database, sql: "SELECT delivery FROM folds") ?? 0
            let slice = "SELECT id, subscription, replay FROM deliveries WHERE id > ? ORDER BY id LIMIT ?"
            try database.execute(
                sql: """
                    INSERT INTO odometers (subscription, folded)
                    SELECT subscription, count(*) FROM (\(slice)) WHERE replay = 0 GROUP BY subscription
                    ON CONFLICT (subscription) DO UPDATE SET folded = folded + excluded.folded
                    """,
                arguments: [last, limit])
            let counted = try Row.fetchOne(
                database, sql: "SELECT count(*) AS rows, max(id) AS last FROM (\(slice))", arguments: [last, limit])
            guard let counted, let end: Int64 = counted["last"] else { return 0 }
            try database.execute(sql: "UPDATE folds SET delivery = ?", arguments: [end])
            return counted["rows"]
        }
    }
}
