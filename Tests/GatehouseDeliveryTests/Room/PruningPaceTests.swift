import GatehouseControl
import GatehouseCore
import GatehouseStores
import GatehouseTesting
import Logging
import Testing

@testable import GatehouseDelivery

/// The pace of pruning follows what there is to delete.
@Suite struct PruningPaceTests {
    @Test(arguments: [
        (2_000, 100), (1_000, 200), (4_000, 50), (1_600, 125), (2_500, 80), (0, 200), (60_000, 50),
    ])
    func sliceIsAsLargeAsFitsIntoTwoMilliseconds(microseconds: Int64, next: Int) {
        var pace = PruningPace()
        pace.note(100, in: .microseconds(microseconds))
        #expect(pace.slice == next)
    }

    @Test func sliceStaysWithinItsBounds() {
        var (quick, slow) = (PruningPace(), PruningPace())
        for _ in 0..<10 {
            quick.note(quick.slice, in: .microseconds(1))
            slow.note(slow.slice, in: .seconds(1))
        }
        #expect(quick.slice == 2000 && slow.slice == 50)
    }

    @Test func sliceThatIsNotFullChangesNoSize() {
        var pace = PruningPace()
        pace.note(3, in: .milliseconds(20))
        #expect(pace.slice == 100)
    }

    @Test func pauseGetsShorterWhileSlicesAreFull() {
        var pace = PruningPace()
        var pauses: [Duration] = []
        for number in 0..<300 {
            if number % PruningPace.patience == 0 { pauses.append(pace.pause) }
            pace.note(pace.slice, in: .microseconds(900))
        }
        let expected: [Int64] = [10_000, 5_000, 2_500, 1_250, 1_000, 1_000]
        #expect(pauses == expected.map { .microseconds($0) })
        pace.note(pace.slice - 1, in: .milliseconds(2))
        #expect(pace.pause == .milliseconds(10), "the backlog is gone")
    }

    @Test func pauseIsNeverShorterThanASliceWorks() {
        var pace = PruningPace()
        for _ in 0..<300 { pace.note(pace.slice, in: .milliseconds(7)) }
        #expect(pace.slice == 50 && pace.pause == .milliseconds(7))
    }

    @Test func sliceThatWaitedForOthersChangesLittle() {
        var pace = PruningPace()
        for _ in 0..<300 { pace.note(pace.slice, in: .milliseconds(2)) }
        let before = pace.slice
        pace.note(pace.slice, in: .milliseconds(100))
        #expect(Double(pace.slice) > Double(before) * 0.9)
        for _ in 0..<20 { pace.note(pace.slice, in: .milliseconds(100)) }
        #expect(pace.slice == 50, "a store that is always slow")
    }

    /// A store with logins that have ended, on a clock that moves while nothing runs, and in each call of the store.
    private func prune(_ count: Int, each call: Duration) async throws -> (calls: Int, pauses: Duration) {
        let (gate, clock) = (FaultGate(), ManualClock())
        let store = try await Stores.open("sqlite::memory:", gate: gate)
        for number in 0..<count {
            let hash = (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
            let session = StoredSession(hash: hash, key: KeyID("k"), expires: clock.now + .seconds(1))
            try await store.add(session, at: clock.now)
        }
        clock.advance(by: .seconds(1))
        gate.hold(.prune) { clock.advance(by: call) }
        let pruning = Pruning(store: store, retention: Retention(), clock: clock, logger: Logger(label: "pruning"))
        let began = clock.now
        let turn = Task { try await pruning.prune() }
        let ticking = Task {
            while !Task.isCancelled {
                if clock.sleepers > 0 { clock.advance(by: .milliseconds(1)) } else { await Task.yield() }
            }
        }
        try await turn.value
        ticking.cancel()
        let calls = gate.count(of: .prune)
        let pauses = clock.now - began - call * calls
        let left = try await store.prune(Retention().order(for: .sessions, at: clock.now, limit: 9))
        #expect(left.taken.isEmpty)
        return (calls, pauses)
    }

    @Test func largeBacklogIsDeletedInGrowingSlices() async throws {
        let nothing = try await prune(0, each: .zero)
        let quick = try await prune(1_500, each: .zero)
        #expect(quick.calls - nothing.calls == 4, "100, 200, 400, 800")
        #expect(quick.pauses == .milliseconds(40))
        let slow = try await prune(1_500, each: .milliseconds(8))
        #expect(slow.calls - nothing.calls == 29, "100 and 28 times 50")
        #expect(slow.pauses == .milliseconds(290))
    }
}
