internal import GRDB
internal import GatehouseCore

/// One slice of attempt records to delete; their deliveries stay.
///
/// First the rows of `attempts`, then the first attempts in the rows of their deliveries. How far these were taken out
/// is a mark, so that no delivery is read twice: what is too young to be deleted becomes a row of `attempts`.
struct AttemptPruning {
    /// How many records one slice reads.
    static let looked = 1000
    /// The place at which the rows of `attempts` are done.
    private static let rowsAreDone = PrunePlace(Int64.max, 0)

    let order: PruneOrder
    let database: Database

    struct Name: Sendable {
        let delivery: DeliveryID
        let number: Int64
        let lease: Int64
    }

    struct Found: Sendable {
        /// Rows of `attempts`.
        var attempts: [Name] = []
        /// Deliveries with a record of their first attempt, and whether it is old.
        var tries: [(delivery: DeliveryID, isOld: Bool)] = []
        /// The event up to which no first attempt is left in the row of its delivery.
        var mark: Int64?
        var next: PrunePlace?

        /// Whether there is nothing to write.
        var isEmpty: Bool { attempts.isEmpty && mark == nil }
    }

    static let find = """
        SELECT a.*, d.created FROM attempts a
        LEFT JOIN deliveries d ON d.event = a.event AND d.subscription = a.subscription AND d.round = a.round
        WHERE (a.event, a.subscription) > (?, ?)
        ORDER BY a.event, a.subscription, a.round, a.number, a.lease LIMIT ?
        """
    /// Whole events: those of the next deliveries.
    static let findTries = """
        SELECT event, subscription, round, created, started FROM deliveries
        WHERE event > ?1 AND event <= (
            SELECT max(event) FROM (SELECT event FROM deliveries WHERE event > ?1 ORDER BY event LIMIT ?2))
        ORDER BY event, subscription, round
        """

    /// The next records to delete.
    func find() throws -> Found {
        guard order.after != Self.rowsAreDone else { return try findTries() }
        let rows = try findRows()
        return rows.attempts.isEmpty && rows.next == Self.rowsAreDone ? try findTries() : rows
    }

    /// A delivery is older than its attempts, so the first delivery of an event itself that is too young ends the
    /// search. Deliveries of replays are younger than their events, and are passed over.
    private func findRows() throws -> Found {
        let place = order.after ?? PrunePlace(0, 0)
        let rows = try Row.fetchAll(database, sql: Self.find, arguments: [place.first, place.second, Self.looked])
        var found = Found(next: Self.rowsAreDone)
        let isCut = rows.count == Self.looked
        let last = rows.last.map { PrunePlace($0["event"], $0["subscription"]) }
        for row in rows {
            let delivery = DeliveryID(row)
            if delivery.round == 0, let created: Int64 = row["created"], created >= order.before.microseconds {
                return found
            }
            // A slice ends with all attempts of an event's deliveries to one subscription. The last of those that were
            // read may have more, so they are left to the next slice.
            let here = PrunePlace(delivery.event.number, delivery.subscription)
            if here != found.next {
                if found.attempts.count >= order.limit { return found }
                if isCut, here == last, found.next != Self.rowsAreDone { return found }
            }
            if row["started"] < order.before.microseconds {
                found.attempts.append(Name(delivery: delivery, number: row["number"], lease: row["lease"]))
            }
            found.next = here
        }
        if !isCut { found.next = Self.rowsAreDone }
        // All that was read belongs together, and some of it is deleted: the same place is read again.
        if isCut, rows.first.map({ PrunePlace($0["event"], $0["subscription"]) }) == last, !found.attempts.isEmpty {
            found.next = place
        }
        return found
    }

    private func findTries() throws -> Found {
        let mark = try Watermarks.tries.number(in: database)
        let rows = try Row.fetchAll(database, sql: Self.findTries, arguments: [mark, Self.looked])
        var found = Found()
        var ofEvent: [(delivery: DeliveryID, isOld: Bool)] = []
        for (place, row) in rows.enumerated() {
            let delivery = DeliveryID(row)
            if delivery.round == 0, row["created"] >= order.before.microseconds { return found }
            if let started: Int64 = row["started"] {
                ofEvent.append((delivery, started < order.before.microseconds))
            }
            let isLast = place + 1 == rows.count || rows[place + 1]["event"] != delivery.event.number
            guard isLast else { continue }
            found.tries += ofEvent
            found.mark = delivery.event.number
            ofEvent = []
            if found.tries.count >= order.limit { break }
        }
        if found.mark != nil { found.next = Self.rowsAreDone }
        return found
    }

    func take(_ found: Found, _ memory: WriterMemory) throws -> PruneSlice {
        let statement = try database.cachedStatement(
            sql: "DELETE FROM attempts WHERE \(DeliveryID.condition) AND number = ? AND lease = ?")
        var count = 0
        for name in found.attempts {
            try statement.execute(arguments: name.delivery.arguments + [name.number, name.lease])
            count += database.changesCount
        }
        for (delivery, isOld) in found.tries {
            if !isOld { try move(delivery) }
            try database.cachedStatement(sql: Self.blank).execute(arguments: delivery.arguments)
            if isOld { count += database.changesCount }
        }
        if let mark = found.mark {
            try Watermarks.tries.reach(mark, in: database)
            memory.takesTries(after: mark)
        }
        return PruneSlice([.attempts: count], next: found.next)
    }

    private static let blank = """
        UPDATE deliveries SET tried = NULL, started = NULL, duration = NULL, status = NULL, level = NULL, form = NULL,
            excerpt = NULL
        WHERE \(DeliveryID.condition) AND tried IS NOT NULL
        """

    /// Makes the first attempt a row of `attempts`.
    private func move(_ delivery: DeliveryID) throws {
        try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO attempts
                    (event, subscription, round, number, lease, started, duration, outcome, status, excerpt, level,
                     form)
                SELECT event, subscription, round, 1, tried, started, duration, 'accepted', status, excerpt, level, form
                FROM deliveries WHERE \(DeliveryID.condition) AND tried IS NOT NULL
                """
        ).execute(arguments: delivery.arguments)
    }
}
