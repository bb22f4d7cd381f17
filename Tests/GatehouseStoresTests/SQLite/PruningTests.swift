import GRDB
import GatehouseCore
import Testing

@testable import GatehouseStores

/// How SQLite finds expired data, and what holds across a restart.
@Suite struct PruningTests {
    @Test func numbersContinueAfterPruningAndReopening() async throws {
        try await withFolder { folder in
            let path = folder + "/gatehouse.db"
            let first = try SQLiteStore(path: path, settings: StoreSettings())
            let scene = try await Scene(setUpIn: first)
            for id in ["a", "b"] { try await first.cancel(try await scene.deliver(id), audited: nil) }
            _ = try await first.foldOdometers(limit: 9)
            #expect(try await scene.prune(.events) == [.events: 2, .deliveries: 2])
            await first.close()
            let second = try SQLiteStore(path: path, settings: StoreSettings())
            let again = Scene(store: second, me: try await second.begin(at: Scene.start))
            let born = try await again.deliver("a")
            #expect(born == DeliveryID(EventPosition(3), 1))
            let slice = try await second.feed(FeedFilter(limit: 9))
            #expect(slice.events.map(\.position) == [EventPosition(3)] && slice.prunedUpTo == EventPosition(2))
            await second.close()
        }
    }

    @Test func diskShareIsKnownForAFileAndNotForMemory() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore(path: folder + "/gatehouse.db", settings: StoreSettings())
            let share = try #require(await store.diskShare())
            #expect(share > 0 && share <= 1)
            await store.close()
        }
        let store = try SQLiteStore(path: ":memory:", settings: StoreSettings())
        #expect(await store.diskShare() == nil)
        await store.close()
    }

    private static let actions: [(sql: String, broken: Int64)] = [
        ("DELETE FROM auditLinks WHERE last = 2", 2), ("UPDATE auditLinks SET hash = zeroblob(32) WHERE last = 2", 3),
        ("DELETE FROM audit WHERE number = 3", 3), ("UPDATE marks SET number = 3 WHERE name = 'audit'", 3),
        ("UPDATE marks SET number = 0 WHERE name = 'audit'", 2),
        ("INSERT INTO auditLinks (last, hash) VALUES (1, zeroblob(32))", 2),
        (
            "INSERT INTO audit (number, time, organization, body) "
                + "SELECT 1, time, organization, body FROM audit LIMIT 1",
            1
        ),
    ]

    /// Entries 1 to 4 in a commit each; 1 and 2 were pruned.
    @Test(arguments: actions)
    func changeOfTheKeptPartIsFound(sql: String, broken: Int64) async throws {
        let store = try SQLiteStore(path: ":memory:", settings: StoreSettings())
        let scene = try await Scene(setUpIn: store)
        for number in 1...4 {
            let session = StoredSession(hash: [UInt8(number)], key: KeyID("k"), expires: Scene.start)
            let entry = AuditConformanceTests.entry("\(number)", at: number)
            try await store.add(session, at: Scene.start, audited: entry)
        }
        try await scene.prune(.audit, before: Scene.start + .seconds(3))
        #expect(try await store.proveAudit(knowing: nil).broken == nil)
        try await store.write(.applyChange) { try $0.execute(sql: sql) }
        #expect(try await store.proveAudit(knowing: nil).broken == broken)
        await store.close()
    }
}
