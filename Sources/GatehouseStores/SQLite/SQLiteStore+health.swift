internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func health(
        of subscriptions: [SubscriptionID]?
    ) async throws(StoreError) -> [SubscriptionID: SubscriptionHealth] {
        let names = subscriptions.map { JSON.array($0.map { .string($0.text) }).compact }
        let memory = memory
        return try await read(.readHealth) { database in
            let counts = memory.deliveryCounts.counts
            let chosen = names == nil ? "" : "AND s.id IN (SELECT value FROM json_each(?))"
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT s.id AS name, s.number, h.* FROM subscriptions s
                    LEFT JOIN health h ON h.subscription = s.number WHERE s.deleted IS NULL \(chosen)
                    """,
                arguments: names.map { [$0] } ?? [])
            var found: [SubscriptionID: SubscriptionHealth] = [:]
            for row in rows {
                let number: Int64 = row["number"]
                let known = row["subscription"] == nil ? HealthRow() : HealthRow(row)
                var health = SubscriptionHealth(known)
                for lane in Lane.allCases {
                    guard let count = counts[DeliveryCounts.Place(number, lane)] else { continue }
                    health.waiting[lane] = count.waiting
                    health.dead[lane] = count.dead
                }
                try Self.addTimes(to: &health, number, in: database)
                found[SubscriptionID(row["name"])] = health
            }
            return found
        }
    }

    /// The times from the indexes: one probe each, if there is anything.
    private static func addTimes(
        to health: inout SubscriptionHealth, _ number: Int64, in database: Database
    ) throws {
        let query = OldestQuery(database: database)
        let lanes = Lane.allCases.filter { (health.waiting[$0] ?? 0) + (health.dead[$0] ?? 0) > 0 }
        let oldest = try lanes.compactMap { try query.event(of: DeliveryCounts.Place(number, $0)) }.min()
        health.oldest = try oldest.flatMap { try query.received($0) }
        if health.waitingCount > 0 {
            health.nextTry = try dueTimes(number, in: database).earliest
        }
    }

    func healthNews(at now: Instant, limit: Int) async throws(StoreError) -> [HealthNews] {
        let urgent = memory.deliveryCounts.counts.compactMap { place, count in
            place.lane == .urgent && count.waiting > 0 ? place.subscription : nil
        }
        return try await read(.readHealthNews) { database in
            let search = HealthSearch(database: database, now: now)
            return Array((try search.turns() + search.waits(urgent) + search.deaths(limit)).prefix(limit))
        }
    }

    func tell(_ news: HealthNews, by changeEvents: ChangeEvents, at now: Instant) async throws(StoreError) -> [Appended]
    {
        let memory = memory
        let rows = changeEvents.entries.map { EventRow($0) }
        return try await write(.tellHealth) { database in
            guard let number = memory.number(of: news.subscription) else { return [] }
            let reported = HealthTelling(database: database, memory: memory, now: now)
            guard try reported.isStillDue(news.change, of: number) else { return [] }
            // The first step is refused before it has written anything, or not at all: so the note comes after it.
            let appended = try AppendWork(database: database, memory: memory, incarnation: changeEvents.incarnation)
                .run(
                    rows)
            try reported.note(news.change, of: number)
            return appended
        }
    }
}

/// Finds pending reports beside the writer.
private struct HealthSearch {
    let database: Database
    let now: Instant

    func deaths(_ limit: Int) throws -> [HealthNews] {
        let sql = """
            SELECT d.*, s.id FROM deaths d JOIN subscriptions s ON s.number = d.subscription
            WHERE s.deleted IS NULL ORDER BY d.event, d.subscription, d.round LIMIT ?
            """
        return try Row.fetchAll(database, sql: sql, arguments: [limit]).map { row in
            HealthNews(SubscriptionID(row["id"]), .died(DeliveryID(row), count: 1, lane: .urgent))
        }
    }

    /// Subscriptions that began to fail, that recovered, and whose normal deliveries died.
    func turns() throws -> [HealthNews] {
        let sql = """
            SELECT s.id, h.* FROM health h INDEXED BY health_watched JOIN subscriptions s ON s.number = h.subscription
            WHERE h.watched = 1 AND s.deleted IS NULL
            """
        return try Row.fetchAll(database, sql: sql).flatMap { row in
            let health = HealthRow(row)
            let id = SubscriptionID(row["id"])
            var news: [HealthNews] = []
            if health.tellsDeaths(at: now), let last = health.lastDead {
                let delivery = DeliveryID(EventPosition(last.event), row["subscription"], round: last.round)
                news.append(HealthNews(id, .died(delivery, count: health.untold, lane: .normal)))
            }
            if health.tellsFailing(at: now) { news.append(HealthNews(id, .failing)) }
            if health.isTold, health.failures == 0, try !isOverdue(row["subscription"]) {
                news.append(HealthNews(id, .recovered))
            }
            return news
        }
    }

    /// Subscriptions whose oldest urgent delivery waits too long, among those with urgent deliveries.
    func waits(_ candidates: [Int64]) throws -> [HealthNews] {
        let query = OldestQuery(database: database)
        return try candidates.compactMap { number in
            guard let since = try query.urgentSince(number), since + HealthRule.urgentPatience <= now else {
                return nil
            }
            let sql = """
                SELECT s.id, h.* FROM subscriptions s LEFT JOIN health h ON h.subscription = s.number
                WHERE s.number = ? AND s.deleted IS NULL
                """
            guard let row = try Row.fetchOne(database.cachedStatement(sql: sql), arguments: [number]) else {
                return nil
            }
            let health = row["subscription"] == nil ? HealthRow() : HealthRow(row)
            guard !health.isTold, !health.isCrossed, HealthRow.isDue(after: health.toldAt, now) else { return nil }
            return HealthNews(SubscriptionID(row["id"]), .waiting(since: since))
        }
    }

    private func isOverdue(_ number: Int64) throws -> Bool {
        try OldestQuery(database: database).isOverdue(number, at: now)
    }
}

/// Compares a pending report with the present rows, and records that it was made.
private struct HealthTelling {
    let database: Database
    let memory: WriterMemory
    let now: Instant

    func isStillDue(_ change: HealthNews.Change, of number: Int64) throws -> Bool {
        let row = memory.health[number]
        switch change {
        case .failing: return row.tellsFailing(at: now)
        case .waiting: return try !row.isTold && HealthRow.isDue(after: row.toldAt, now) && isOverdue(number)
        case .recovered: return try row.isTold && row.failures == 0 && !isOverdue(number)
        case .died(_, let count, .normal): return row.tellsDeaths(at: now) && row.untold >= count
        case .died(let delivery, _, .urgent):
            guard delivery.subscription == number else { return false }
            let sql = "SELECT 1 FROM deaths WHERE \(DeliveryID.condition)"
            return try Int.fetchOne(database, sql: sql, arguments: delivery.arguments) != nil
        }
    }

    func note(_ change: HealthNews.Change, of number: Int64) throws {
        switch change {
        case .failing, .waiting:
            memory.health.change(number) { row in
                row.isCrossed = false
                row.isTold = true
                row.toldAt = now.microseconds
            }
        case .recovered: memory.health.change(number) { $0.isTold = false }
        case .died(_, let count, .normal):
            memory.health.change(number) { row in
                row.untold -= count
                row.deathsToldAt = now.microseconds
            }
        case .died(let delivery, _, .urgent):
            try database.execute(
                sql: "DELETE FROM deaths WHERE \(DeliveryID.condition)", arguments: delivery.arguments)
        }
    }

    private func isOverdue(_ number: Int64) throws -> Bool {
        try OldestQuery(database: database).isOverdue(number, at: now)
    }
}

extension OldestQuery {
    /// Whether an urgent delivery waits too long.
    fileprivate func isOverdue(_ subscription: Int64, at now: Instant) throws -> Bool {
        try urgentSince(subscription).map { $0 + HealthRule.urgentPatience <= now } ?? false
    }
}

extension SubscriptionHealth {
    fileprivate init(_ row: HealthRow) {
        self.init()
        consecutiveFailures = row.failures
        since = row.since.map { Instant(microseconds: $0) }
        isFailing = row.isTold || row.failures >= HealthRule.failures
        lastDelivered = row.delivered.map { Instant(microseconds: $0) }
        lastOutcome = row.outcome
        lastStatus = row.status
        ended = row.ended
        dropped = row.dropped
        cancelled = row.cancelled
    }
}
