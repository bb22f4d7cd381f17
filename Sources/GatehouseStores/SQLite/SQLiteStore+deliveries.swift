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
                let claimed = try Self.claim(order, incarnation, in: database, memory)
                memory.deliveryCounts.add(waiting: -claimed.count, to: DeliveryCounts.Place(number, lane))
                rows += claimed
            }
            return (rows, try Self.dueTimes(number, in: database, memory))
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
        let id: DeliveryID
        let lane: Lane
        let attempts: Int
        let spent: Int
        let numbers: [UInt8]?
        let body: [UInt8]?

        /// A damaged event is nil: the delivery is given up then.
        var claimed: Claimed {
            let numbers = Numbers(stored: numbers, at: id.event)
            let event = body.flatMap { body in numbers.flatMap { Event(stored: body, numbers: $0) } }
            return Claimed(id: id, event: event, lane: lane, attempts: attempts, spent: spent)
        }
    }

    private static func claim(
        _ order: ClaimOrder, _ incarnation: Incarnation, in database: Database, _ memory: WriterMemory
    ) throws -> [ClaimedRow] {
        let rows = try memory.hot.statement(.claim, in: database)
            .bind(order.subscription).bind(order.lane.rawValue).bind(order.now.microseconds).bind(order.limit)
            .all { row in
                let event = EventPosition(row.integer())
                return ClaimedRow(
                    id: DeliveryID(event, order.subscription, round: Int(row.integer())), lane: order.lane,
                    attempts: Int(row.integer()), spent: Int(row.integer()), numbers: row.optionalBytes(),
                    body: row.optionalBytes())
            }
        let take = try memory.hot.statement(.take, in: database)
        for row in rows {
            try take.bind(incarnation.number).bind(row.id.event.number).bind(row.id.subscription).bind(row.id.round)
                .run()
        }
        return rows
    }

    /// One probe of the index for each lane, by the writer.
    private static func dueTimes(
        _ subscription: Int64, in database: Database, _ memory: WriterMemory
    ) throws -> DueTimes {
        let statement = try memory.hot.statement(.due, in: database)
        return try DueTimes { lane in
            try statement.bind(subscription).bind(lane.rawValue).first { Instant(microseconds: $0.integer()) }
        }
    }

    /// One probe of the index for each lane, beside the writer.
    static func dueTimes(_ subscription: Int64, in database: Database) throws -> DueTimes {
        let statement = try database.cachedStatement(sql: HotSQL.due.text)
        return try DueTimes { lane in
            try Int64.fetchOne(statement, arguments: [subscription, lane.rawValue]).map { Instant(microseconds: $0) }
        }
    }

    func record(_ settlements: [Settlement], by incarnation: Incarnation) async throws(StoreError) {
        guard !settlements.isEmpty else { return }
        let memory = memory
        let rows = settlements.map { SettledRow($0) }
        try await write(.record, Job.Size(rows: rows.count)) { database in
            let health = HealthWork(database: database, memory: memory)
            for row in rows { try row.write(by: incarnation, noting: health) }
        }
    }

    func leases(of incarnation: Incarnation) async throws(StoreError) -> [DeliveryID] {
        try await read(.readLeases) { database in
            let sql = """
                SELECT event, subscription, round FROM deliveries INDEXED BY deliveries_leased
                WHERE state = 1 AND lease = ?
                """
            return try Row.fetchAll(database, sql: sql, arguments: [incarnation.number]).map { DeliveryID($0) }
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
            let place = try HealthWork(database: database, memory: memory).place(of: delivery)
            let sql = """
                UPDATE deliveries SET state = 0, due = ?, reason = NULL,
                    spent = CASE state WHEN 3 THEN attempts ELSE spent END
                WHERE \(DeliveryID.condition) AND state IN (0, 3)
                    AND subscription IN (SELECT number FROM subscriptions WHERE deleted IS NULL)
                """
            try database.execute(sql: sql, arguments: [now.microseconds] + delivery.arguments)
            if database.changesCount == 0 {
                throw Self.refusal(
                    of: delivery, place, "it is neither waiting nor dead, or its subscription is gone")
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
            let place = try health.place(of: delivery)
            try database.execute(
                sql: "UPDATE deliveries SET state = 4, reason = ? WHERE \(DeliveryID.condition) AND state IN (0, 3)",
                arguments: [reason.rawValue] + delivery.arguments)
            guard database.changesCount == 1, let place else {
                throw Self.refusal(of: delivery, place, "it is neither waiting nor dead")
            }
            try health.cancelled(delivery, from: place, reason)
            try AuditWork(database: database, memory: memory).note(audited)
        }
    }

    private static func refusal(
        of delivery: DeliveryID, _ place: HealthWork.Place?, _ sentence: String
    ) -> StoreError {
        place == nil
            ? .missing : .conflict(index: nil, "the delivery \(delivery) is unchanged: \(sentence)", field: nil)
    }
}

extension DueTimes {
    /// Reads the time of each lane.
    fileprivate init(_ time: (Lane) throws -> Instant?) rethrows {
        self.init(urgent: try time(.urgent), normal: try time(.normal))
    }
}

extension DeliveryID {
    /// The condition on a row of `deliveries` or `attempts`; its arguments are ``arguments``.
    static let condition = "event = ? AND subscription = ? AND round = ?"
    /// The columns of the key.
    static let columns = "event, subscription, round"

    /// The arguments of ``condition``.
    var arguments: StatementArguments { [event.number, subscription, round] }

    /// Reads the key's columns.
    init(_ row: Row) {
        self.init(EventPosition(row["event"]), row["subscription"], round: row["round"])
    }
}
