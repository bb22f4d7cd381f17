import GatehouseCore
import Synchronization
import Testing

@testable import GatehouseControl

/// The requests of one key are handled one after the other, and no other key waits for them.
@Suite(.timeLimit(.minutes(1))) struct KeyTurnsTests {
    /// Work that waits for its release, and how much of it runs at once.
    private final class Work: Sendable {
        private let running = Mutex((now: 0, most: 0, done: 0))
        private let isOpen = Atomic(false)

        var now: Int { running.withLock { $0.now } }
        var most: Int { running.withLock { $0.most } }
        var done: Int { running.withLock { $0.done } }

        func open() { isOpen.store(true, ordering: .relaxed) }

        func run() async {
            running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.done) }
            while !isOpen.load(ordering: .relaxed) { await Task.yield() }
            running.withLock { $0 = ($0.now - 1, $0.most, $0.done + 1) }
        }
    }

    @Test func oneKeyIsServedInTurnsAndOthersBesideIt() async throws {
        let (turns, work) = (KeyTurns(), Work())
        let (busy, other) = (KeyID("key_busy"), KeyID("key_other"))
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 1...20 { tasks.addTask { await turns.take(of: busy) { await work.run() } } }
            while work.now == 0 { await Task.yield() }
            #expect(await turns.take(of: other) { 7 } == 7, "while the busy key is at work")
            work.open()
        }
        #expect(work.most == 1 && work.done == 20)
        #expect(turns.keys == 0, "a key that is done is forgotten")
    }

    @Test func anErrorGivesTheTurnOn() async throws {
        let turns = KeyTurns()
        let key = KeyID("key_1")
        await #expect(throws: StoreError.self) {
            try await turns.take(of: key) { () throws(StoreError) in throw .overloaded }
        }
        #expect(await turns.take(of: key) { 1 } == 1)
    }
}
