import Foundation
import GRDB
import GatehouseCore
import Testing

@testable import GatehouseStores

/// A store of the version before is moved to the present tables, and nothing of it is lost.
///
/// `first-form.sql` is what a gateway of that version wrote, before it was killed: events of several kinds, a conflict,
/// deliveries in each state, failed and accepted attempts, two replays, a deleted subscription.
@Suite struct SchemaMoveTests {
    /// What the first form said of a delivery.
    private struct Former {
        let number: Int64
        let event: EventID
        let subscription: String
        let row: Row
        let attempts: [Row]
    }

    private static func write(to path: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/first-form.sql")
        let sql = try String(contentsOf: file, encoding: .utf8)
        // The tables are in the order of their names, not of their references.
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.write { database in
            try database.execute(sql: sql)
            try StoreFile.mark(database)
        }
        try queue.close()
    }

    private static func former(_ path: String) throws -> (deliveries: [Former], events: [Row], numbers: [String: Int]) {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try queue.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT d.*, e.id AS eventID, s.id AS name FROM deliveries d
                    JOIN events e ON e.position = d.event
                    JOIN subscriptions s ON s.number = d.subscription ORDER BY d.id
                    """)
            let deliveries = try rows.map { row in
                Former(
                    number: row["id"], event: EventID(bytes: row.bytes("eventID")), subscription: row["name"], row: row,
                    attempts: try Row.fetchAll(
                        database, sql: "SELECT * FROM attempts WHERE delivery = ? ORDER BY number, lease",
                        arguments: [row["id"] as Int64]))
            }
            let counts = try Row.fetchAll(
                database,
                sql: """
                    SELECT s.id, count(*) AS n FROM deliveries d JOIN subscriptions s ON s.number = d.subscription
                    WHERE d.replay = 0 GROUP BY s.id
                    """)
            return (
                deliveries, try Row.fetchAll(database, sql: "SELECT * FROM events ORDER BY position"),
                Dictionary(uniqueKeysWithValues: counts.map { ($0["id"], $0["n"]) })
            )
        }
    }

    @Test func everythingIsAsBefore() async throws {
        try await withFolder { folder in
            let path = folder + "/gatehouse.db"
            try Self.write(to: path)
            let former = try Self.former(path)
            #expect(former.deliveries.count > 100 && former.events.count > 20)
            let store = try SQLiteStore(path: path, settings: StoreSettings())
            try await Self.compare(store, former)
            await store.close()
        }
    }

    /// The move is interrupted after each of its transactions, and continued by the next start.
    @Test(arguments: [0, 1, 2, 3, 5, 8, 12]) func interruptedMoveContinues(_ slices: Int) async throws {
        try await withFolder { folder in
            let path = folder + "/gatehouse.db"
            try Self.write(to: path)
            let former = try Self.former(path)
            let queue = try DatabaseQueue(path: path)
            try await queue.write { try SchemaMove(database: $0).begin() }
            for _ in 0..<slices {
                _ = try await queue.write { try SchemaMove(database: $0, slice: 10).moveSlice() }
            }
            let (moved, isDue) = try await queue.read {
                (try SchemaMove(database: $0).progress().moved, try SchemaMove.isDue($0))
            }
            #expect(moved > 0 || slices == 0)
            #expect(isDue)
            try queue.close()
            let store = try SQLiteStore(path: path, settings: StoreSettings())
            try await Self.compare(store, former)
            await store.close()
        }
    }

    /// A transaction that does not end changes nothing: the last one, which replaces the tables, is undone as a whole.
    @Test func interruptedEndIsUndone() async throws {
        try await withFolder { folder in
            let path = folder + "/gatehouse.db"
            try Self.write(to: path)
            let former = try Self.former(path)
            let queue = try DatabaseQueue(path: path)
            struct Killed: Error {}
            await #expect(throws: Killed.self) {
                try await queue.write { database in
                    try SchemaMove(database: database).finish()
                    throw Killed()
                }
            }
            try queue.close()
            let store = try SQLiteStore(path: path, settings: StoreSettings())
            try await Self.compare(store, former)
            await store.close()
        }
    }

    private static func compare(
        _ store: SQLiteStore, _ former: (deliveries: [Former], events: [Row], numbers: [String: Int])
    ) async throws {
        for delivery in former.deliveries { try await compare(store, delivery) }
        let total = try await DeliveryWalk.all(of: store)
        #expect(total.count == former.deliveries.count)
        for row in former.events {
            let id = EventID(bytes: row.bytes("id"))
            let event = try #require(try await store.event(id), "\(id)")
            let (body, numbers) = SchemaMove.split(row.bytes("body"))
            #expect(event.stored == body)
            #expect(event.labels.numbers.stored == numbers)
            #expect(event.labels.numbers.position == row["position"])
        }
        let positions = try await store.feed(FeedFilter(limit: 1000)).events.map(\.position.number)
        #expect(positions == former.events.map { $0["position"] })
        let names = former.numbers.keys.map { SubscriptionID($0) }
        for (name, count) in try await store.odometers(of: names) { #expect(Int(count) == former.numbers[name.text]) }
        #expect(try await repeats(store, former.events))
    }

    /// Every event is still recognized when it is posted again.
    private static func repeats(_ store: SQLiteStore, _ rows: [Row]) async throws -> Bool {
        let me = try await store.begin(at: Scene.start)
        for row in rows {
            guard let event = Event(stored: SchemaMove.split(row.bytes("body")).body), event.flag != .conflict else {
                continue
            }
            let entry = Entry(AdmittedEvent(event: event, digest: row.bytes("digest")), owed: [])
            let appended = try await store.append([entry], by: me)
            guard appended.first?.isDuplicate == true, appended.first?.event == event.id else { return false }
        }
        return true
    }

    private static func compare(_ store: SQLiteStore, _ former: Former) async throws {
        let id = try #require(try await store.delivery(formerly: former.number))
        let found = try #require(try await store.delivery(id))
        let (delivery, row) = (found.delivery, former.row)
        #expect(delivery.event == former.event && delivery.subscription.text == former.subscription)
        #expect(delivery.isReplay == row["replay"] && delivery.attempts == row["attempts"])
        #expect(delivery.created.microseconds == row["created"] && delivery.lane.rawValue == row["lane"])
        #expect(StateCode.of(delivery.state.name) == row["state"])
        if case .waiting(let due) = delivery.state { #expect(due.microseconds == row["due"]) }
        #expect(found.attempts.count == former.attempts.count)
        for (attempt, row) in zip(found.attempts, former.attempts) {
            #expect(attempt.number == row["number"] && attempt.started.microseconds == row["started"])
            #expect(attempt.duration.microseconds == row["duration"] && attempt.outcome.word == row["outcome"])
            #expect(attempt.headers.stored == row.bytes("headers"))
            #expect(attempt.outcome.status == row["status"] && attempt.privacyLevel?.rawValue == row["level"])
            if case .answered(let answer) = attempt.outcome {
                #expect(answer.excerpt == (row["excerpt"] == nil ? [] : row.bytes("excerpt")))
            }
        }
    }
}
