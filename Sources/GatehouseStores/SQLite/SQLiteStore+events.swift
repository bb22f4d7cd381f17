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
            let body = try [UInt8].fetchOne(database, sql: "SELECT body FROM events WHERE id = ?", bytes: id.bytes)
            guard let body else { return nil }
            guard let event = Event(stored: body) else { throw StoreError.corrupt("the event \(id) cannot be read") }
            return event
        }
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
    let id: Data
    let digest: Data
    let kind: String
    let received: Int64
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
        func conflicting(_ digest: Data) -> Key {
            Key(organization: organization, source: source, id: id + "\u{1F}" + Hex.text(digest))
        }
    }

    init(_ entry: Entry) {
        let event = entry.admitted.event
        key = Key(organization: event.organization.text, source: event.source, id: event.sourceID)
        self.event = event
        id = event.id.bytes.blob
        digest = entry.admitted.digest.blob
        kind = event.kind.name
        received = event.received.microseconds
        body = event.stored
        names = event.names
        people = event.listedNames
        lane = event.lane
        owed = entry.owed
        untold = entry.untold
    }
}

/// One append: first every entry is compared with the stored ones, then everything is written, so that a conflict
/// leaves nothing behind.
struct AppendWork {
    let database: Database
    let memory: WriterMemory
    let incarnation: Incarnation

    private enum Finding {
        case new(EventRow.Key, Event.Flag?)
        case known(Appended)
        case repeats(Int)
    }

    private typealias Known = (digest: Data, appended: Appended)

    func run(_ rows: [EventRow]) throws -> [Appended] {
        let findings = try check(rows)
        var appended: [Appended] = []
        appended.reserveCapacity(rows.count)
        for (place, finding) in findings.enumerated() {
            switch finding {
            case .new(let key, let flag): appended.append(try insert(rows[place], as: key, flag))
            case .known(let known): appended.append(known)
            case .repeats(let first): appended.append(appended[first].repeated)
            }
        }
        return appended
    }

    private func check(_ rows: [EventRow]) throws -> [Finding] {
        var seen: [EventRow.Key: Int] = [:]
        if rows.count > 1 { seen.reserveCapacity(rows.count) }
        return try rows.enumerated().map { place, row in
            if let finding = try finding(row, row.key, rows, seen) {
                if rows.count > 1, case .new = finding { seen[row.key] = place }
                return finding
            }
            // The id names another event. A normal event is refused; an urgent one is identified by its digest too.
            guard row.lane == .urgent else { throw conflict(place, row) }
            let key = row.key.conflicting(row.digest)
            guard let finding = try finding(row, key, rows, seen) else { throw conflict(place, row) }
            guard case .new = finding else { return finding }
            seen[key] = place
            return .new(key, .conflict)
        }
    }

    /// The stored event for an entry's key; nil if the key names another event.
    private func finding(
        _ row: EventRow, _ key: EventRow.Key, _ rows: [EventRow], _ seen: [EventRow.Key: Int]
    ) throws -> Finding? {
        if !seen.isEmpty, let first = seen[key] { return rows[first].digest == row.digest ? .repeats(first) : nil }
        if let known = try known(key) { return known.digest == row.digest ? .known(known.appended) : nil }
        guard row.owed.allSatisfy({ memory.known($0.subscription) != nil }) else { throw StoreError.missing }
        return .new(key, nil)
    }

    private func known(_ key: EventRow.Key) throws -> Known? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT position, id, digest, CAST(body AS TEXT) ->> '$.flag' AS flag FROM events
                WHERE organization = ? AND source = ? AND sourceID = ?
                """)
        let arguments: StatementArguments = [key.organization, key.source, key.id]
        guard let found = try Row.fetchOne(statement, arguments: arguments) else { return nil }
        let position: Int64 = found["position"]
        let owed = try Int.fetchOne(
            database, sql: "SELECT count(*) FROM deliveries WHERE event = ?", arguments: [position])
        let appended = Appended(
            event: EventID(bytes: found.bytes("id")), position: EventPosition(position), deliveries: [],
            owed: owed ?? 0, isDuplicate: true,
            flag: (found["flag"] as String?).flatMap { Event.Flag(rawValue: $0) })
        return (found["digest"], appended)
    }

    private func conflict(_ place: Int, _ row: EventRow) -> StoreError {
        .conflict(
            index: place,
            "the id \(row.key.id) of source \(row.key.source) was used before with different content: "
                + "send a changed event with a new id")
    }

    private func insert(_ row: EventRow, as key: EventRow.Key, _ flag: Event.Flag?) throws -> Appended {
        let position = memory.nextPosition()
        var numbers = try memory.numbers.numbers(of: row.names, listing: row.people, in: database)
        numbers.position = position
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO events (position, id, organization, source, sourceID, digest, kind, received, body)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        let body = flag == nil ? row.body : row.event.flagged(flag).stored
        try statement.execute(arguments: [
            position, row.id, key.organization, key.source, key.id, row.digest, row.kind, row.received,
            Event.stored(body, numbered: numbers).blob,
        ])
        var deliveries: [DeliveryID] = []
        deliveries.reserveCapacity(row.owed.count)
        for owed in row.owed { deliveries.append(try insert(owed, of: row, at: position)) }
        for alarm in row.untold { try UntoldWork(database: database, memory: memory).note(alarm) }
        return Appended(
            event: row.event.id, position: EventPosition(position), deliveries: deliveries, owed: deliveries.count,
            isDuplicate: false, numbers: numbers, flag: flag ?? row.event.flag)
    }

    /// The delivery to a subscription that was deleted since the match is born cancelled, and so is one without a place
    /// in its buffer.
    private func insert(_ owed: Entry.Owed, of row: EventRow, at position: Int64) throws -> DeliveryID {
        guard let subscription = memory.known(owed.subscription) else { throw StoreError.missing }
        let id = memory.nextDelivery()
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
        let reason = refusal?.rawValue
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO deliveries
                    (id, event, subscription, lane, state, due, lease, attempts, reason, replay, created)
                VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, 0, ?)
                """)
        try statement.execute(arguments: [
            id, position, subscription.number, row.lane.rawValue, state, row.received,
            isLeased ? incarnation.number : nil, reason, row.received,
        ])
        return DeliveryID(id)
    }

    /// Counts waiting deliveries only up to the bound.
    private func isFull(_ owed: Entry.Owed, _ subscription: Int64) throws -> Bool {
        guard let buffer = owed.buffer else { return false }
        let statement = try database.cachedStatement(
            sql: """
                SELECT count(*) FROM (
                    SELECT 1 FROM deliveries INDEXED BY deliveries_waiting
                    WHERE state = 0 AND subscription = ? LIMIT ?
                )
                """)
        return try Int.fetchOne(statement, arguments: [subscription, buffer]) ?? 0 >= buffer
    }
}

extension Appended {
    /// The same event, posted again.
    fileprivate var repeated: Appended {
        Appended(event: event, position: position, deliveries: [], owed: owed, isDuplicate: true, flag: flag)
    }
}
