internal import GRDB
internal import GatehouseCore

/// Finds the deliveries of a filter, the newest event first.
///
/// It walks back over keys in their order: over those of one event, of one state or of all deliveries, each by an
/// index. The other conditions are checked on the way, and the walk ends after ``DeliveryFilter/span`` keys.
struct DeliverySearch {
    /// The columns of a delivery, its event's id and its subscription's id.
    static let columns = """
        SELECT d.*, e.id AS eventID, s.id AS subscriptionID
        FROM deliveries d JOIN events e ON e.position = d.event JOIN subscriptions s ON s.number = d.subscription
        """
    /// The outcome of the last stored attempt of the delivery `d`.
    private static let lastOutcome = """
        SELECT outcome FROM (
            SELECT a.number, a.lease, a.outcome FROM attempts a
            WHERE a.event = d.event AND a.subscription = d.subscription AND a.round = d.round
            UNION ALL SELECT 1, d.tried, 'accepted' WHERE d.tried IS NOT NULL
        ) ORDER BY number DESC, lease DESC LIMIT 1
        """

    private var conditions: [String] = []
    private var arguments: [DatabaseValue] = []
    private let filter: DeliveryFilter
    private let database: Database
    /// The number of the requested subscription; nil for all.
    private let subscription: Int64?
    /// The position of the requested event; nil for all.
    private let event: Int64?
    /// Whether the requested subscription or event does not exist.
    private let isEmpty: Bool

    init(_ filter: DeliveryFilter, in database: Database) throws {
        self.filter = filter
        self.database = database
        subscription = try filter.subscription.flatMap { id in
            try Int64.fetchOne(
                database, sql: "SELECT number FROM subscriptions WHERE id = ?", arguments: [id.text])
        }
        event = try filter.event.flatMap { try MomentQuery(database: database).position(of: $0) }
        isEmpty = filter.subscription != nil && subscription == nil || filter.event != nil && event == nil
        if let subscription { add("d.subscription = ?", subscription) }
        if let state = filter.state { add("d.state = ?", StateCode.of(state)) }
        if let organizations = filter.organizations {
            add(
                """
                d.subscription IN (
                    SELECT number FROM subscriptions WHERE organization IN (SELECT value FROM json_each(?)))
                """, EventConditions.list(organizations.map(\.text)))
        }
        if let since = filter.since { add("d.created >= ?", since.microseconds) }
        if let until = filter.until { add("d.created < ?", until.microseconds) }
        let ofEvents = EventConditions(kinds: filter.kinds, doors: filter.doors, prefix: "e.")
        conditions += ofEvents.sql
        arguments += ofEvents.arguments
        if let outcome = filter.outcome { add("(\(Self.lastOutcome)) = ?", outcome) }
    }

    private mutating func add(_ condition: String, _ value: any DatabaseValueConvertible) {
        conditions.append(condition)
        arguments.append(value.databaseValue)
    }

    func slice() throws -> DeliverySlice {
        guard !isEmpty else { return DeliverySlice([]) }
        let (limit, span) = (min(max(filter.limit, 1), 1000), DeliveryFilter.span)
        let (keys, ofKeys) = try keys(span)
        let matches = conditions.isEmpty ? "1" : conditions.joined(separator: " AND ")
        let rows = try Row.fetchCursor(
            database,
            sql: """
                WITH keys AS MATERIALIZED (\(keys))
                SELECT d.*, e.id AS eventID, s.id AS subscriptionID, \(matches) AS isMatch
                FROM keys k CROSS JOIN deliveries d
                    ON d.event = k.event AND d.subscription = k.subscription AND d.round = k.round
                CROSS JOIN events e ON e.position = d.event CROSS JOIN subscriptions s ON s.number = d.subscription
                """, arguments: StatementArguments(ofKeys + arguments))
        var slice = DeliverySlice([])
        var looked = 0
        while let row = try rows.next() {
            looked += 1
            let isMatch: Bool = row["isMatch"] ?? false
            if isMatch { slice.deliveries.append(try SQLiteStore.delivery(row)) }
            if slice.deliveries.count == limit { return slice }
            if looked == span {
                slice.reached = DeliveryID(row)
                slice.lookedBackTo = Instant(microseconds: row["created"])
            }
        }
        return slice
    }

    /// The statement of the next keys, with its arguments.
    private func keys(_ span: Int) throws -> (sql: String, arguments: [DatabaseValue]) {
        let before = filter.before ?? DeliveryID(EventPosition(Int64.max), Int64.max)
        let key: [DatabaseValue] = [
            before.event.number.databaseValue, before.event.number.databaseValue,
            before.subscription.databaseValue, Int64(before.round).databaseValue,
        ]
        let isBefore = "event <= ? AND (event, subscription, round) < (?, ?, ?)"
        let order = "ORDER BY event DESC, subscription DESC, round DESC LIMIT \(span)"
        func part(_ index: String, _ condition: String) -> String {
            """
            SELECT event, subscription, round FROM deliveries \(index) WHERE \(condition) AND \(isBefore) \(order)
            """
        }
        if let event {
            return (part("", "event = ?"), [event.databaseValue] + key)
        }
        switch (filter.state, subscription) {
        case (nil, _), (.delivered, _): return (part("", "1 = 1"), key)
        case (.leased, _):
            return (part("INDEXED BY deliveries_leased", "state = 1"), key)
        case (.waiting, let subscription?): return lanes("deliveries_oldest", 0, subscription, key, part, order)
        case (.dead, let subscription?): return lanes("deliveries_oldest_dead", 3, subscription, key, part, order)
        case (let state?, _):
            return (part("INDEXED BY deliveries_open", "state = \(StateCode.of(state))"), key)
        }
    }

    /// The keys of one subscription in both lanes, in their order.
    private func lanes(
        _ index: String, _ state: Int, _ subscription: Int64, _ key: [DatabaseValue],
        _ part: (String, String) -> String, _ order: String
    ) -> (sql: String, arguments: [DatabaseValue]) {
        let parts = Lane.allCases.map { lane in
            let condition = "state = \(state) AND subscription = \(subscription) AND lane = \(lane.rawValue)"
            return "SELECT * FROM (\(part("INDEXED BY \(index)", condition)))"
        }
        let sql = "SELECT * FROM (\(parts.joined(separator: " UNION ALL "))) \(order)"
        return (sql, Lane.allCases.flatMap { _ in key })
    }
}
