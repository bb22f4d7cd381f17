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

    /// What the column `door` has for these doors, with the alarms at no known door, which count at every one.
    static func columns(of doors: Set<DoorID>) -> [String] { doors.map(\.text) + [""] }

    /// `KindSet.wants(_:)` in SQL.
    private mutating func add(kinds: KindSet, _ prefix: String) {
        let isNamed = "\(prefix)kind IN (SELECT value FROM json_each(?))"
        sql.append(kinds.contains(.accessDuress) ? "(\(isNamed) OR \(prefix)duress = 1)" : isNamed)
        arguments.append(Self.list(kinds.kinds.map(\.name)))
    }

    /// `Event.isAt(oneOf:)` in SQL.
    private mutating func add(doors: Set<DoorID>, _ prefix: String) {
        sql.append("\(prefix)door IN (SELECT value FROM json_each(?))")
        arguments.append(Self.list(Self.columns(of: doors)))
    }
}
