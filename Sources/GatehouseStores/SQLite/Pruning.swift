internal import GRDB
internal import GatehouseCore

/// One slice of events that go, with their deliveries and the records of their attempts.
struct EventPruning {
    /// How many events are looked at for one slice: most may be held by what is owed.
    static let looked = 1000
    /// How many deliveries go with an event that is taken out, on average; the rest is for the next slice.
    static let deliveriesOfEach = 5

    let order: PruneOrder
    let database: Database

    struct Found: Sendable {
        var events: [PrunePlace] = []
        var next: PrunePlace?
    }

    /// Whether something holds the event `e`: a delivery that is owed, one that died not long ago, or one that the
    /// odometers have not counted yet.
    private static let isHeld = """
        EXISTS (SELECT 1 FROM deliveries d WHERE d.event = e.position AND (
            d.state IN (0, 1) OR (d.state = 3 AND d.due >= ?) OR d.id > (SELECT delivery FROM folds)))
        """
    static let find = """
        SELECT position, received, \(isHeld) AS isHeld FROM events e INDEXED BY events_by_received
        WHERE received < ? AND received >= ? AND (received > ? OR position > ?)
        ORDER BY received, position LIMIT ?
        """

    /// The next that may go, by when they were taken.
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

    /// Takes them out where nothing holds them now either.
    func take(_ found: Found) throws -> PruneSlice {
        var taken: [Prunable: Int] = [:]
        var left = order.limit * Self.deliveriesOfEach
        var done = order.after
        for event in found.events where try !isHeld(event.second) {
            let gone = try takeDeliveries(of: event.second, limit: left)
            taken.merge(gone, uniquingKeysWith: +)
            left -= gone[.deliveries] ?? 0
            // One with more deliveries than that goes on in the next slice.
            guard left > 0 else { return PruneSlice(taken, next: done ?? PrunePlace(Int64.min, Int64.min)) }
            try database.cachedStatement(sql: "DELETE FROM events WHERE position = ?").execute(arguments: [event.second]
            )
            try Marks.events.reach(event.second, in: database)
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

    private func takeDeliveries(of position: Int64, limit: Int) throws -> [Prunable: Int] {
        let slice = "SELECT id FROM deliveries WHERE event = ? ORDER BY id LIMIT ?"
        try database.cachedStatement(sql: "DELETE FROM attempts WHERE delivery IN (\(slice))")
            .execute(arguments: [position, limit])
        let attempts = database.changesCount
        try database.cachedStatement(sql: "DELETE FROM deliveries WHERE id IN (\(slice))")
            .execute(arguments: [position, limit])
        return [.attempts: attempts, .deliveries: database.changesCount]
    }
}

/// One slice of records of attempts that go, while their deliveries stay.
struct AttemptPruning {
    /// How many records are looked at for one slice.
    static let looked = 1000

    let order: PruneOrder
    let database: Database

    struct Name: Sendable {
        let delivery: Int64
        let number: Int64
        let lease: Int64
    }

    struct Found: Sendable {
        var attempts: [Name] = []
        var next: PrunePlace?
    }

    static let find = """
        SELECT a.delivery, a.number, a.lease, a.started, d.created
        FROM attempts a LEFT JOIN deliveries d ON d.id = a.delivery
        WHERE a.delivery >= ? AND (a.delivery > ? OR a.number > ?)
        ORDER BY a.delivery, a.number, a.lease LIMIT ?
        """

    /// The next that may go. A delivery is younger than its attempts, so with the first that was born too late the turn
    /// is over.
    func find() throws -> Found {
        let place = order.after ?? PrunePlace(0, 0)
        let rows = try Row.fetchCursor(
            database, sql: Self.find, arguments: [place.first, place.first, place.second, Self.looked])
        var found = Found()
        var count = 0
        while let row = try rows.next() {
            count += 1
            let created: Int64? = row["created"]
            if let created, created >= order.before.microseconds {
                found.next = nil
                return found
            }
            let name = Name(delivery: row["delivery"], number: row["number"], lease: row["lease"])
            if row["started"] < order.before.microseconds { found.attempts.append(name) }
            found.next = PrunePlace(name.delivery, name.number)
            if found.attempts.count == order.limit { return found }
        }
        if count < Self.looked { found.next = nil }
        return found
    }

    func take(_ found: Found) throws -> PruneSlice {
        let statement = try database.cachedStatement(
            sql: "DELETE FROM attempts WHERE delivery = ? AND number = ? AND lease = ?")
        var count = 0
        for name in found.attempts {
            try statement.execute(arguments: [name.delivery, name.number, name.lease])
            count += database.changesCount
        }
        return PruneSlice([.attempts: count], next: found.next)
    }
}

/// One slice of the audit that goes.
struct AuditPruning {
    let order: PruneOrder
    let database: Database

    /// The last entry that may go: the end of the last link all of whose entries are old, and all before it; nil where
    /// there is none. What was linked is never changed, so this holds until it is done.
    func find() throws -> Int64? {
        var last = try Marks.audit.number(in: database)
        var found: Int64?
        let links = try Int64.fetchCursor(
            database, sql: "SELECT last FROM auditLinks WHERE last > ? ORDER BY last LIMIT ?",
            arguments: [last, order.limit])
        var entries = 0
        while let link = try links.next(), entries < order.limit {
            let row = try Row.fetchOne(
                database, sql: "SELECT count(*) AS n, max(time) AS newest FROM audit WHERE number > ? AND number <= ?",
                arguments: [last, link])
            guard let row, let newest: Int64 = row["newest"], newest < order.before.microseconds else { break }
            entries += row["n"] as Int
            (last, found) = (link, link)
        }
        return found
    }

    func take(upTo last: Int64) throws -> PruneSlice {
        try database.execute(sql: "DELETE FROM audit WHERE number <= ?", arguments: [last])
        let count = database.changesCount
        try database.execute(sql: "DELETE FROM auditLinks WHERE last < ?", arguments: [last])
        try Marks.audit.reach(last, in: database)
        return PruneSlice([.audit: count], next: PrunePlace(last, 0))
    }
}
