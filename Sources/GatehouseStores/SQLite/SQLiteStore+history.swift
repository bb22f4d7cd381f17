internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func deliveries(_ filter: DeliveryFilter) async throws(StoreError) -> [Delivery] {
        try await read(.listDeliveries) { database in
            let query = DeliveryQuery(filter)
            let rows = try Row.fetchAll(database, sql: query.sql, arguments: StatementArguments(query.arguments))
            return try rows.map { try Self.delivery($0) }
        }
    }

    func outlines(of deliveries: [DeliveryID]) async throws(StoreError) -> [DeliveryID: DeliveryOutline] {
        let sql = """
            SELECT d.id, e.kind, \(EventConditions.door("e.")) AS door, \(EventConditions.doorName("e.")) AS doorName,
                a.started, a.outcome, a.status
            FROM deliveries d JOIN events e ON e.position = d.event
            LEFT JOIN attempts a ON a.delivery = d.id AND (a.number, a.lease) = (\(DeliveryQuery.lastAttempt))
            WHERE d.id IN (SELECT value FROM json_each(?))
            """
        let ids = JSON.array(deliveries.map { .integer($0.number) })
        return try await read(.readOutlines) { database in
            let rows = try Row.fetchAll(database, sql: sql, arguments: [String(decoding: ids.bytes, as: UTF8.self)])
            let outlines = rows.map { (DeliveryID($0["id"]), Self.outline($0)) }
            return Dictionary(outlines, uniquingKeysWith: { first, _ in first })
        }
    }

    private static func outline(_ row: Row) -> DeliveryOutline {
        let started: Int64? = row["started"]
        let last = started.map {
            DeliveryOutline.LastAttempt(
                started: Instant(microseconds: $0), outcome: row["outcome"], status: row["status"])
        }
        return DeliveryOutline(
            kind: row["kind"], door: (row["door"] as String?).map { DoorID($0) }, doorName: row["doorName"], last: last)
    }

    func delivery(_ id: DeliveryID) async throws(StoreError) -> (delivery: Delivery, attempts: [Attempt])? {
        try await read(.readDelivery) { database in
            let sql = DeliveryQuery.columns + " WHERE d.id = ?"
            guard let row = try Row.fetchOne(database, sql: sql, arguments: [id.number]) else { return nil }
            let attempts = try Row.fetchAll(
                database, sql: "SELECT * FROM attempts WHERE delivery = ? ORDER BY number, lease",
                arguments: [id.number])
            return (try Self.delivery(row), attempts.compactMap { AttemptRow.attempt($0) })
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

    private static func delivery(_ row: Row) throws -> Delivery {
        guard let lane = Lane(rawValue: row["lane"]), let state = state(row) else {
            throw StoreError.corrupt("a delivery is in a state that does not exist")
        }
        return Delivery(
            id: DeliveryID(row["id"]),
            event: EventID(bytes: row.bytes("eventID")), subscription: SubscriptionID(row["subscriptionID"]),
            lane: lane,
            state: state, attempts: row["attempts"], created: Instant(microseconds: row["created"]),
            isReplay: row["replay"])
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

/// The statement for a filter.
private struct DeliveryQuery {
    static let columns = """
        SELECT d.*, e.id AS eventID, s.id AS subscriptionID
        FROM deliveries d JOIN events e ON e.position = d.event JOIN subscriptions s ON s.number = d.subscription
        """
    /// Number and lease of the last stored attempt: two gateways may have made attempts with the same number.
    static let lastAttempt = """
        SELECT number, lease FROM attempts WHERE delivery = d.id ORDER BY number DESC, lease DESC LIMIT 1
        """

    private(set) var arguments: [(any DatabaseValueConvertible)?] = []
    private var conditions: [String] = []
    private let limit: Int

    init(_ filter: DeliveryFilter) {
        limit = min(max(filter.limit, 1), 1000)
        if let subscription = filter.subscription {
            add("d.subscription = (SELECT number FROM subscriptions WHERE id = ?)", subscription.text)
        }
        if let event = filter.event { add("d.event = (SELECT position FROM events WHERE id = ?)", event.bytes.blob) }
        if let state = filter.state { add("d.state = \(StateCode.of(state))") }
        if let before = filter.before { add("d.id < ?", before.number) }
        if let organizations = filter.organizations {
            let names = JSON.array(organizations.map { .string($0.text) })
            add("s.organization IN (SELECT value FROM json_each(?))", String(decoding: names.bytes, as: UTF8.self))
        }
        if let since = filter.since { add("d.created >= ?", since.microseconds) }
        if let until = filter.until { add("d.created < ?", until.microseconds) }
        if let outcome = filter.outcome {
            let last = "SELECT outcome FROM attempts WHERE delivery = d.id ORDER BY number DESC, lease DESC LIMIT 1"
            add("(\(last)) = ?", outcome)
        }
        let ofEvents = EventConditions(kinds: filter.kinds, doors: filter.doors, prefix: "e.")
        conditions += ofEvents.sql
        arguments += ofEvents.arguments
    }

    var sql: String {
        let filtered = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return Self.columns + filtered + " ORDER BY d.id DESC LIMIT \(limit)"
    }

    private mutating func add(_ condition: String, _ value: (any DatabaseValueConvertible)? = nil) {
        conditions.append(condition)
        if let value { arguments.append(value) }
    }
}
