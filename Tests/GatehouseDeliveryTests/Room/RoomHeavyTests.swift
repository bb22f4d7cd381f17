import GatehouseControl
import GatehouseCore
import GatehouseDialects
import GatehouseTesting
import Testing

/// Requests of large events are written outside the loops on which all deliveries are sent.
@Suite struct RoomHeavyTests {
    private static let large: JSON = [
        "zone": ["id": "1"], "details": ["note": .string(String(repeating: "n", count: HeavyWork.begins))],
    ]

    /// With a request for each delivery, and with one that carries several.
    @Test(arguments: [false, true]) func aLargeEventHoldsUpNoOther(_ isEnvelope: Bool) async throws {
        let threads = StandingThreads()
        let bench = try await DeliveryBench.make()
        bench.heavy = HeavyWork(on: threads)
        let subscription = try await bench.subscribe("large") {
            $0.kinds = [Kind.zoneChanged.name]
            guard isEnvelope else { return }
            $0.dialect = SituatorDialect().name
            $0.secret = Secret("token")
            $0.settings["payload"] = "envelope"
        }
        try await bench.subscribe("small") { $0.kinds = [Kind.doorOpened.name] }
        let paused = try await bench.change(subscription, hold: .paused)
        try await bench.open()
        for number in 0..<4 { try await bench.post("large\(number)", .zoneChanged, Self.large) }
        _ = try await bench.change(paused, hold: Subscription.Hold.none)
        try await bench.advance(until: "large ones are at the threads") { threads.held > 0 }
        try await bench.post("small")
        try await bench.advance(until: "the small one is delivered") { try await bench.count(.delivered) == 1 }
        #expect(bench.sink.sent.map(\.url.host) == ["small.example"])
        threads.letGo()
        try await bench.advance(until: "all are delivered") { try await bench.count(.delivered) == 5 }
        #expect(bench.sink.sent.count == (isEnvelope ? 2 : 5))
        try await bench.close()
    }

    /// A subscription that changes while its large deliveries wait for their turn is checked again.
    @Test(arguments: [false, true]) func changeDuringTheWaitCounts(_ isEnvelope: Bool) async throws {
        let threads = StandingThreads()
        let bench = try await DeliveryBench.make()
        bench.heavy = HeavyWork(on: threads)
        let subscription = try await bench.subscribe("large") {
            guard isEnvelope else { return }
            $0.dialect = SituatorDialect().name
            $0.secret = Secret("token")
            $0.settings["payload"] = "envelope"
        }
        try await bench.open()
        for number in 0..<2 { try await bench.post("large\(number)", .zoneChanged, Self.large) }
        try await bench.advance(until: "they are at the threads") { threads.held > 0 }
        _ = try await bench.change(subscription, hold: .paused)
        threads.letGo()
        try await bench.advance(until: "they wait") { try await bench.count(.waiting) == 2 }
        #expect(bench.sink.sent.isEmpty)
        try await bench.close()
    }
}
