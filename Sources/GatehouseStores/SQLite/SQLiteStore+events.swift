internal import GRDB
internal import GatehouseCore

extension SQLiteStore {
    func append(_ entries: [Entry], by incarnation: Incarnation) async throws(StoreError) -> [Appended] {
        let memory = memory
        let isUrgent = entries.contains { $0.admitted.event.lane == .urgent }
        let bound = isUrgent ? settings.queuedEvents * 2 : settings.queuedEvents
        // Written here and not on the writer's thread, which everybody waits for.
        let bodies = entries.map { $0.admitted.event.stored }
        return try await write(events: entries.count, bound: bound) { database in
            var append = AppendWork(database: database, memory: memory, incarnation: incarnation)
            return try append.run(entries, bodies)
        }
    }

    func event(_ id: EventID) async throws(StoreError) -> Event? {
        let body = try await read { database in
            try [UInt8].fetchOne(database, sql: "SELECT body FROM events WHERE id = ?", bytes: id.bytes)
        }
        guard let body else { return nil }
        guard let event = Event(stored: body) else { throw .corrupt("the event \(id) cannot be read") }
        return event
    }
}

/// One append: first every entry is held against what is there, then everything is written, so that a conflict leaves
/// nothing behind.
private struct AppendWork {
    let database: Database
    let memory: WriterMemory
    let incarnation: Incarnation

    private enum Finding {
        case new
        case known(Appended)
        case repeats(Int)
    }

    private struct Key: Hashable {
        let organization: String
        let source: String
        let id: String
    }

    mutating func run(_ entries: [Entry], _ bodies: [[UInt8]]) throws -> [Appended] {
        let findings = try check(entries)
        var appended: [Appended] = []
        appended.reserveCapacity(entries.count)
        for (place, finding) in findings.enumerated() {
            switch finding {
            case .new: appended.append(try insert(entries[place], bodies[place]))
            case .known(let known): appended.append(known)
            case .repeats(let first): appended.append(appended[first].repeated)
            }
        }
        return appended
    }

    private func check(_ entries: [Entry]) throws -> [Finding] {
        var seen: [Key: Int] = [:]
        return try entries.enumerated().map { place, entry in
            let event = entry.admitted.event
            let key = Key(organization: event.organization.text, source: event.source, id: event.sourceID)
            if let first = seen[key] {
                guard entries[first].admitted.digest == entry.admitted.digest else { throw conflict(place, event) }
                return .repeats(first)
            }
            seen[key] = place
            return try known(key, entry, place).map { .known($0) } ?? .new
        }
    }

    private func known(_ key: Key, _ entry: Entry, _ place: Int) throws -> Appended? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT position, id, digest FROM events WHERE organization = ? AND source = ? AND sourceID = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [key.organization, key.source, key.id]) else { return nil }
        let digest: [UInt8] = row.bytes("digest")
        guard digest == entry.admitted.digest else { throw conflict(place, entry.admitted.event) }
        let position: Int64 = row["position"]
        let owed = try Int.fetchOne(
            database, sql: "SELECT count(*) FROM deliveries WHERE event = ?", arguments: [position])
        return Appended(
            event: EventID(bytes: row.bytes("id")), position: EventPosition(position), deliveries: [], owed: owed ?? 0,
            isDuplicate: true)
    }

    private func conflict(_ place: Int, _ event: Event) -> StoreError {
        .conflict(
            index: place,
            "the id \(event.sourceID) of source \(event.source) was used before with another content: "
                + "send a changed event under an id of its own")
    }

    private func insert(_ entry: Entry, _ body: [UInt8]) throws -> Appended {
        let event = entry.admitted.event
        let position = memory.nextPosition()
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO events (position, id, organization, source, sourceID, digest, kind, received, body)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            position, event.id.bytes.blob, event.organization.text, event.source, event.sourceID,
            entry.admitted.digest.blob, event.kind.name, event.received.microseconds, body.blob,
        ])
        var deliveries: [DeliveryID] = []
        deliveries.reserveCapacity(entry.owed.count)
        for owed in entry.owed { deliveries.append(try insert(owed, of: event, at: position)) }
        return Appended(
            event: event.id, position: EventPosition(position), deliveries: deliveries, owed: deliveries.count,
            isDuplicate: false)
    }

    /// A subscription that was deleted since the match has no number any more; its delivery is born cancelled.
    private func insert(_ owed: Entry.Owed, of event: Event, at position: Int64) throws -> DeliveryID {
        let id = memory.nextDelivery()
        let number = memory.number(of: owed.subscription)
        let state = number == nil ? StateCode.cancelled : owed.isBornLeased ? StateCode.leased : StateCode.waiting
        let reason = number == nil ? DeliveryState.CancelReason.subscriptionDeleted.rawValue : nil
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO deliveries
                    (id, event, subscription, lane, state, due, lease, attempts, reason, replay, created)
                VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, 0, ?)
                """)
        try statement.execute(arguments: [
            id, position, try number ?? deletedNumber(owed.subscription), event.lane.rawValue, state,
            event.received.microseconds, state == StateCode.leased ? incarnation.number : nil, reason,
            event.received.microseconds,
        ])
        return DeliveryID(id)
    }

    private func deletedNumber(_ subscription: SubscriptionID) throws -> Int64 {
        let sql = "SELECT number FROM subscriptions WHERE id = ?"
        guard let number = try Int64.fetchOne(database, sql: sql, arguments: [subscription.text]) else {
            throw StoreError.corrupt("a delivery is owed to a subscription that never was")
        }
        return number
    }
}

extension Appended {
    /// The same event handed in once more.
    fileprivate var repeated: Appended {
        Appended(event: event, position: position, deliveries: [], owed: owed, isDuplicate: true)
    }
}
