internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func begin(at now: Instant) async throws(StoreError) -> Incarnation {
        try await write { database in
            try database.execute(
                sql: "INSERT INTO incarnations (started, beat) VALUES (?, ?)",
                arguments: [now.microseconds, now.microseconds])
            return Incarnation(database.lastInsertedRowID)
        }
    }

    func beat(_ incarnation: Incarnation, at now: Instant) async throws(StoreError) {
        try await write { database in
            try database.execute(
                sql: "UPDATE incarnations SET beat = ? WHERE number = ? AND ended IS NULL",
                arguments: [now.microseconds, incarnation.number])
            guard database.changesCount == 1 else { throw StoreError.fenced }
        }
    }

    func end(_ incarnation: Incarnation, at now: Instant) async throws(StoreError) {
        try await write { database in
            try database.execute(
                sql: "UPDATE incarnations SET ended = ? WHERE number = ? AND ended IS NULL",
                arguments: [now.microseconds, incarnation.number])
            try Self.setFree("lease = ?", incarnation, now, in: database)
        }
    }

    /// The lock beside the file says that no other gateway lives, whatever the heartbeats say.
    func rescueOrphaned(
        heardBefore deadline: Instant, now: Instant, survivor: Incarnation
    ) async throws(StoreError) -> Int {
        try await write { database in
            try database.execute(
                sql: "UPDATE incarnations SET ended = ? WHERE ended IS NULL AND number <> ?",
                arguments: [now.microseconds, survivor.number])
            return try Self.setFree("lease <> ?", survivor, now, in: database)
        }
    }

    /// Makes what is leased waiting, due at once. What was leased for a subscription that has been deleted meanwhile is
    /// owed to nobody any more. Returns how many were set free.
    @discardableResult
    private static func setFree(
        _ condition: String, _ incarnation: Incarnation, _ now: Instant, in database: Database
    ) throws -> Int {
        try database.execute(
            sql: """
                UPDATE deliveries INDEXED BY deliveries_leased SET state = 4, reason = ?, lease = NULL
                WHERE state = 1 AND \(condition)
                AND subscription IN (SELECT number FROM subscriptions WHERE deleted IS NOT NULL)
                """,
            arguments: [DeliveryState.CancelReason.subscriptionDeleted.rawValue, incarnation.number])
        let cancelled = database.changesCount
        try database.execute(
            sql: """
                UPDATE deliveries INDEXED BY deliveries_leased SET state = 0, due = ?, lease = NULL
                WHERE state = 1 AND \(condition)
                """, arguments: [now.microseconds, incarnation.number])
        return cancelled + database.changesCount
    }
}
