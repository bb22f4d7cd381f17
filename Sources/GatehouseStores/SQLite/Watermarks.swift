internal import GRDB

/// The progress of pruning: the highest number of each sort that was ever deleted.
///
/// Numbers are never given again, although no row with them may be left. A reader that continues after a number knows
/// by the mark whether something is missing there.
enum Watermarks: String {
    /// The position of an event.
    case events
    /// The number of an audit entry; its link stays.
    case audit
    /// The position of an event whose deliveries have no record of their first attempts any more.
    case tries

    /// The newest position that ever existed.
    static let newestPosition = """
        SELECT max((SELECT coalesce(max(position), 0) FROM events), (SELECT number FROM marks WHERE name = 'events'))
        """
    func number(in database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT number FROM marks WHERE name = ?", arguments: [rawValue]) ?? 0
    }

    /// Raises the mark, never lowers it.
    func reach(_ number: Int64, in database: Database) throws {
        try database.execute(
            sql: "UPDATE marks SET number = ? WHERE name = ? AND number < ?", arguments: [number, rawValue, number])
    }
}
