import GRDB
import GatehouseCore
import Synchronization
import Testing

@testable import GatehouseStores

/// How the one writer shares commits, and which jobs it refuses when too many wait.
@Suite struct GroupCommitTests {
    private func withStore(
        _ settings: StoreSettings = StoreSettings(), _ body: (SQLiteStore, Scene) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let store = try SQLiteStore(path: folder + "/gatehouse.db", settings: settings)
            let scene = try await Scene(setUpIn: store)
            try await body(store, scene)
            await store.close()
        }
    }

    @Test func jobsThatArriveTogetherShareACommit() async throws {
        try await withStore { store, scene in
            let gate = await Gate(shutting: store)
            let before = store.writer.committed.load(ordering: .relaxed)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 { group.addTask { _ = try await scene.deliver("\(number)") } }
                await gate.open(once: 200)
                try await group.waitForAll()
            }
            #expect(store.writer.committed.load(ordering: .relaxed) - before == 2, "the gate's own, and one for all")
        }
    }

    @Test func commitSizeIsLimited() async throws {
        var settings = StoreSettings()
        settings.commitEvents = 50
        try await withStore(settings) { store, scene in
            let gate = await Gate(shutting: store)
            let before = store.writer.committed.load(ordering: .relaxed)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 { group.addTask { _ = try await scene.deliver("\(number)") } }
                await gate.open(once: 200)
                try await group.waitForAll()
            }
            #expect(store.writer.committed.load(ordering: .relaxed) - before == 5)
        }
    }

    @Test func normalEventsAreRefusedUnderLoadAndUrgentOnesAccepted() async throws {
        var settings = StoreSettings()
        settings.queuedEvents = 10
        try await withStore(settings) { store, scene in
            let leased = try await scene.deliver("leased", leased: true)
            let gate = await Gate(shutting: store)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<10 { group.addTask { _ = try await scene.deliver("n\(number)") } }
                await gate.gathered(10)
                await #expect(throws: StoreError.overloaded) { try await scene.deliver("one too many") }
                for number in 0..<10 { group.addTask { _ = try await scene.deliver("u\(number)", kind: .doorForced) } }
                await gate.gathered(20)
                await #expect(throws: StoreError.overloaded) { try await scene.deliver("x", kind: .doorForced) }
                group.addTask { try await scene.record(leased, .verdict(.delivered), attempt: Sample.attempt(1)) }
                group.addTask { try await scene.store.beat(scene.me, at: Scene.start) }
                group.addTask { _ = try await scene.claim(Scene.s2) }
                await gate.open(once: 23)
                try await group.waitForAll()
            }
            #expect(try await store.backlog().waiting == 20)
            #expect(try await scene.state(leased) == .delivered)
            #expect(try await scene.deliver("afterwards").event.number > 0)
        }
    }

    /// A job whose rows break a rule of the tables shares a commit with others.
    @Test func jobThatBreaksARuleFailsAloneAndWritesNothing() async throws {
        let store = try SQLiteStore(path: ":memory:", settings: StoreSettings())
        let scene = try await Scene(setUpIn: store)
        let clash =
            "INSERT INTO commands (id, organization, door, asker, user, incarnation, begun) "
            + "VALUES ('c', 'acme', 'd', 'a', '{}', 1, 1)"
        let owed = [Entry.Owed(Scene.s1, isBornLeased: false)]
        let others = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                let twice: Void? = try? await store.write(.append) { database in
                    try database.execute(sql: clash)
                    try database.execute(sql: clash)
                }
                return twice == nil
            }
            for number in 0..<20 {
                let entry = Sample.entry(Sample.event("n\(number)"), owed: owed)
                group.addTask { (try? await store.append([entry], by: scene.me)) != nil }
            }
            return await group.reduce(true) { $0 && $1 }
        }
        #expect(others)
        #expect(try await scene.all().count == 20)
        #expect(try await store.lostCommands(limit: 9).isEmpty)
        await store.close()
    }

    @Test func alarmDoesNotWaitBehindNormalEvents() async throws {
        var settings = StoreSettings()
        settings.commitEvents = 10
        try await withStore(settings) { store, scene in
            let gate = await Gate(shutting: store)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 { group.addTask { _ = try await scene.deliver("n\(number)") } }
                await gate.gathered(40)
                group.addTask { _ = try await scene.deliver("alarm", kind: .doorForced) }
                await gate.open(once: 41)
                try await group.waitForAll()
            }
            let oldestTen = try await scene.all().map(\.id).sorted().prefix(10)
            let alarm = try #require(try await scene.all().first { $0.lane == .urgent })
            #expect(oldestTen.contains(alarm.id))
        }
    }

    @Test func jobQueuedAtTheCloseIsStillWritten() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore(path: folder + "/gatehouse.db", settings: StoreSettings())
            let scene = try await Scene(setUpIn: store)
            let gate = await Gate(shutting: store)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 { group.addTask { _ = try await scene.deliver("\(number)") } }
                await gate.gathered(20)
                group.addTask { await store.close() }
                await gate.open(once: 20)
                try await group.waitForAll()
            }
            let again = try SQLiteStore(path: folder + "/gatehouse.db", settings: StoreSettings())
            #expect(try await again.backlog().waiting == 20)
            await again.close()
        }
    }
}
