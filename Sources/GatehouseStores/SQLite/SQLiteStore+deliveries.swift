internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func claimDue(
        _ subscription: SubscriptionID, _ lanes: [Lane], limit: Int, now: Instant, by incarnation: Incarnation
    ) async throws(StoreError) -> Claim {
        let memory = memory
        let (rows, next) = try await write(.claimDue, Job.Size(rows: max(limit, 1))) {
            database -> ([ClaimedRow], DueTimes) in
            guard let number = memory.number(of: subscription) else { return ([], DueTimes()) }
            var rows: [ClaimedRow] = []
            for lane in lanes where rows.count < limit {
                let order = ClaimOrder(subscription: number, lane: lane, limit: limit - rows.count, now: now)
                let claimed = try Self.claim(order, incarnation, in: database)
                memory.deliveryCounts.add(waiting: -claimed.count, to: DeliveryCounts.Place(number, lane))
                rows += claimed
            }
            return (rows, try Self.dueTimes(number, in: database))
        }
        // Read here and not on the writer's thread, for which all callers wait.
        return Claim(deliveries: rows.map(\.claimed), next: next)
    }

    private struct ClaimOrder {
        let subscription: Int64
        let lane: Lane
        let limit: Int
        let now: Instant
    }

    private struct ClaimedRow: Sendable {
        let id: Int64
        let lane: Lane
        let attempts: Int
        let spent: Int
        let isReplay: Bool
        let body: [UInt8]?

        var claimed: Claimed {
            Claimed(
                id: DeliveryID(id), event: body.flatMap { Event(stored: $0) }, lane: lane, attempts: attempts,
                spent: spent, isReplay: isReplay)
        }
    }

    private static func claim(
        _ order: ClaimOrder, _ incarnation: Incarnation, in database: Database
    ) throws -> [ClaimedRow] {
        let find = try database.cachedStatement(
            sql: """
                SELECT d.id, d.attempts, d.spent, d.replay, e.body
                FROM deliveries d INDEXED BY deliveries_waiting LEFT JOIN events e ON e.position = d.event
                WHERE d.state = 0 AND d.subscription = ? AND d.lane = ? AND d.due <= ?
                ORDER BY d.due LIMIT ?
                """)
        let rows = try Row.fetchAll(
            find, arguments: [order.subscription, order.lane.rawValue, order.now.microseconds, order.limit])
        let take = try database.cachedStatement(sql: "UPDATE deliveries SET state = 1, lease = ? WHERE id = ?")
        return try rows.map { row in
            let id: Int64 = row["id"]
            try take.execute(arguments: [incarnation.number, id])
            let body = row["body"] == nil ? nil : row.bytes("body")
            return ClaimedRow(
                id: id, lane: order.lane, attempts: row["attempts"], spent: row["spent"], isReplay: row["replay"],
                body: body)
        }
    }

    /// One probe of the index for each lane.
    static func dueTimes(_ subscription: Int64, in database: Database) throws -> DueTimes {
        let statement = try database.cachedStatement(
            sql: """
                SELECT due FROM deliveries INDEXED BY deliveries_waiting
                WHERE state = 0 AND subscription = ? AND lane = ? ORDER BY due LIMIT 1
                """)
        var times = DueTimes()
        for lane in Lane.allCases {
            times[lane] = try Int64.fetchOne(statement, arguments: [subscription, lane.rawValue])
                .map { Instant(microseconds: $0) }
        }
        return times
    }

    func record(_ settlements: [Settlement], by incarnation: Incarnation) async throws(StoreError) {
        guard !settlements.isEmpty else { return }
        let memory = memory
        let rows = settlements.map { SettledRow($0) }
        try await write(.record, Job.Size(rows: rows.count)) { database in
            let health = HealthWork(database: database, memory: memory)
            for row in rows { try row.write(by: incarnation, in: database, noting: health) }
        }
    }

    func leases(of incarnation: Incarnation) async throws(StoreError) -> [DeliveryID] {
        try await read(.readLeases) { database in
            let sql = "SELECT id FROM deliveries INDEXED BY deliveries_leased WHERE state = 1 AND lease = ?"
            return try Int64.fetchAll(database, sql: sql, arguments: [incarnation.number]).map { DeliveryID($0) }
        }
    }

    func due() async throws(StoreError) -> [Due] {
        try await read(.readDue) { database in
            let probe = """
                (SELECT min(due) FROM deliveries INDEXED BY deliveries_waiting
                 WHERE state = 0 AND subscription = s.number AND lane = %)
                """
            let lanes = Lane.allCases.map { probe.replacing("%", with: "\($0.rawValue)") + " AS lane\($0.rawValue)" }
            let sql = "SELECT id, \(lanes.joined(separator: ", ")) FROM subscriptions s WHERE deleted IS NULL"
            return try Row.fetchAll(database, sql: sql).compactMap { row in
                var times = DueTimes()
                for lane in Lane.allCases {
                    let due: Int64? = row["lane\(lane.rawValue)"]
                    times[lane] = due.map { Instant(microseconds: $0) }
                }
                return times.earliest.map { _ in Due(SubscriptionID(row["id"]), times) }
            }
        }
    }

    func retry(_ delivery: DeliveryID, at now: Instant, audited: AuditEntry?) async throws(StoreError) {
        let memory = memory
        try await write(.retryDelivery) { database in
            let place = try HealthWork(database: database, memory: memory).place(of: delivery.number)
            let sql = """
                UPDATE deliveries SET state = 0, due = ?, reason = NULL,
                    spent = CASE state WHEN 3 THEN attempts ELSE spent END
                WHERE id = ? AND state IN (0, 3)
                    AND subscription IN (SELECT number FROM subscriptions WHERE deleted IS NULL)
                """
            try database.execute(sql: sql, arguments: [now.microseconds, delivery.number])
            if database.changesCount == 0 {
                throw try Self.refusal(
                    of: delivery, "it is neither waiting nor dead, or its subscription is gone", database)
            }
            if let place, place.state == StateCode.dead {
                memory.deliveryCounts.add(waiting: 1, dead: -1, to: place.counted)
            }
            try AuditWork(database: database, memory: memory).note(audited)
        }
    }

    func cancel(_ delivery: DeliveryID, audited: AuditEntry?) async throws(StoreError) {
        let memory = memory
        try await write(.cancelDelivery) { database in
            let reason = DeliveryState.CancelReason.requested
            let health = HealthWork(database: database, memory: memory)
            let place = try health.place(of: delivery.number)
            try database.execute(
                sql: "UPDATE deliveries SET state = 4, reason = ? WHERE id = ? AND state IN (0, 3)",
                arguments: [reason.rawValue, delivery.number])
            guard database.changesCount == 1, let place else {
                throw try Self.refusal(of: delivery, "it is neither waiting nor dead", database)
            }
            try health.cancelled(delivery.number, from: place, reason)
            try AuditWork(database: database, memory: memory).note(audited)
        }
    }

    private static func refusal(
        of delivery: DeliveryID, _ sentence: String, _ database: Database
    ) throws -> StoreError {
        let sql = "SELECT 1 FROM deliveries WHERE id = ?"
        let isThere = try Int.fetchOne(database, sql: sql, arguments: [delivery.number]) != nil
        return isThere
            ? .conflict(index: nil, "the delivery \(delivery) is unchanged: \(sentence)", field: nil) : .missing
    }
}
