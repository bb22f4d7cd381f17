internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func retry(
        _ selection: DeliverySelection, at now: Instant, audited: AuditEntry?
    ) async throws(StoreError) -> Int {
        let sql = """
            UPDATE deliveries SET state = 0, due = ?, reason = NULL,
                spent = CASE state WHEN 3 THEN attempts ELSE spent END
            WHERE \(DeliveryID.condition) AND state = ?
                AND subscription IN (SELECT number FROM subscriptions WHERE deleted IS NULL)
            """
        let state = StateCode.of(selection.state)
        return try await move(SelectionQuery(selection, retriedAt: now), audited) { health, id in
            guard let place = try health.place(of: id), place.state == state else { return 0 }
            try health.database.cachedStatement(sql: sql).execute(
                arguments: [now.microseconds] + id.arguments + [state])
            guard health.database.changesCount == 1 else { return 0 }
            if state == StateCode.dead { health.memory.deliveryCounts.add(waiting: 1, dead: -1, to: place.counted) }
            return 1
        }
    }

    /// One statement: it runs once in years, and a partial result could not be recognized.
    func bringForward(
        by duration: Duration, of subscription: SubscriptionID, now: Instant
    ) async throws(StoreError) -> Int {
        let lanes = Lane.allCases.map { String($0.rawValue) }.joined(separator: ", ")
        let sql = """
            UPDATE deliveries SET due = max(?, due - ?) WHERE (\(DeliveryID.columns)) IN (
                SELECT \(DeliveryID.columns) FROM deliveries INDEXED BY deliveries_waiting
                WHERE state = 0 AND subscription = (SELECT number FROM subscriptions WHERE id = ?)
                    AND lane IN (\(lanes)) AND due > ?
            )
            """
        return try await write(.bringForward) { database in
            try database.cachedStatement(sql: sql).execute(arguments: [
                now.microseconds, duration.microseconds, subscription.text, now.microseconds,
            ])
            return database.changesCount
        }
    }

    func cancel(
        _ selection: DeliverySelection, _ reason: DeliveryState.CancelReason, audited: AuditEntry?
    ) async throws(StoreError) -> Int {
        let sql = "UPDATE deliveries SET state = 4, reason = ? WHERE \(DeliveryID.condition) AND state = ?"
        let state = StateCode.of(selection.state)
        return try await move(SelectionQuery(selection), audited) { health, id in
            guard let place = try health.place(of: id), place.state == state else { return 0 }
            try health.database.cachedStatement(sql: sql).execute(
                arguments: [reason.rawValue] + id.arguments + [state])
            guard health.database.changesCount == 1 else { return 0 }
            try health.cancelled(id, from: place, reason)
            return 1
        }
    }

    func count(_ selection: DeliverySelection) async throws(StoreError) -> Int {
        let query = SelectionQuery(selection)
        return try await read(.countSelection) { database in
            let sql = "SELECT count(*) FROM (\(query.sql))"
            return try Int.fetchOne(database, sql: sql, arguments: StatementArguments(query.arguments)) ?? 0
        }
    }

    /// Finds a thousand at a time beside the writer, and changes them in slices, until none is found.
    private func move(
        _ query: SelectionQuery, _ audited: AuditEntry?,
        _ one: @escaping @Sendable (HealthWork, DeliveryID) throws -> Int
    ) async throws(StoreError) -> Int {
        let slice = 1000
        let memory = memory
        var moved = 0
        var entry = audited
        while true {
            let ids = try await read(.moveSelection) { database in
                try Row.fetchAll(
                    database, sql: query.sql + " LIMIT \(slice)", arguments: StatementArguments(query.arguments)
                ).map { DeliveryID($0) }
            }
            if ids.isEmpty, entry == nil { return moved }
            let changed = try await write(.moveSelection, Job.Size(rows: max(ids.count, 1))) { [entry] database in
                guard try query.isInForce(in: database) else { return 0 }
                try AuditWork(database: database, memory: memory).note(entry)
                let health = HealthWork(database: database, memory: memory)
                return try ids.reduce(0) { try $0 + one(health, $1) }
            }
            entry = nil
            moved += changed
            // If other callers changed them first, only another search is left; that ends, too.
            if ids.count < slice || changed == 0 { return moved }
        }
    }

    /// The health of a subscription has it, to the second.
    func lastSuccess(of subscription: SubscriptionID) async throws(StoreError) -> Instant? {
        try await read(.readLastSuccess) { database in
            let sql = """
                SELECT h.delivered FROM health h JOIN subscriptions s ON s.number = h.subscription WHERE s.id = ?
                """
            return try Int64.fetchOne(database, sql: sql, arguments: [subscription.text])
                .map { Instant(microseconds: $0) }
        }
    }
}

/// The keys of the deliveries of a selection, found by the index of waiting or dead ones.
private struct SelectionQuery: Sendable {
    private(set) var sql: String
    private(set) var arguments: [DatabaseValue]
    private let subscription: SubscriptionID
    private let revision: Int64?

    /// - Parameter now: given if they are to become due; deliveries that are already due are left out.
    init(_ selection: DeliverySelection, retriedAt now: Instant? = nil) {
        subscription = selection.subscription
        revision = selection.revision
        arguments = [selection.subscription.text.databaseValue]
        let whose = "subscription = (SELECT number FROM subscriptions WHERE id = ?)"
        switch selection.state {
        case .waiting:
            let lanes = Lane.allCases.map { String($0.rawValue) }.joined(separator: ", ")
            sql = """
                SELECT \(DeliveryID.columns) FROM deliveries INDEXED BY deliveries_waiting
                WHERE state = 0 AND \(whose) AND lane IN (\(lanes))
                """
            if let now { add("due > ?", now) }
        case .dead:
            sql = """
                SELECT \(DeliveryID.columns) FROM deliveries INDEXED BY deliveries_dead
                WHERE state = 3 AND \(whose)
                """
            if !selection.includesDamaged { sql += " AND reason = '\(DeliveryState.DeathReason.exhausted.rawValue)'" }
            if let now { add("due <= ?", now) }
        }
        if let diedSince = selection.diedSince { add("due >= ?", diedSince) }
        if let since = selection.since { add("created >= ?", since) }
        if let until = selection.until { add("created < ?", until) }
    }

    /// Whether the subscription still is of the revision that is asked for. Read in the transaction that changes the
    /// deliveries, so that no change of the subscription comes between.
    func isInForce(in database: Database) throws -> Bool {
        guard let revision else { return true }
        let statement = try database.cachedStatement(sql: "SELECT revision FROM subscriptions WHERE id = ?")
        return try Int64.fetchOne(statement, arguments: [subscription.text]) == revision
    }

    private mutating func add(_ condition: String, _ instant: Instant) {
        sql += " AND " + condition
        arguments.append(instant.microseconds.databaseValue)
    }
}
