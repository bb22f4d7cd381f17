internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func begin(_ order: Replay.Order, at now: Instant, audited: AuditEntry?) async throws(StoreError) -> Replay {
        let memory = memory
        return try await write(.beginReplay) { database in
            guard let number = memory.number(of: order.subscription) else { throw StoreError.missing }
            let last = try Int64.fetchOne(database, sql: "SELECT max(position) FROM events") ?? 0
            let first = try MomentQuery(database: database).firstEvent(since: order.since) ?? last + 1
            try database.execute(
                sql: """
                    INSERT INTO replays (subscription, since, until, kinds, created, first, last, reached, owed, state)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)
                    """,
                arguments: [
                    number, order.since.microseconds, order.until?.microseconds, order.storedKinds, now.microseconds,
                    first, last, first - 1, first > last ? ReplayRow.finished : ReplayRow.running,
                ])
            let id = ReplayID(database.lastInsertedRowID)
            try AuditWork(database: database, memory: memory).note(audited)
            return try ReplayRow.fetch(id, in: database)
        }
    }

    func replays(
        of subscription: SubscriptionID, before: ReplayID?, limit: Int
    ) async throws(StoreError) -> [Replay] {
        try await read(.readReplays) { database in
            let sql = ReplayRow.columns + " WHERE s.id = ? AND r.id < ? ORDER BY r.id DESC LIMIT ?"
            return try Row.fetchAll(
                database, sql: sql, arguments: [subscription.text, before?.number ?? Int64.max, limit]
            ).map { try ReplayRow.replay($0) }
        }
    }

    func replay(_ id: ReplayID) async throws(StoreError) -> Replay? {
        try await read(.readReplay) { database in
            try Row.fetchOne(database, sql: ReplayRow.columns + " WHERE r.id = ?", arguments: [id.number])
                .map { try ReplayRow.replay($0) }
        }
    }

    func runningReplays() async throws(StoreError) -> [Replay] {
        try await read(.readRunningReplays) { database in
            let sql = ReplayRow.columns + " WHERE r.state = \(ReplayRow.running) ORDER BY r.id"
            return try Row.fetchAll(database, sql: sql).map { try ReplayRow.replay($0) }
        }
    }

    func advance(_ step: ReplayStep, at now: Instant) async throws(StoreError) -> Replay {
        let memory = memory
        return try await write(.advanceReplay, Job.Size(rows: max(step.owed.count, 1))) { database in
            try ReplayWork(database: database, memory: memory, now: now).take(step)
        }
    }

    func cancel(
        _ id: ReplayID, _ reason: DeliveryState.CancelReason, audited: AuditEntry?
    ) async throws(StoreError) -> Replay {
        let memory = memory
        return try await write(.cancelReplay) { database in
            let present = try ReplayRow.fetch(id, in: database)
            guard present.state == .running else { return present }
            try database.execute(
                sql: "UPDATE replays SET state = ?, reason = ? WHERE id = ?",
                arguments: [ReplayRow.cancelled, reason.rawValue, id.number])
            try AuditWork(database: database, memory: memory).note(audited)
            return try ReplayRow.fetch(id, in: database)
        }
    }
}

/// One step of a replay, inside the transaction that makes it durable.
private struct ReplayWork {
    let database: Database
    let memory: WriterMemory
    let now: Instant

    func take(_ step: ReplayStep) throws -> Replay {
        let id = step.replay.id
        var replay = try ReplayRow.fetch(id, in: database)
        guard replay.state == .running, replay.course.reached == step.replay.course.reached else { return replay }
        if let number = memory.number(of: replay.order.subscription) {
            try fill(&replay, by: step, of: number)
        } else {
            replay.state = .cancelled(.subscriptionDeleted)
        }
        try ReplayRow.write(replay, in: database)
        return replay
    }

    private func fill(_ replay: inout Replay, by step: ReplayStep, of subscription: Int64) throws {
        var space = step.most - (try waiting(of: subscription, upTo: step.most))
        var reached = step.reached
        for position in step.owed where try isMissing(position, subscription) {
            guard space > 0 else {
                reached = EventPosition(position.number - 1)
                break
            }
            try insert(position, subscription, of: replay.id)
            replay.owed += 1
            space -= 1
        }
        replay.course.reached = max(reached, replay.course.reached)
        if replay.course.reached >= replay.course.end { replay.state = .finished }
    }

    private func waiting(of subscription: Int64, upTo most: Int) throws -> Int {
        let statement = try database.cachedStatement(
            sql: """
                SELECT count(*) FROM (
                    SELECT 1 FROM deliveries INDEXED BY deliveries_waiting
                    WHERE state = 0 AND subscription = ? LIMIT ?
                )
                """)
        return try Int.fetchOne(statement, arguments: [subscription, most]) ?? 0
    }

    /// Whether the event exists and the subscription has no owed delivery of it at present.
    private func isMissing(_ position: EventPosition, _ subscription: Int64) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: """
                SELECT EXISTS (SELECT 1 FROM events WHERE position = ?1) AND NOT EXISTS (
                    SELECT 1 FROM deliveries
                    WHERE event = ?1 AND subscription = ?2 AND state IN (0, 1)
                )
                """)
        return try Bool.fetchOne(statement, arguments: [position.number, subscription]) ?? false
    }

    private func insert(_ position: EventPosition, _ subscription: Int64, of replay: ReplayID) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO deliveries
                    (event, subscription, round, lane, state, due, attempts, spent, created)
                SELECT ?1, ?2, coalesce(max(round), 0) + 1, ?3, 0, ?4, 0, 0, ?4
                FROM deliveries WHERE event = ?1 AND subscription = ?2
                """)
        try statement.execute(
            arguments: [position.number, subscription, Lane.normal.rawValue, now.microseconds])
        memory.deliveryCounts.add(waiting: 1, to: DeliveryCounts.Place(subscription, .normal))
    }
}

/// The columns of replays.
private enum ReplayRow {
    static let running = 0
    static let finished = 1
    static let cancelled = 2

    static let columns = """
        SELECT r.*, s.id AS subscriptionID FROM replays r JOIN subscriptions s ON s.number = r.subscription
        """

    static func fetch(_ id: ReplayID, in database: Database) throws -> Replay {
        let row = try Row.fetchOne(database, sql: columns + " WHERE r.id = ?", arguments: [id.number])
        guard let row else { throw StoreError.missing }
        return try replay(row)
    }

    static func replay(_ row: Row) throws -> Replay {
        let kinds: String? = row["kinds"]
        let order = Replay.Order(
            SubscriptionID(row["subscriptionID"]), since: Instant(microseconds: row["since"]),
            until: (row["until"] as Int64?).map { Instant(microseconds: $0) },
            kinds: kinds.flatMap { (try? JSONParser.parse(Array($0.utf8)))?.items?.compactMap(\.text) })
        let first: Int64 = row["first"]
        let course = Replay.Course(
            start: EventPosition(first - 1), end: EventPosition(row["last"]), reached: EventPosition(row["reached"]))
        return Replay(
            id: ReplayID(row["id"]), order, created: Instant(microseconds: row["created"]), course: course,
            owed: row["owed"], state: try state(row))
    }

    private static func state(_ row: Row) throws -> Replay.State {
        switch row["state"] as Int {
        case running: return .running
        case finished: return .finished
        default:
            guard let reason = (row["reason"] as String?).flatMap({ DeliveryState.CancelReason(rawValue: $0) }) else {
                throw StoreError.corrupt("a replay is in a state that does not exist")
            }
            return .cancelled(reason)
        }
    }

    static func write(_ replay: Replay, in database: Database) throws {
        let (state, reason): (Int, String?) =
            switch replay.state {
            case .running: (running, nil)
            case .finished: (finished, nil)
            case .cancelled(let reason): (cancelled, reason.rawValue)
            }
        try database.cachedStatement(
            sql: "UPDATE replays SET reached = ?, owed = ?, state = ?, reason = ? WHERE id = ?"
        ).execute(arguments: [replay.course.reached.number, replay.owed, state, reason, replay.id.number])
    }
}

extension Replay.Order {
    fileprivate var storedKinds: String? {
        kinds.map { JSON.array($0.map { .string($0) }).compact }
    }
}
