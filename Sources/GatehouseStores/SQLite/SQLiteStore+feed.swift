internal import Foundation
internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func feed(_ filter: FeedFilter) async throws(StoreError) -> FeedSlice {
        try await read(.readFeed) { try FeedWork(filter: filter, database: $0).slice() }
    }
}

/// One slice of the feed. Every statement finds its rows by position, by organization and position, or by instant.
struct FeedWork {
    /// With more organizations than this, events are found by position alone.
    static let fewest = 16

    let filter: FeedFilter
    let database: Database

    func slice() throws -> FeedSlice {
        let newest = try Int64.fetchOne(database, sql: Watermarks.newestPosition) ?? 0
        let pruned = EventPosition(try Watermarks.events.number(in: database))
        guard let first = try first(), first <= newest else {
            let reached = max(filter.after?.number ?? 0, newest)
            return FeedSlice(
                [], reached: EventPosition(reached), isAtEnd: true, newest: EventPosition(newest),
                prunedUpTo: pruned)
        }
        // Never after the newest event: later ones do not exist yet.
        let last = min(try last(from: first) ?? newest, newest)
        let limit = min(max(filter.limit, 1), 1000)
        let (events, isCut) = try fetch(FeedStatement(filter, first...last, limit: limit), limit: limit)
        let reached = isCut ? events.last?.position.number ?? last : last
        return FeedSlice(
            events, reached: EventPosition(reached), isAtEnd: reached >= newest, newest: EventPosition(newest),
            prunedUpTo: pruned)
    }

    /// The start: the first event after the cursor of a requested organization; if that one is outside the requested
    /// period, the first one inside it.
    private func first() throws -> Int64? {
        let after = filter.after?.number ?? 0
        let candidates =
            if let organizations = few {
                try organizations.compactMap { try position(FeedStatement.next(of: $0, behind: after)) }
            } else {
                try [position(FeedStatement.next(behind: after))].compactMap { $0 }
            }
        guard let first = candidates.min(), filter.since != nil || filter.until != nil else { return candidates.min() }
        let received = try Int64.fetchOne(
            database, sql: "SELECT received FROM events WHERE position = ?", arguments: [first])
        if let received, filter.includes(Instant(microseconds: received)) { return first }
        return try position(FeedStatement.next(within: filter, from: first))
    }

    /// The end of the slice; nil for the newest event.
    private func last(from first: Int64) throws -> Int64? {
        guard let organizations = few else { return first + FeedFilter.span - 1 }
        let share = FeedFilter.span / Int64(max(organizations.count, 1))
        return try organizations.compactMap {
            try position(FeedStatement.end(of: $0, from: first, after: share))
        }.min()
    }

    private var few: Set<OrganizationID>? {
        guard let organizations = filter.organizations, organizations.count <= Self.fewest else { return nil }
        return organizations
    }

    private func position(_ statement: FeedStatement) throws -> Int64? {
        try Int64.fetchOne(database, sql: statement.sql, arguments: StatementArguments(statement.arguments))
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
            let position: Int64 = row["position"]
            let body = row.bytes("body")
            guard let event = Event(stored: body) else {
                throw StoreError.corrupt("the event at position \(position) cannot be read")
            }
            bytes += body.count
            events.append((EventPosition(position), event))
        }
        return (events, events.count == limit || bytes >= FeedFilter.bytes)
    }
}

/// A statement of the feed, with its arguments.
struct FeedStatement: Sendable {
    private(set) var sql: String
    private(set) var arguments: [DatabaseValue]

    /// The matching events in a range of positions.
    init(_ filter: FeedFilter, _ range: ClosedRange<Int64>, limit: Int) {
        let organizations = filter.organizations.map { $0.map(\.text) }
        let isNarrow = organizations.map { $0.count <= FeedWork.fewest } ?? false
        sql = "position BETWEEN ? AND ?"
        arguments = [range.lowerBound.databaseValue, range.upperBound.databaseValue]
        if let organizations { add("organization", in: organizations) }
        if let since = filter.since { add("received >= ?", since.microseconds) }
        if let until = filter.until { add("received < ?", until.microseconds) }
        let ofEvents = EventConditions(kinds: filter.kinds, doors: filter.doors)
        for condition in ofEvents.sql { sql += " AND " + condition }
        arguments += ofEvents.arguments
        // Only positions are sorted, so that no unneeded body is copied.
        sql = """
            SELECT position, body FROM events WHERE position IN (
                SELECT position FROM events \(isNarrow ? "INDEXED BY events_of_organization" : "NOT INDEXED")
                WHERE \(sql) ORDER BY position LIMIT \(limit)
            ) ORDER BY position
            """
    }

    private init(_ sql: String, _ arguments: [any DatabaseValueConvertible]) {
        self.sql = sql
        self.arguments = arguments.map(\.databaseValue)
    }

    /// The first event after a position.
    static func next(behind position: Int64) -> FeedStatement {
        FeedStatement("SELECT min(position) FROM events WHERE position > ?", [position])
    }

    /// The first event of an organization after a position.
    static func next(of organization: OrganizationID, behind position: Int64) -> FeedStatement {
        FeedStatement(
            """
            SELECT position FROM events INDEXED BY events_of_organization
            WHERE organization = ? AND position > ? ORDER BY position LIMIT 1
            """, [organization.text, position])
    }

    /// The event of an organization that is this many events after a position.
    static func end(of organization: OrganizationID, from position: Int64, after count: Int64) -> FeedStatement {
        FeedStatement(
            """
            SELECT position FROM events INDEXED BY events_of_organization
            WHERE organization = ? AND position >= ? ORDER BY position LIMIT 1 OFFSET ?
            """, [organization.text, position, count])
    }

    /// The first event from a position on that was accepted in the requested period. It reads the index of that period,
    /// and is called only if the next event by position is outside.
    static func next(within filter: FeedFilter, from position: Int64) -> FeedStatement {
        FeedStatement(
            """
            SELECT min(position) FROM events INDEXED BY events_by_received
            WHERE received >= ? AND received < ? AND position >= ?
            """, [filter.since?.microseconds ?? Int64.min, filter.until?.microseconds ?? Int64.max, position])
    }

    private mutating func add(_ condition: String, _ value: any DatabaseValueConvertible) {
        sql += " AND " + condition
        arguments.append(value.databaseValue)
    }

    private mutating func add(_ expression: String, in values: [String]) {
        sql += " AND \(expression) IN (SELECT value FROM json_each(?))"
        arguments.append(EventConditions.list(values))
    }
}
