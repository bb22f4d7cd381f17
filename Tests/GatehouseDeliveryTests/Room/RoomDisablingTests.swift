import GatehouseControl
import GatehouseCore
import GatehouseTesting
import Testing

/// A receiver that is gone, and the subscriptions that are informed.
@Suite struct RoomDisablingTests {
    private static let gone = Outcome.answered(.init(status: 410))

    /// A subscription whose receiver answers 410, and one that wants to know.
    private func subscribe(on bench: DeliveryBench) async throws -> (gone: Subscription, other: Subscription) {
        let pair = try await bench.subscribe(
            "gone", answering: Self.gone, observedFor: ["subscription.disabled"]
        ) { $0.kinds = ["door.*", "subscription.disabled"] }
        return (pair.failing, pair.other)
    }

    @Test func severalThatHear410AtOnceTellTheOthersOnce() async throws {
        let bench = try await DeliveryBench.make()
        let (gone, other) = try await subscribe(on: bench)
        try await bench.open()
        for number in 1...8 { try await bench.post("e\(number)") }
        try await bench.advance(until: "told, and all eight wait") {
            try await [bench.count(.delivered), bench.count(.waiting)] == [1, 8]
        }
        #expect(bench.subscriptions.index[gone.id]?.hold == .disabled)
        #expect(try await bench.deliveries(to: gone).count == 8, "it is not told of itself")
        let told = try await bench.deliveries(to: other)
        #expect(told.count == 1)
        let delivery = try #require(told.first)
        let event = try #require(try await bench.store.event(delivery.event))
        #expect(event.kind == .subscriptionDisabled && event.source == AdmittedEvent.ownSource)
        #expect(
            JSON.object(event.data).compact == """
                {"subscription":{"id":"sub_gone","name":"gone","dialect":"standard",\
                "reason":"the receiver answered 410"}}
                """)
        try await bench.close()
    }

    @Test func receiverThatIsGoneAgainAfterAResumeIsReportedAgain() async throws {
        let bench = try await DeliveryBench.make()
        let (gone, other) = try await subscribe(on: bench)
        try await bench.open()
        try await bench.post("e1")
        for count in 1...2 {
            try await bench.advance(until: "told \(count) times") {
                try await bench.deliveries(to: other).filter { $0.state == .delivered }.count == count
            }
            let held = try #require(bench.subscriptions.index[gone.id])
            #expect(held.hold == .disabled)
            _ = try await bench.change(held, hold: Subscription.Hold.none)
        }
        try await bench.close()
    }

    /// Two subscriptions that report each other and are both gone: each is disabled once, and their deliveries are
    /// held.
    @Test func twoThatAreGoneDoNotTellEachOtherForEver() async throws {
        let bench = try await DeliveryBench.make()
        bench.sink.answer { _ in Self.gone }
        let first = try await bench.subscribe("first") { $0.kinds = ["door.*", "subscription.disabled"] }
        let second = try await bench.subscribe("second") { $0.kinds = ["subscription.disabled"] }
        try await bench.open()
        try await bench.post("e1")
        try await bench.advance(until: "both are disabled and wait") {
            let holds = [first, second].map { bench.subscriptions.index[$0.id]?.hold }
            let waiting = try await bench.count(.waiting)
            return holds == [.disabled, .disabled] && waiting == 3
        }
        let sent = bench.sink.sent.count
        for _ in 0..<100 { bench.clock.advance(by: .seconds(60)) }
        #expect(bench.sink.sent.count == sent && sent == 2)
        try await bench.close()
    }

    /// The store fails at one call after the other, from the opening of the service on.
    @Test(arguments: FaultGate.Moment.allCases)
    func othersAreInformedOnceWithAnyFailingCall(moment: FaultGate.Moment) async throws {
        var call = 1
        while try await run(failing: call, moment) { call += 1 }
        #expect(call > 7, "a run makes more calls than \(call): does the sweep still reach the paths?")
    }

    /// Returns whether the failing call was reached.
    private func run(failing call: Int, _ moment: FaultGate.Moment) async throws -> Bool {
        let bench = try await DeliveryBench.make()
        let (gone, other) = try await subscribe(on: bench)
        bench.gate.fail(call: call, moment)
        try await again { try await bench.open() }
        _ = try await again { try await bench.post("e1") }
        try await bench.advance(until: "told and held, though call \(call) failed") {
            let told = try await again { try await bench.deliveries(to: other) }
            let held = try await again { try await bench.deliveries(to: gone) }
            return told.map(\.state) == [.delivered] && held.map(\.state.name) == [.waiting]
                && bench.subscriptions.index[gone.id]?.hold == .disabled
        }
        let stored = try await again { try await bench.store.subscriptions() }
        #expect(stored.first { $0.identity.id == gone.id }?.hold == .disabled, "call \(call) \(moment)")
        #expect(bench.sink.sent.count { $0.url.host == "ops.example" } >= 1)
        try await bench.close()
        return bench.gate.calls >= call
    }
}
