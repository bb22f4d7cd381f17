internal import GRDB
internal import GatehouseCore

/// One slice of events to delete, with their deliveries and the records of their attempts.
struct EventPruning {
    /// How many events one slice reads: owed deliveries may hold most of them.
    static let looked = 1000
    /// How many deliveries one event has on average; further ones are left for the next slice.
    static let deliveriesOfEach = 5

    let order: PruneOrder
    let database: Database

    struct Found: Sendable {
        var events: [PrunePlace] = []
        var next: PrunePlace?
    }

    /// Whether something holds the event `e`: an owed delivery, one that died recently, or one that the odometers have
    /// not counted yet.
    private static let isHeld = """
        EXISTS (SELECT 1 FROM deliveries d WHERE d.event = e.position AND (
            d.state IN (0, 1) OR (d.state = 3 AND d.due >= ?) OR d.id > (SELECT delivery FROM folds)))
        """
    static let find = """
        SELECT position, received, \(isHeld) AS isHeld FROM events e INDEXED BY events_by_received
        WHERE received < ? AND received >= ? AND (received > ? OR position > ?)
        ORDER BY received, position LIMIT ?
        """

    /// The next events that may be deleted, by the time of their acceptance.
    func find() throws -> Found {
        let place = order.after ?? PrunePlace(Int64.min, Int64.min)
        let rows = try Row.fetchCursor(
            database, sql: Self.find,
            arguments: [
                order.deadBefore.microseconds, order.before.microseconds, place.first, place.first, place.second,
                Self.looked,
            ])
        var found = Found()
        var count = 0
        while let row = try rows.next() {
            count += 1
            let place = PrunePlace(row["received"], row["position"])
            if row["isHeld"] == false { found.events.append(place) }
            found.next = place
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
        for event in found.events where try !isHeld(event.second) {
            let gone = try takeDeliveries(of: event.second, limit: left, deliveryCounts)
            taken.merge(gone, uniquingKeysWith: +)
            left -= gone[.deliveries] ?? 0
            // An event with more deliveries is continued in the next slice.
            guard left > 0 else { return PruneSlice(taken, next: done ?? PrunePlace(Int64.min, Int64.min)) }
            try database.cachedStatement(sql: "DELETE FROM events WHERE position = ?").execute(arguments: [event.second]
            )
            try Watermarks.events.reach(event.second, in: database)
            taken[.events, default: 0] += 1
            done = event
        }
        return PruneSlice(taken, next: found.next)
    }

    private func isHeld(_ position: Int64) throws -> Bool {
        let sql = "SELECT \(Self.isHeld) FROM events e WHERE position = ?"
        return try Bool.fetchOne(
            database.cachedStatement(sql: sql), arguments: [order.deadBefore.microseconds, position]) ?? true
    }

    private func takeDeliveries(
        of position: Int64, limit: Int, _ deliveryCounts: DeliveryCounts
    ) throws -> [Prunable: Int] {
        let slice = "SELECT id FROM deliveries WHERE event = ? ORDER BY id LIMIT ?"
        try database.cachedStatement(sql: "DELETE FROM attempts WHERE delivery IN (\(slice))")
            .execute(arguments: [position, limit])
        let attempts = database.changesCount
        let dead = try database.cachedStatement(
            sql: "SELECT subscription, lane FROM deliveries WHERE id IN (\(slice)) AND state = 3")
        for row in try Row.fetchAll(dead, arguments: [position, limit]) {
            deliveryCounts.add(dead: -1, to: try DeliveryCounts.Place(row))
        }
        try database.cachedStatement(sql: "DELETE FROM deliveries WHERE id IN (\(slice))")
            .execute(arguments: [position, limit])
        return [.attempts: attempts, .deliveries: database.changesCount]
    }
}
