internal import Foundation
internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func feed(_ filter: FeedFilter) async throws(StoreError) -> FeedSlice {
        try await read(.readFeed) { try FeedWork(filter: filter, database: $0).slice() }
    }
}

/// One slice of the feed. Every statement finds its rows by position, by organization and position, or by organization,
/// door and position; instants are found by ``MomentQuery``.
struct FeedWork {
    let filter: FeedFilter
    let database: Database

    func slice() throws -> FeedSlice {
        let newest = try Int64.fetchOne(database, sql: Watermarks.newestPosition) ?? 0
        let pruned = EventPosition(try Watermarks.events.number(in: database))
        let moments = MomentQuery(database: database)
        let lines = try FeedLines(filter, in: database)
        // No match is behind the end, so a slice that reaches it has reached the newest event.
        let end = try filter.until.flatMap { try moments.end(until: $0) }.map { $0 - 1 } ?? newest
        guard let after = try after(moments), let first = try lines.first(behind: after, in: database),
            first <= min(end, newest)
        else {
            let reached = max(filter.after?.number ?? 0, newest)
            return FeedSlice(
                [], reached: EventPosition(reached), isAtEnd: true, newest: EventPosition(newest),
                prunedUpTo: pruned)
        }
        // Never after the newest event: later ones do not exist yet.
        let last = min(try lines.last(from: first, in: database) ?? newest, newest, end)
        let limit = min(max(filter.limit, 1), 1000)
        let (events, isCut) = try fetch(FeedStatement(filter, lines, first...last, limit: limit), limit: limit)
        let reached = isCut ? events.last?.position.number ?? last : last == end ? newest : last
        return FeedSlice(
            events, reached: EventPosition(reached), isAtEnd: reached >= newest, newest: EventPosition(newest),
            prunedUpTo: pruned)
    }

    /// The position behind which matches may be: that of the cursor, or the one before the first event of the requested
    /// period; nil if there is no such event.
    private func after(_ moments: MomentQuery) throws -> Int64? {
        let after = filter.after?.number ?? 0
        guard let since = filter.since else { return after }
        return try moments.first(since: since).map { max(after, $0 - 1) }
    }

    /// The events of a statement until the slice is full, and whether more may follow them.
    private func fetch(
        _ statement: FeedStatement, limit: Int
    ) throws -> (events: [(position: EventPosition, event: Event)], isCut: Bool) {
        let rows = try Row.fetchCursor(
            database, sql: statement.sql, arguments: StatementArguments(statement.arguments))
        var events: [(position: EventPosition, event: Event)] = []
        var bytes = 0
        while events.count < limit, bytes < FeedFilter.bytes, let row = try rows.next() {
            bytes += row.bytes("body").count
            events.append((EventPosition(row["position"]), try SQLiteStore.event(row)))
        }
        return (events, events.count == limit || bytes >= FeedFilter.bytes)
    }
}

/// The lines of positions in which a slice looks: all events, or those of some organizations, or those at some doors of
/// some organizations.
struct FeedLines: Sendable {
    /// With more lines than this, events are found by position alone.
    static let most = 16

    /// The numbers of the requested organizations; nil for all.
    let organizations: [Int64]?
    /// The doors by which events are found; nil if not by doors. The empty one has the alarms at no known door.
    let doors: [String]?
    /// Whether events are found by organization.
    let isNarrow: Bool

    init(_ filter: FeedFilter, in database: Database) throws {
        let organizations = try filter.organizations.map { wanted in
            try Int64.fetchAll(
                database,
                sql: "SELECT number FROM organizationNumbers WHERE id IN (SELECT value FROM json_each(?))",
                arguments: [EventConditions.list(wanted.map(\.text))])
        }
        self.organizations = organizations
        isNarrow = organizations.map { $0.count <= Self.most } ?? false
        let doors = filter.doors.map { EventConditions.columns(of: $0) }
        let isByDoor = isNarrow && doors.map { $0.count * (organizations?.count ?? 0) <= Self.most } ?? false
        self.doors = isByDoor ? doors : nil
    }

    /// The first position behind another one.
    func first(behind position: Int64, in database: Database) throws -> Int64? {
        try places(FeedStatement.next, position, in: database).min()
    }

    /// The position at which the slice ends; nil for the newest event.
    func last(from first: Int64, in database: Database) throws -> Int64? {
        guard isNarrow, let organizations else { return first + FeedFilter.span - 1 }
        let count = max(1, organizations.count * (doors?.count ?? 1))
        let share = FeedFilter.span / Int64(count)
        return try places({ FeedStatement.end($0, $1, from: $2, after: share) }, first, in: database).min()
    }

    private func places(
        _ statement: (Int64?, String?, Int64) -> FeedStatement, _ position: Int64, in database: Database
    ) throws -> [Int64] {
        guard isNarrow, let organizations else {
            return try [find(statement(nil, nil, position), in: database)].compactMap { $0 }
        }
        let doors = doors.map { $0.map { Optional($0) } } ?? [nil]
        return try organizations.flatMap { organization in
            try doors.compactMap { try find(statement(organization, $0, position), in: database) }
        }
    }

    private func find(_ statement: FeedStatement, in database: Database) throws -> Int64? {
        try Int64.fetchOne(database, sql: statement.sql, arguments: StatementArguments(statement.arguments))
    }
}

/// A statement of the feed, with its arguments.
struct FeedStatement: Sendable {
    private(set) var sql: String
    private(set) var arguments: [DatabaseValue]

    /// The matching events in a range of positions.
    init(_ filter: FeedFilter, _ lines: FeedLines, _ range: ClosedRange<Int64>, limit: Int) {
        sql = "position BETWEEN ? AND ?"
        arguments = [range.lowerBound.databaseValue, range.upperBound.databaseValue]
        if let organizations = lines.organizations {
            sql += " AND organization IN (SELECT value FROM json_each(?))"
            arguments.append(
                String(decoding: JSON.array(organizations.map { .integer($0) }).bytes, as: UTF8.self).databaseValue)
        }
        if let since = filter.since { add("received >= ?", since.microseconds) }
        if let until = filter.until { add("received < ?", until.microseconds) }
        let ofEvents = EventConditions(kinds: filter.kinds, doors: filter.doors)
        for condition in ofEvents.sql { sql += " AND " + condition }
        arguments += ofEvents.arguments
        let index =
            lines.doors != nil
            ? "INDEXED BY events_of_door" : lines.isNarrow ? "INDEXED BY events_of_organization" : "NOT INDEXED"
        if lines.doors != nil { sql += " AND door IS NOT NULL" }
        // Only positions are sorted, so that no unneeded body is copied.
        sql = """
            SELECT position, numbers, body FROM events WHERE position IN (
                SELECT position FROM events \(index) WHERE \(sql) ORDER BY position LIMIT \(limit)
            ) ORDER BY position
            """
    }

    private init(_ sql: String, _ arguments: [any DatabaseValueConvertible]) {
        self.sql = sql
        self.arguments = arguments.map(\.databaseValue)
    }

    /// The first event behind a position: of all, of an organization, or at a door of an organization.
    static func next(_ organization: Int64?, _ door: String?, behind position: Int64) -> FeedStatement {
        guard let organization else {
            return FeedStatement("SELECT min(position) FROM events WHERE position > ?", [position])
        }
        guard let door else {
            return FeedStatement(
                """
                SELECT position FROM events INDEXED BY events_of_organization
                WHERE organization = ? AND position > ? ORDER BY position LIMIT 1
                """, [organization, position])
        }
        return FeedStatement(
            """
            SELECT position FROM events INDEXED BY events_of_door
            WHERE organization = ? AND door = ? AND door IS NOT NULL AND position > ? ORDER BY position LIMIT 1
            """, [organization, door, position])
    }

    /// The event of an organization, or at a door of an organization, that is this many events after a position.
    static func end(
        _ organization: Int64?, _ door: String?, from position: Int64, after count: Int64
    ) -> FeedStatement {
        guard let door else {
            return FeedStatement(
                """
                SELECT position FROM events INDEXED BY events_of_organization
                WHERE organization = ? AND position >= ? ORDER BY position LIMIT 1 OFFSET ?
                """, [organization ?? 0, position, count])
        }
        return FeedStatement(
            """
            SELECT position FROM events INDEXED BY events_of_door
            WHERE organization = ? AND door = ? AND door IS NOT NULL AND position >= ?
            ORDER BY position LIMIT 1 OFFSET ?
            """, [organization ?? 0, door, position, count])
    }

    private mutating func add(_ condition: String, _ value: any DatabaseValueConvertible) {
        sql += " AND " + condition
        arguments.append(value.databaseValue)
    }
}
