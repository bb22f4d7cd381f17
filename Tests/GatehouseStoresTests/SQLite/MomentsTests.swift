import GRDB
import GatehouseCore
import GatehouseTesting
import Testing

@testable import GatehouseStores

/// Positions are found by times and ids, also if the clock was set back while events were stored.
@Suite struct MomentsTests {
    /// The times at which events are accepted, one each; `starts` says before which events the writer starts anew.
    private struct Course {
        var received: [Int64] = []
        var starts: Set<Int> = []
    }

    /// Events a little out of order, pauses, a clock that is set back and forth, restarts.
    private static func course(_ seed: UInt64) -> Course {
        var random = SeededRandom(seed: seed)
        var course = Course()
        var now: Int64 = 1_700_000_000_000_000
        for place in 0..<Int.random(in: 1...1500, using: &random) {
            switch Int.random(in: 0..<300, using: &random) {
            case 0: now += Int64.random(in: 0...7_200_000_000, using: &random)
            case 1: now -= Int64.random(in: 0...7_200_000_000, using: &random)
            case 2: course.starts.insert(place)
            case 3...5: now += Int64.random(in: 0...90_000_000, using: &random)
            default: now += Int64.random(in: 0...400_000, using: &random)
            }
            course.received.append(now - Int64.random(in: 0...1_200_000, using: &random))
        }
        return course
    }

    @Test(arguments: 1...40) func positionsAreFoundByTimesAndIDs(_ number: Int) throws {
        var fresh = SeededRandom.fresh()
        let seed = fresh.next() &+ UInt64(number)
        let course = Self.course(seed)
        let queue = try DatabaseQueue()
        try SQLiteSchema.migrator.migrate(queue)
        let ids = try queue.write { try Self.store(course, seed, in: $0) }
        try queue.read { database in
            let query = MomentQuery(database: database)
            for (place, id) in ids.enumerated() {
                #expect(try query.position(of: id) == Int64(place + 1), "seed \(seed)")
            }
            var random = SeededRandom(seed: seed &+ 1)
            for _ in 0..<60 {
                let near = course.received.randomElement(using: &random) ?? 0
                let instant = Instant(microseconds: near + Int64.random(in: -2_000_000...2_000_000, using: &random))
                try Self.check(instant, course, query, seed)
            }
        }
    }

    private static func check(_ instant: Instant, _ course: Course, _ query: MomentQuery, _ seed: UInt64) throws {
        let times = course.received.enumerated()
        let first = times.first { $0.element >= instant.microseconds }.map { Int64($0.offset + 1) }
        #expect(try query.firstEvent(since: instant) == first, "seed \(seed), since \(instant)")
        let last = times.last { $0.element < instant.microseconds }.map { Int64($0.offset + 1) } ?? 0
        if let end = try query.end(until: instant) { #expect(end > last, "seed \(seed), until \(instant)") }
    }

    /// Writes the events as the writer does, with a commit after every few.
    private static func store(_ course: Course, _ seed: UInt64, in database: Database) throws -> [EventID] {
        var random = SeededRandom(seed: seed &+ 2)
        var moments = Moments()
        try moments.load(database)
        var ids: [EventID] = []
        for (place, received) in course.received.enumerated() {
            let id = EventID(at: Instant(microseconds: received), using: &random)
            ids.append(id)
            try database.execute(
                sql: """
                    INSERT INTO events (position, organization, id, kind, lane, duress, received, body)
                    VALUES (?, 1, ?, 'door.opened', 1, 0, ?, x'7b7d')
                    """, arguments: [place + 1, id.bytes.blob, received])
            if course.starts.contains(place) {
                try moments.flush(in: database)
                moments = Moments()
                try moments.load(database)
            }
            moments.note(Int64(place + 1), received: received)
            if Int.random(in: 0..<7, using: &random) == 0 { try moments.flush(in: database) }
        }
        try moments.flush(in: database)
        return ids
    }

    /// A busy hour is found in few rows: one for each second.
    @Test func secondHasOneRow() throws {
        let queue = try DatabaseQueue()
        try SQLiteSchema.migrator.migrate(queue)
        let rows = try queue.write { database in
            let moments = Moments()
            try moments.load(database)
            for event in 0..<50_000 {
                let received = 1_700_000_000_000_000 + Int64(event) * 1_000_000 / 500
                moments.note(Int64(event + 1), received: received - Int64(event % 7) * 40_000)
                if event % 20 == 0 { try moments.flush(in: database) }
            }
            try moments.flush(in: database)
            return try Int.fetchOne(database, sql: "SELECT count(*) FROM moments") ?? 0
        }
        #expect(rows <= 102)
    }
}
