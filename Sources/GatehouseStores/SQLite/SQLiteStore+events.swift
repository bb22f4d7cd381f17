internal import Foundation
internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func append(_ entries: [Entry], by incarnation: Incarnation) async throws(StoreError) -> [Appended] {
        guard !entries.isEmpty else { return [] }
        let memory = memory
        // Encoded here and not on the writer's thread, for which all callers wait.
        let rows = entries.map { EventRow($0) }
        let isUrgent = rows.contains { $0.lane == .urgent }
        let size = Job.Size(
            events: rows.count, rows: max(rows.count, rows.reduce(0) { $0 + $1.owed.count }), isPrompt: isUrgent,
            bound: isUrgent ? settings.queuedEvents * 2 : settings.queuedEvents)
        return try await write(.append, size) { database in
            try AppendWork(database: database, memory: memory, incarnation: incarnation).run(rows)
        }
    }

    func event(_ id: EventID) async throws(StoreError) -> Event? {
        try await read(.readEvent) { database in
            guard let position = try MomentQuery(database: database).position(of: id) else { return nil }
            let sql = "SELECT position, numbers, body FROM events WHERE position = ?"
            return try Row.fetchOne(database, sql: sql, arguments: [position]).map { try Self.event($0) }
        }
    }

    /// The event in a row with its position, its numbers and its body.
    static func event(_ row: Row) throws -> Event {
        let position: Int64 = row["position"]
        let numbers = Numbers(
            stored: row["numbers"] == nil ? nil : row.bytes("numbers"), at: EventPosition(position))
        guard let numbers, let event = Event(stored: row.bytes("body"), numbers: numbers) else {
            throw StoreError.corrupt("the event at position \(position) cannot be read")
        }
        return event
    }
}

extension SQLiteStore {
    func numbers(of names: [Numbers.Name]) async throws(StoreError) -> [Int64] {
        guard !names.isEmpty else { return [] }
        // Nearly all panels have a number: a list of panels must not wait in the writer's queue between events.
        let known = try await read(.giveNumbers) { database in
            try names.map { try NumberCache.stored($0, in: database) }
        }
        let numbers = known.compactMap(\.self)
        if numbers.count == names.count { return numbers }
        let memory = memory
        return try await write(.giveNumbers) { database in
            try names.map { try memory.numbers.number(of: $0, in: database) }
        }
    }
}

/// An entry in the types of the columns.
struct EventRow: Sendable {
    let key: Key
    let event: Event
    let digest: [UInt8]
    let body: [UInt8]
    let names: [Numbers.Name]
    let people: [Numbers.Name?]
    let lane: Lane
    let owed: [Entry.Owed]
    let untold: [UntoldAlarm]

    /// The key that identifies a repeated event.
    struct Key: Hashable {
        @ExactText private(set) var organization: String
        @ExactText private(set) var source: String
        @ExactText private(set) var id: String

        /// The key of a repeated event whose id names another event: the digest follows the id, after a character that
        /// no caller's id can contain.
        func conflicting(_ digest: [UInt8]) -> Key {
            Key(organization: organization, source: source, id: id + "\u{1F}" + Hex.text(digest))
        }
    }

    init(_ entry: Entry) {
        let event = entry.admitted.event
        key = Key(organization: event.organization.text, source: event.source, id: event.sourceID)
        self.event = event
        digest = entry.admitted.digest
        body = event.stored
        names = event.names
        people = event.listedNames
        lane = event.lane
        owed = entry.owed
        untold = entry.untold
    }
}

/// One append: first the key of every entry is noted, and compared with the stored ones; then everything is written. A
/// conflict takes the noted keys back, so that it leaves nothing behind.
struct AppendWork {
    let database: Database
    let memory: WriterMemory
    let incarnation: Incarnation

    private enum Finding {
        case new(position: Int64, organization: Int64, Event.Flag?)
        case known(Appended)
        case repeats(Int)
    }

    func run(_ rows: [EventRow]) throws -> [Appended] {
        let findings = try check(rows)
        var appended: [Appended] = []
        appended.reserveCapacity(rows.count)
        for (place, finding) in findings.enumerated() {
            switch finding {
            case .new(let position, let organization, let flag):
                appended.append(try insert(rows[place], at: position, of: organization, flag))
            case .known(let known): appended.append(known)
            case .repeats(let first): appended.append(appended[first].repeated)
            }
        }
        return appended
    }

    // MARK: Keys

    private func check(_ rows: [EventRow]) throws -> [Finding] {
        let before = memory.position
        var places: [Int64: Int] = [:]
        do {
            return try rows.enumerated().map { place, row in
                let finding = try finding(row, at: place, places)
                if rows.count > 1, case .new(let position, _, _) = finding { places[position] = place }
                return finding
            }
        } catch let refusal as StoreError {
            try takeBack(rows, notedAfter: before)
            throw refusal
        }
    }

    private func finding(_ row: EventRow, at place: Int, _ places: [Int64: Int]) throws -> Finding {
        if let finding = try finding(row, row.key, places, nil) { return finding }
        // The id names another event. A normal event is refused; an urgent one is identified by its digest too.
        guard row.lane == .urgent,
            let finding = try finding(row, row.key.conflicting(row.digest), places, .conflict)
        else { throw conflict(place, row) }
        return finding
    }

    /// What an entry's key says; nil if it names another event. A new key is noted.
    private func finding(
        _ row: EventRow, _ key: EventRow.Key, _ places: [Int64: Int], _ flag: Event.Flag?
    ) throws -> Finding? {
        let organization = try memory.number(of: row.event.organization, in: database)
        let position = memory.nextPosition()
        let isNew =
            try memory.hot.statement(.note, in: database)
            .bind(organization).bind(key.source).bind(key.id).bind(position).bind(row.digest).run() == 1
        if isNew {
            guard row.owed.allSatisfy({ memory.known($0.subscription) != nil }) else { throw StoreError.missing }
            return .new(position: position, organization: organization, flag)
        }
        memory.returnPositions(after: position - 1)
        return try stored(row, key, organization, places)
    }

    private func stored(
        _ row: EventRow, _ key: EventRow.Key, _ organization: Int64, _ places: [Int64: Int]
    ) throws -> Finding? {
        let digest = try database.cachedStatement(
            sql: "SELECT position, digest FROM seen WHERE organization = ? AND source = ? AND id = ?")
        let found = try Row.fetchOne(digest, arguments: [organization, key.source, key.id])
        guard let found, found.bytes("digest") == row.digest else { return nil }
        let position: Int64 = found["position"]
        if let first = places[position] { return .repeats(first) }
        return try known(at: position).map { .known($0) }
    }

    private func known(at position: Int64) throws -> Appended? {
        let event = try database.cachedStatement(
            sql: "SELECT id, CAST(body AS TEXT) ->> '$.flag' AS flag FROM events WHERE position = ?")
        guard let found = try Row.fetchOne(event, arguments: [position]) else {
            throw StoreError.corrupt("the event at position \(position) is gone, and its key is not")
        }
        let owed = try database.cachedStatement(sql: "SELECT count(*) FROM deliveries WHERE event = ? AND round = 0")
        return Appended(
            event: EventID(bytes: found.bytes("id")), position: EventPosition(position), deliveries: [],
            owed: try Int.fetchOne(owed, arguments: [position]) ?? 0, isDuplicate: true,
            flag: (found["flag"] as String?).flatMap { Event.Flag(rawValue: $0) })
    }

    private func takeBack(_ rows: [EventRow], notedAfter position: Int64) throws {
        for row in rows {
            guard let organization = try? memory.number(of: row.event.organization, in: database) else { continue }
            for key in [row.key, row.key.conflicting(row.digest)] {
                try database.cachedStatement(
                    sql: "DELETE FROM seen WHERE organization = ? AND source = ? AND id = ? AND position > ?"
                ).execute(arguments: [organization, key.source, key.id, position])
            }
        }
        memory.returnPositions(after: position)
    }

    private func conflict(_ place: Int, _ row: EventRow) -> StoreError {
        .conflict(
            index: place,
            "the id \(row.key.id) of source \(row.key.source) was used before with different content: "
                + "send a changed event with a new id")
    }

    // MARK: Rows

    private func insert(
        _ row: EventRow, at position: Int64, of organization: Int64, _ flag: Event.Flag?
    ) throws -> Appended {
        let event = row.event
        var numbers = try memory.numbers.numbers(of: row.names, listing: row.people, in: database)
        numbers.position = position
        try memory.hot.statement(.insertEvent, in: database)
            .bind(position).bind(organization).bind(event.id.bytes)
            .bind(event.kind.name).bind(row.lane.rawValue).bind(event.isUnderDuress)
            .bind(event.received.microseconds).bind(event.doorColumn).bind(event.panel?.text).bind(numbers.stored)
            .bind(flag == nil ? row.body : event.flagged(flag).stored).run()
        memory.moments.note(position, received: event.received.microseconds)
        var deliveries: [DeliveryID] = []
        deliveries.reserveCapacity(row.owed.count)
        for owed in row.owed { deliveries.append(try insert(owed, of: row, at: position)) }
        for alarm in row.untold { try UntoldWork(database: database, memory: memory).note(alarm) }
        return Appended(
            event: event.id, position: EventPosition(position), deliveries: deliveries, owed: deliveries.count,
            isDuplicate: false, numbers: numbers, flag: flag ?? event.flag)
    }

    /// The delivery to a subscription that was deleted since the match is born cancelled, and so is one without a place
    /// in its buffer.
    private func insert(_ owed: Entry.Owed, of row: EventRow, at position: Int64) throws -> DeliveryID {
        guard let subscription = memory.known(owed.subscription) else { throw StoreError.missing }
        let refusal: DeliveryState.CancelReason? =
            if subscription.isDeleted { .subscriptionDeleted } else {
                try isFull(owed, subscription.number) ? .bufferFull : nil
            }
        let isLeased = owed.isBornLeased && refusal == nil
        if refusal == .bufferFull { memory.health.change(subscription.number) { $0.dropped += 1 } }
        if refusal == nil, !isLeased {
            memory.deliveryCounts.add(waiting: 1, to: DeliveryCounts.Place(subscription.number, row.lane))
        }
        let state = refusal != nil ? StateCode.cancelled : isLeased ? StateCode.leased : StateCode.waiting
        let received = row.event.received.microseconds
        try memory.hot.statement(.insertDelivery, in: database)
            .bind(position).bind(subscription.number).bind(0).bind(row.lane.rawValue).bind(state).bind(received)
            .bind(isLeased ? incarnation.number : nil).bind(refusal?.rawValue).bind(received).run()
        return DeliveryID(EventPosition(position), subscription.number)
    }

    /// Counts waiting deliveries only up to the bound.
    private func isFull(_ owed: Entry.Owed, _ subscription: Int64) throws -> Bool {
        guard let buffer = owed.buffer else { return false }
        let waiting = try memory.hot.statement(.full, in: database).bind(subscription).bind(buffer)
            .first { $0.integer() }
        return waiting ?? 0 >= Int64(buffer)
    }
}

extension Event {
    /// The door at which it counts, as the store's column has it: empty for an alarm at no known door, which counts at
    /// every one (``isAt(oneOf:)``); nil for an event at no door.
    var doorColumn: String? { lane == .urgent && toldDoorNumber == nil ? "" : toldDoor?.text }
}

extension Appended {
    /// The same event, posted again.
    fileprivate var repeated: Appended {
        Appended(event: event, position: position, deliveries: [], owed: owed, isDuplicate: true, flag: flag)
    }
}
