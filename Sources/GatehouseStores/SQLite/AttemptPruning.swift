internal import GRDB
internal import GatehouseCore

/// One slice of attempt records to delete; their deliveries stay.
struct AttemptPruning {
    /// How many records one slice reads.
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

    /// The next records to delete. A delivery is younger than its attempts, so the first delivery that is too young
    /// ends the turn.
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
