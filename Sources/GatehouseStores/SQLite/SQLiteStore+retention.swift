internal import Foundation
internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func prune(_ order: PruneOrder) async throws(StoreError) -> PruneSlice {
        switch order.what {
        case .attempts: try await pruneAttempts(order)
        case .events: try await pruneEvents(order)
        case .audit: try await pruneAudit(order)
        case .subscriptions: try await pruneSubscriptions(order)
        case .commands: try await prune(order, by: Self.pruneCommands)
        case .sessions: try await prune(order, by: Self.pruneSessions)
        case .incarnations: try await prune(order, by: Self.pruneIncarnations)
        case .erasures: try await prune(order, by: Self.pruneErasures)
        case .deliveries: PruneSlice()
        }
    }

    func diskShare() async -> Double? {
        guard let folder else { return nil }
        let figures = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        guard let size = figures?[.systemSize] as? NSNumber, let free = figures?[.systemFreeSize] as? NSNumber,
            size.doubleValue > 0
        else { return nil }
        return 1 - free.doubleValue / size.doubleValue
    }

    func lastBackup() async -> Instant? { file?.lastBackup }

    /// Finds events beside the writer, in the order of their positions, and deletes them through the writer.
    private func pruneEvents(_ order: PruneOrder) async throws(StoreError) -> PruneSlice {
        let found = try await read(.prune) { try EventPruning(order: order, database: $0).find() }
        guard !found.events.isEmpty else { return PruneSlice(next: found.next) }
        let memory = memory
        return try await write(.prune, Job.Size(rows: order.limit, isPrompt: false)) { database in
            try EventPruning(order: order, database: database).take(found, keeping: memory.deliveryCounts)
        }
    }

    /// Reads the records of attempts in the order of their events, up to the first event that is too young for an old
    /// attempt.
    private func pruneAttempts(_ order: PruneOrder) async throws(StoreError) -> PruneSlice {
        let found = try await read(.prune) { try AttemptPruning(order: order, database: $0).find() }
        guard !found.isEmpty else { return PruneSlice(next: found.next) }
        let memory = memory
        return try await write(.prune, Job.Size(rows: order.limit, isPrompt: false)) { database in
            try AttemptPruning(order: order, database: database).take(found, memory)
        }
    }

    /// Links with only old entries are deleted with their entries; the last of these links stays, as the beginning of
    /// the chain.
    private func pruneAudit(_ order: PruneOrder) async throws(StoreError) -> PruneSlice {
        guard let last = try await read(.prune, work: { try AuditPruning(order: order, database: $0).find() }) else {
            return PruneSlice()
        }
        let memory = memory
        return try await write(.prune, Job.Size(rows: order.limit, isPrompt: false)) { database in
            try AuditPruning(order: order, database: database).take(upTo: last, memory)
        }
    }

    /// The newest subscription stays, deleted or not, so that its number is not given again. Deliveries are removed
    /// with their events, so a deleted subscription has none when the events up to its deletion are gone.
    private func pruneSubscriptions(_ order: PruneOrder) async throws(StoreError) -> PruneSlice {
        let sql = """
            SELECT number, id FROM subscriptions s
            WHERE deleted < ? AND number < (SELECT max(number) FROM subscriptions)
            AND NOT EXISTS (SELECT 1 FROM events WHERE position <= s.lastEvent)
            ORDER BY number LIMIT ?
            """
        let arguments: StatementArguments = [order.before.microseconds, order.limit]
        guard try await read(.prune, work: { try Row.fetchOne($0, sql: sql, arguments: arguments) != nil }) else {
            return PruneSlice()
        }
        let memory = memory
        return try await write(.prune, Job.Size(rows: order.limit, isPrompt: false)) { database in
            let rows = try Row.fetchAll(database, sql: sql, arguments: arguments)
            for row in rows {
                let number: Int64 = row["number"]
                try database.execute(sql: "DELETE FROM subscriptions WHERE number = ?", arguments: [number])
                try database.execute(sql: "DELETE FROM odometers WHERE subscription = ?", arguments: [number])
                try database.execute(sql: "DELETE FROM health WHERE subscription = ?", arguments: [number])
                try database.execute(sql: "DELETE FROM untold WHERE subscription = ?", arguments: [number])
                try database.execute(sql: "DELETE FROM deaths WHERE subscription = ?", arguments: [number])
                try database.execute(sql: "DELETE FROM replays WHERE subscription = ?", arguments: [number])
                memory.forget(SubscriptionID(row["id"]))
            }
            return PruneSlice([.subscriptions: rows.count], next: Self.next(order, rows.count))
        }
    }

    private static let pruneCommands = """
        DELETE FROM commands WHERE id IN (
            SELECT id FROM commands INDEXED BY commands_by_begun
            WHERE begun < ? AND outcome IS NOT NULL ORDER BY begun LIMIT ?)
        """
    private static let pruneSessions = """
        DELETE FROM sessions WHERE hash IN (
            SELECT hash FROM sessions INDEXED BY sessions_ending WHERE expires <= ? LIMIT ?)
        """
    /// An incarnation with an unfinished command stays: ``lostCommands(limit:)`` needs it.
    private static let pruneIncarnations = """
        DELETE FROM incarnations WHERE number IN (
            SELECT number FROM incarnations WHERE ended < ?
            AND number NOT IN (SELECT incarnation FROM commands WHERE outcome IS NULL)
            ORDER BY number LIMIT ?)
        """

    private static let pruneErasures = """
        DELETE FROM erasures WHERE number IN (SELECT number FROM erasures WHERE ended < ? ORDER BY number LIMIT ?)
        """

    private func prune(_ order: PruneOrder, by sql: String) async throws(StoreError) -> PruneSlice {
        try await write(.prune, Job.Size(rows: order.limit, isPrompt: false)) { database in
            try database.execute(sql: sql, arguments: [order.before.microseconds, order.limit])
            let count = database.changesCount
            return PruneSlice([order.what: count], next: Self.next(order, count))
        }
    }

    /// Deleted rows are not found again, so the next slice begins where this one did.
    private static func next(_ order: PruneOrder, _ count: Int) -> PrunePlace? {
        count < order.limit ? nil : PrunePlace(0, 0)
    }
}
