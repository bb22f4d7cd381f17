internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func begin(at now: Instant) async throws(StoreError) -> Incarnation {
        try await write(.beginIncarnation) { database in
            try database.execute(
                sql: "INSERT INTO incarnations (started, beat) VALUES (?, ?)",
                arguments: [now.microseconds, now.microseconds])
            return Incarnation(database.lastInsertedRowID)
        }
    }

    func beat(_ incarnation: Incarnation, at now: Instant) async throws(StoreError) {
        try await write(.beat) { database in
            try database.execute(
                sql: "UPDATE incarnations SET beat = ? WHERE number = ? AND ended IS NULL",
                arguments: [now.microseconds, incarnation.number])
            guard database.changesCount == 1 else { throw StoreError.fenced }
        }
    }

    func leader() async throws(StoreError) -> Incarnation? {
        try await read(.readLeader) { database in
            try Int64.fetchOne(database, sql: "SELECT min(number) FROM incarnations WHERE ended IS NULL")
                .map { Incarnation($0) }
        }
    }

    func end(_ incarnation: Incarnation, at now: Instant) async throws(StoreError) {
        let memory = memory
        try await write(.endIncarnation) { database in
            try database.execute(
                sql: "UPDATE incarnations SET ended = ? WHERE number = ? AND ended IS NULL",
                arguments: [now.microseconds, incarnation.number])
            try Self.setFree("lease = ?", incarnation, now, in: database, memory)
        }
    }

    /// The lock beside the file proves that no other gateway is alive, independent of heartbeats.
    func rescueOrphaned(
        heardBefore deadline: Instant, now: Instant, survivor: Incarnation
    ) async throws(StoreError) -> Int {
        let memory = memory
        return try await write(.rescueOrphaned) { database in
            try database.execute(
                sql: "UPDATE incarnations SET ended = ? WHERE ended IS NULL AND number <> ?",
                arguments: [now.microseconds, survivor.number])
            return try Self.setFree("lease <> ?", survivor, now, in: database, memory)
        }
    }

    /// Makes leased deliveries waiting, due at once. A lease for a subscription that was deleted meanwhile is
    /// cancelled. Returns how many were released.
    @discardableResult
    private static func setFree(
        _ condition: String, _ incarnation: Incarnation, _ now: Instant, in database: Database, _ memory: WriterMemory
    ) throws -> Int {
        try database.execute(
            sql: """
                UPDATE deliveries INDEXED BY deliveries_leased SET state = 4, reason = ?, lease = NULL
                WHERE state = 1 AND \(condition)
                AND subscription IN (SELECT number FROM subscriptions WHERE deleted IS NOT NULL)
                """,
            arguments: [DeliveryState.CancelReason.subscriptionDeleted.rawValue, incarnation.number])
        let cancelled = database.changesCount
        let freed = try Row.fetchAll(
            database,
            sql: """
                SELECT subscription, lane, count(*) AS n FROM deliveries INDEXED BY deliveries_leased
                WHERE state = 1 AND \(condition) GROUP BY subscription, lane
                """, arguments: [incarnation.number])
        for row in freed { memory.deliveryCounts.add(waiting: row["n"], to: try DeliveryCounts.Place(row)) }
        try database.execute(
            sql: """
                UPDATE deliveries INDEXED BY deliveries_leased SET state = 0, due = ?, lease = NULL
                WHERE state = 1 AND \(condition)
                """, arguments: [now.microseconds, incarnation.number])
        return cancelled + database.changesCount
    }
}
