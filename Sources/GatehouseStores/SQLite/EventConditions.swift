internal import GRDB
internal import GatehouseCore

/// SQL conditions on the kind and the door of events, shared by the feed and the list of deliveries.
struct EventConditions: Sendable {
    /// The conditions, to be joined by AND.
    private(set) var sql: [String] = []
    /// The arguments of the conditions, in order.
    private(set) var arguments: [DatabaseValue] = []

    /// The conditions of these choices; none if everything is requested.
    ///
    /// - Parameter prefix: the prefix of the columns of `events`, with its dot.
    init(kinds: KindSet, doors: Set<DoorID>?, prefix: String = "") {
        if kinds != .all { add(kinds: kinds, prefix) }
        if let doors { add(doors: doors, prefix) }
    }

    /// The door of an event: `Event.toldDoor` in SQL.
    static func door(_ prefix: String) -> String {
        "coalesce(\(body(prefix)) ->> '$.data.door', \(body(prefix)) ->> '$.labels.onlyDoor.id')"
    }

    /// The name of that door, `Event.toldDoorName` in SQL.
    static func doorName(_ prefix: String) -> String {
        "coalesce(\(body(prefix)) ->> '$.labels.doorName', \(body(prefix)) ->> '$.labels.onlyDoor.name')"
    }

    /// Texts as one argument, for `json_each`.
    static func list(_ values: [String]) -> DatabaseValue {
        String(decoding: JSON.array(values.map { .string($0) }).bytes, as: UTF8.self).databaseValue
    }

    private static func body(_ prefix: String) -> String { "CAST(\(prefix)body AS TEXT)" }

    /// Events of these kinds. If duress is one of them, also passages whose body reports duress: only bodies of
    /// passages are read.
    private mutating func add(kinds: KindSet, _ prefix: String) {
        let names = Self.list(kinds.kinds.map(\.name))
        let isNamed = "\(prefix)kind IN (SELECT value FROM json_each(?))"
        guard kinds.contains(.accessDuress) else {
            sql.append(isNamed)
            arguments.append(names)
            return
        }
        let passages = Catalogue.rows.filter { $0.blocks.contains(.access) && !kinds.contains($0.kind) }.map(\.name)
        sql.append("(\(isNamed) OR (\(isNamed) AND \(Self.body(prefix)) ->> '$.data.access.duress'))")
        arguments += [names, Self.list(passages)]
    }

    /// `Event.isAt(oneOf:)` in SQL: events at one of the doors, and alarms without a door that the directory knew.
    private mutating func add(doors: Set<DoorID>, _ prefix: String) {
        let urgent = Catalogue.rows.filter { $0.lane == .urgent }
        let passages = Catalogue.rows.filter { $0.lane != .urgent && $0.blocks.contains(.access) }
        let body = Self.body(prefix)
        let isNamed = "\(prefix)kind IN (SELECT value FROM json_each(?))"
        sql.append(
            """
            (\(Self.door(prefix)) IN (SELECT value FROM json_each(?))
            OR ((\(isNamed) OR (\(isNamed) AND \(body) ->> '$.data.access.duress'))
            AND coalesce(\(body) ->> '$.labels.doorNumber', \(body) ->> '$.labels.onlyDoor.number') IS NULL))
            """)
        arguments += [doors.map(\.text), urgent.map(\.name), passages.map(\.name)].map { Self.list($0) }
    }
}
