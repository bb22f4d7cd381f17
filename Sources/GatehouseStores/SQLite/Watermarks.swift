internal import GRDB

/// How far pruning has come: the highest of each that was ever taken out.
///
/// Numbers that were given are not given again, though nothing that bears them may be left; and what is read behind a
/// number knows by the mark whether something is missing there.
enum Watermarks: String {
    /// The position of an event.
    case events
    /// The number of an entry of the audit; its link stays.
    case audit

    /// The newest position that ever was.
    static let newestPosition = """
        SELECT max((SELECT coalesce(max(position), 0) FROM events), (SELECT number FROM marks WHERE name = 'events'))
        """
    /// The newest delivery that ever was: none is pruned that the odometers have not counted.
    static let newestDelivery =
        "SELECT max((SELECT coalesce(max(id), 0) FROM deliveries), (SELECT delivery FROM folds))"

    func number(in database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT number FROM marks WHERE name = ?", arguments: [rawValue]) ?? 0
    }

    /// Moves the mark up, never back.
    func reach(_ number: Int64, in database: Database) throws {
        try database.execute(
            sql: "UPDATE marks SET number = ? WHERE name = ? AND number < ?", arguments: [number, rawValue, number])
    }
}
