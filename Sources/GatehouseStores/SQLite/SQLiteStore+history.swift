internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func deliveries(_ filter: DeliveryFilter) async throws(StoreError) -> DeliverySlice {
        try await read(.listDeliveries) { try DeliverySearch(filter, in: $0).slice() }
    }

    func outlines(of deliveries: [DeliveryID]) async throws(StoreError) -> [DeliveryID: DeliveryOutline] {
        let sql = """
            SELECT e.kind, \(EventConditions.door("e.")) AS door, \(EventConditions.doorName("e.")) AS doorName
            FROM events e WHERE e.position = ?
            """
        return try await read(.readOutlines) { database in
            let events = try database.cachedStatement(sql: sql)
            let attempts = try database.cachedStatement(sql: AttemptRow.all)
            var outlines: [DeliveryID: DeliveryOutline] = [:]
            for id in deliveries {
                guard let row = try Row.fetchOne(events, arguments: [id.event.number]) else { continue }
                let last = try Row.fetchAll(attempts, arguments: id.arguments).last
                outlines[id] = Self.outline(row, last)
            }
            return outlines
        }
    }

    private static func outline(_ row: Row, _ attempt: Row?) -> DeliveryOutline {
        let last = attempt.map {
            DeliveryOutline.LastAttempt(
                started: Instant(microseconds: $0["started"]), outcome: $0["outcome"], status: $0["status"])
        }
        return DeliveryOutline(
            kind: row["kind"], door: (row["door"] as String?).map { DoorID($0) }, doorName: row["doorName"], last: last)
    }

    func delivery(_ id: DeliveryID) async throws(StoreError) -> (delivery: Delivery, attempts: [Attempt])? {
        try await read(.readDelivery) { database in
            let sql = """
                \(DeliverySearch.columns) WHERE d.event = ? AND d.subscription = ? AND d.round = ?
                """
            guard let row = try Row.fetchOne(database, sql: sql, arguments: id.arguments) else { return nil }
            let delivery = try Self.delivery(row)
            let attempts = try Row.fetchAll(database, sql: AttemptRow.all, arguments: id.arguments)
            return (delivery, attempts.compactMap { AttemptRow.attempt($0, of: delivery.event) })
        }
    }

    func delivery(formerly number: Int64) async throws(StoreError) -> DeliveryID? {
        try await read(.readDelivery) { database in
            try Row.fetchOne(
                database, sql: "SELECT event, subscription, round FROM formerDeliveries WHERE number = ?",
                arguments: [number]
            ).map { DeliveryID($0) }
        }
    }

    func organization(of subscription: SubscriptionID) async throws(StoreError) -> OrganizationID? {
        try await read(.listDeliveries) { database in
            try String.fetchOne(
                database, sql: "SELECT organization FROM subscriptions WHERE id = ?", arguments: [subscription.text]
            ).map { OrganizationID($0) }
        }
    }

    /// Waiting and dead deliveries are counted already, and the index has the oldest one of each subscription.
    func backlog() async throws(StoreError) -> Backlog {
        let memory = memory
        return try await read(.readBacklog) { database in
            let counts = memory.deliveryCounts.counts
            let leased = try Row.fetchOne(
                database,
                sql: """
                    SELECT count(*) AS n, min(event) AS first
                    FROM deliveries INDEXED BY deliveries_leased WHERE state = 1
                    """)
            // The counts may be a commit older or newer than what is read here. So waiting and leased deliveries are
            // read together, and a delivery that changes from one to the other is never missed.
            let waits = try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM deliveries INDEXED BY deliveries_waiting WHERE state = 0)")
            let counted = counts.values.reduce(0) { $0 + $1.waiting }
            var first: Int64? = leased?["first"]
            for place in counts.keys {
                if let event = try OldestQuery(database: database).event(of: place) {
                    first = min(first ?? event, event)
                }
            }
            let received = try first.flatMap {
                try Int64.fetchOne(database, sql: "SELECT received FROM events WHERE position = ?", arguments: [$0])
            }
            var backlog = Backlog(
                waiting: waits == true ? max(counted, 1) : 0, leased: leased?["n"] ?? 0,
                oldest: received.map { Instant(microseconds: $0) })
            for (place, count) in counts where count.dead > 0 { backlog.dead[place.lane, default: 0] += count.dead }
            return backlog
        }
    }

    func isReady() async -> Bool {
        guard gate.takesEvents else { return false }
        return (try? await write(.checkReady) { try $0.execute(sql: "UPDATE pulse SET beats = beats + 1") }) != nil
    }

    static func delivery(_ row: Row) throws -> Delivery {
        guard let lane = Lane(rawValue: row["lane"]), let state = state(row) else {
            throw StoreError.corrupt("a delivery is in a state that does not exist")
        }
        return Delivery(
            id: DeliveryID(row),
            event: EventID(bytes: row.bytes("eventID")), subscription: SubscriptionID(row["subscriptionID"]),
            lane: lane,
            state: state, attempts: row["attempts"], created: Instant(microseconds: row["created"]))
    }

    private static func state(_ row: Row) -> DeliveryState? {
        let reason: String? = row["reason"]
        switch row["state"] as Int {
        case StateCode.waiting: return .waiting(until: Instant(microseconds: row["due"]))
        case StateCode.leased: return .leased(by: Incarnation(row["lease"]))
        case StateCode.delivered: return .delivered
        case StateCode.dead: return reason.flatMap { DeliveryState.DeathReason(rawValue: $0) }.map { .dead($0) }
        case StateCode.cancelled:
            return reason.flatMap { DeliveryState.CancelReason(rawValue: $0) }.map { .cancelled($0) }
        default: return nil
        }
    }
}
