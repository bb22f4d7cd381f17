import GatehouseControl
import GatehouseCore
import GatehouseStores
import GatehouseTesting
import Logging
import Testing

@testable import GatehouseDelivery

/// Which gateway does which duty, and that a failed one is done again.
@Suite struct DutyTests {
    private struct Broken: Error {}

    /// Lets turns pass, and returns how often each duty was done.
    private func turns(_ count: Int, leads: Bool, failing: Bool = false) async throws -> [String: Int] {
        let (clock, log, done) = (ManualClock(), RecordingLog(), Snapshot<[String: Int]>([:]))
        let duties = [("mine", Duty.Scope.eachGateway), ("ours", .oneGateway)].map { name, scope in
            Duty(name, every: .seconds(1), scope) {
                done.update { $0[name, default: 0] += 1 }
                if failing { throw Broken() }
            }
        }
        let runner = DutyRunner(clock: clock, logger: log.logger, leads: Snapshot(leads))
        let running = Task { await runner.run(duties) }
        for _ in 1..<count {
            while clock.sleepers < duties.count { await Task.yield() }
            clock.advance(by: .seconds(1))
        }
        while clock.sleepers < duties.count { await Task.yield() }
        running.cancel()
        await running.value
        if failing { #expect(Set(log.lines.map { "\($0.metadata["duty"] ?? "")" }) == ["mine", "ours"]) }
        return done.value
    }

    @Test func dutyOfOneGatewayIsDoneByTheLeaderAlone() async throws {
        #expect(try await turns(3, leads: true) == ["mine": 3, "ours": 3])
        #expect(try await turns(3, leads: false) == ["mine": 3])
    }

    @Test func aDutyThatFailsIsDoneAgain() async throws {
        #expect(try await turns(4, leads: true, failing: true) == ["mine": 4, "ours": 4])
    }

    /// A second gateway on the store becomes the leader when the first one has ended, and not before.
    @Test func theNextOneLeadsWhereTheFirstHasEnded() async throws {
        let store = try await Stores.open("sqlite::memory:")
        let (first, second) = (
            try await store.begin(at: ManualClock().now), try await store.begin(at: ManualClock().now)
        )
        let log = RecordingLog()
        let all = [first, second].map {
            Leadership(store: store, lease: Snapshot($0), leads: Snapshot(false), logger: log.logger)
        }
        for one in all { try await one.look() }
        #expect(all.map(\.leads.value) == [true, false])
        try await store.end(first, at: ManualClock().now)
        for one in all { try await one.look() }
        #expect(all.map(\.leads.value) == [false, true])
        #expect(log.lines.map(\.text) == ["this gateway leads", "this gateway no longer leads", "this gateway leads"])
        await store.close()
    }

    @Test func theTableNamesEachDutyOnce() async throws {
        let bench = try await DeliveryBench.make()
        try await bench.open()
        let duties = try #require(bench.service).makeDuties()
        #expect(Set(duties.map(\.name)).count == duties.count)
        let shared = duties.filter { $0.scope == .oneGateway }.map(\.name)
        #expect(
            shared == ["lost door commands", "health", "expiry", "replays", "odometers", "pruning", "erasures"],
            "each of these is about what all gateways share, and does no harm where two do it")
        try await bench.close()
    }
}
