internal import GRDB
internal import GatehouseCore

/// One slice of events to delete, with their keys, their deliveries and the records of their attempts.
struct EventPruning {
    /// How many events one slice reads: owed deliveries may hold most of them.
    static let looked = 1000
    /// How many events that are too young end the search. Events are in the order of their acceptance, but for those of
    /// a clock that was set back.
    static let young = 200
    /// How many deliveries one event has on average; further ones are left for the next slice.
    static let deliveriesOfEach = 5

    let order: PruneOrder
    let database: Database

    struct Found: Sendable {
        var events: [Int64] = []
        var next: PrunePlace?
    }

    /// Whether something holds the event `e`: an owed delivery, one that died recently, or one that the odometers have
    /// not counted yet.
    private static let isHeld = """
        EXISTS (
            SELECT 1 FROM deliveries d WHERE d.event = e.position
            AND (d.state IN (0, 1) OR (d.state = 3 AND d.due >= ?) OR d.event > (SELECT position FROM folds)))
        """
    static let find = """
        SELECT position, received, \(isHeld) AS isHeld FROM events e
        WHERE position > ? ORDER BY position LIMIT ?
        """

    /// The next events that may be deleted, by their positions.
    func find() throws -> Found {
        let rows = try Row.fetchCursor(
            database, sql: Self.find,
            arguments: [order.deadBefore.microseconds, order.after?.first ?? 0, Self.looked])
        var found = Found()
        var (count, young) = (0, 0)
        while let row = try rows.next() {
            count += 1
            let position: Int64 = row["position"]
            found.next = PrunePlace(position, 0)
            guard row["received"] < order.before.microseconds else {
                young += 1
                if young < Self.young { continue }
                found.next = nil
                return found
            }
            if row["isHeld"] == false { found.events.append(position) }
            if found.events.count == order.limit { return found }
        }
        if count < Self.looked { found.next = nil }
        return found
    }

    /// Deletes them, if nothing holds them now either.
    func take(_ found: Found, keeping deliveryCounts: DeliveryCounts) throws -> PruneSlice {
        var taken: [Prunable: Int] = [:]
        var left = order.limit * Self.deliveriesOfEach
        var done = order.after
        for position in found.events where try !isHeld(position) {
            let gone = try takeDeliveries(of: position, limit: left, deliveryCounts)
            taken.merge(gone, uniquingKeysWith: +)
            left -= gone[.deliveries] ?? 0
            // An event with more deliveries is continued in the next slice.
            guard left > 0 else { return PruneSlice(taken, next: done ?? PrunePlace(0, 0)) }
            try takeKeys(of: position)
            try database.cachedStatement(sql: "DELETE FROM events WHERE position = ?").execute(arguments: [position])
            try Watermarks.events.reach(position, in: database)
            taken[.events, default: 0] += 1
            done = PrunePlace(position, 0)
        }
        try takeMoments()
        return PruneSlice(taken, next: found.next)
    }

    private func isHeld(_ position: Int64) throws -> Bool {
        let sql = "SELECT \(Self.isHeld) FROM events e WHERE position = ?"
        return try Bool.fetchOne(
            database.cachedStatement(sql: sql), arguments: [order.deadBefore.microseconds, position]) ?? true
    }

    /// An alarm whose id named another event before has its digest in its key, after a character that no id contains.
    private func takeKeys(of position: Int64) throws {
        try database.cachedStatement(
            sql: """
                DELETE FROM seen WHERE position = ?1 AND (organization, source, id) IN (
                    SELECT s.organization, s.source, s.id
                    FROM events e JOIN seen s ON s.organization = e.organization
                        AND s.source = CAST(e.body AS TEXT) ->> '$.source'
                        AND s.id >= CAST(e.body AS TEXT) ->> '$.id'
                        AND s.id < (CAST(e.body AS TEXT) ->> '$.id') || char(32)
                    WHERE e.position = ?1)
                """
        ).execute(arguments: [position])
    }

    private func takeDeliveries(
        of position: Int64, limit: Int, _ deliveryCounts: DeliveryCounts
    ) throws -> [Prunable: Int] {
        let slice = "SELECT subscription, round FROM deliveries WHERE event = ?1 ORDER BY subscription, round LIMIT ?2"
        let whose = "event = ?1 AND (subscription, round) IN (\(slice))"
        try database.cachedStatement(sql: "DELETE FROM attempts WHERE \(whose)")
            .execute(arguments: [position, limit])
        let attempts = database.changesCount
        let tried = try database.cachedStatement(
            sql: "SELECT count(*) FROM deliveries WHERE \(whose) AND tried IS NOT NULL")
        let inside = try Int.fetchOne(tried, arguments: [position, limit]) ?? 0
        let dead = try database.cachedStatement(
            sql: "SELECT subscription, lane FROM deliveries WHERE \(whose) AND state = 3")
        for row in try Row.fetchAll(dead, arguments: [position, limit]) {
            deliveryCounts.add(dead: -1, to: try DeliveryCounts.Place(row))
        }
        try database.cachedStatement(sql: "DELETE FROM formerDeliveries WHERE \(whose)")
            .execute(arguments: [position, limit])
        try database.cachedStatement(sql: "DELETE FROM deliveries WHERE \(whose)")
            .execute(arguments: [position, limit])
        return [.attempts: attempts + inside, .deliveries: database.changesCount]
    }

    /// Deletes the oldest runs whose events are all gone.
    private func takeMoments() throws {
        try database.cachedStatement(
            sql: """
                DELETE FROM moments
                WHERE second <= (SELECT max(second) FROM (SELECT second FROM moments ORDER BY second LIMIT 100))
                AND last < (SELECT min(position) FROM events)
                """
        ).execute()
    }
}
