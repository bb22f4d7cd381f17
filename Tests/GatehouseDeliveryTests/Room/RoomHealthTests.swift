import GatehouseControl
import GatehouseCore
import GatehouseTesting
import Testing

/// Receivers that fail, and the subscriptions that are informed.
@Suite struct RoomHealthTests {
    private static let down = Outcome.answered(.init(status: 500))

    /// A subscription whose receiver fails, and one that wants to know.
    private func subscribe(
        on bench: DeliveryBench, retries: [Duration] = [1, 1, 1, 1, 1, 1, 1].map { .seconds($0) }
    ) async throws -> (failing: Subscription, other: Subscription) {
        try await bench.subscribe(
            "failing", answering: Self.down, observedFor: ["subscription.*", "delivery.dead"]
        ) {
            $0.kinds = ["door.*", "subscription.*", "delivery.*"]
            $0.retries = retries
        }
    }

    @Test func failureDeathAndRecoveryAreToldToTheOthersOnceEach() async throws {
        let bench = try await DeliveryBench.make()
        let (failing, other) = try await subscribe(on: bench)
        try await bench.open()
        try await bench.post("e1")
        try await bench.advance(until: "dead and told") {
            try await bench.told(other).map(\.kind) == [.subscriptionFailing, .deliveryDead]
        }
        let events = try await bench.told(other)
        let about = events[0].data["subscription"]
        #expect(about?["id"] == "sub_failing" && about?["reason"] == "4 attempts in a row failed")
        #expect(about?["outcome"] == "rejected" && about?["status"] == 500)
        let death = events[1].data["delivery"]
        #expect(death?["kind"] == "door.opened" && death?["lane"] == "normal" && death?["reason"] == "exhausted")
        #expect(death?["attempts"] == 8 && death?["count"] == 1 && death?["outcome"] == "rejected")
        #expect(events.allSatisfy { !JSON.object($0.data).compact.contains("example") }, "nothing of the URL")
        bench.sink.answer("failing.example", with: .answered(.init(status: 204)))
        try await bench.post("e2")
        try await bench.advance(until: "recovered is told") {
            try await bench.told(other).map(\.kind)
                == [.subscriptionFailing, .deliveryDead, .subscriptionRecovered]
        }
        #expect(
            try await bench.told(failing).map(\.kind) == [.doorOpened, .doorOpened], "it is not told of itself")
        try await bench.close()
    }

    @Test func anAlarmThatWaitsAMinuteIsToldThoughNothingWasAttempted() async throws {
        let bench = try await DeliveryBench.make()
        let (failing, other) = try await subscribe(on: bench)
        _ = try await bench.change(failing, hold: .paused)
        try await bench.open()
        try await bench.post("e1", .doorForced)
        try await bench.advance(until: "told") { try await !bench.told(other).isEmpty }
        let event = try #require(try await bench.told(other).first)
        #expect(event.kind == .subscriptionFailing)
        #expect(event.data["subscription"]?["reason"] == "an urgent delivery waits for more than 60 s")
        try await bench.close()
    }

    /// Two subscriptions that report each other and both fail, for hours: each failure of a normal delivery is reported
    /// once, and the reports themselves fail and die without a further report.
    @Test func twoThatFailDoNotTellEachOtherForEver() async throws {
        let bench = try await DeliveryBench.make()
        bench.sink.answer { _ in Self.down }
        for name in ["first", "second"] {
            try await bench.subscribe(name) {
                $0.kinds = ["door.*", "subscription.*", "delivery.*"]
                $0.retries = [.seconds(1), .seconds(1), .seconds(1)]
            }
        }
        try await bench.open()
        try await bench.post("e1")
        func raised() async throws -> [Kind] {
            var filter = DeliveryFilter(limit: 1000)
            filter.state = .dead
            var kinds: [Kind] = []
            for delivery in try await bench.store.deliveries(filter).deliveries {
                if let kind = try await bench.store.event(delivery.event)?.kind { kinds.append(kind) }
            }
            return kinds
        }
        // Two of e1; for each of the two, that it fails and that it lost e1, reported to the other.
        try await bench.advance(until: "everything died") { try await raised().count == 6 }
        let sent = bench.sink.sent.count
        for _ in 0..<200 {
            bench.clock.advance(by: .seconds(60))
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(bench.sink.sent.count == sent)
        #expect(try await raised().count { Catalogue.raised.contains($0) } == 4)
        #expect(try await bench.store.health(of: nil).values.allSatisfy { $0.isFailing && $0.deadCount == 3 })
        try await bench.close()
    }

    /// The store fails at one call after the other, from the opening of the service on.
    @Test(arguments: FaultGate.Moment.allCases)
    func eachIsReportedOnceWithAnyFailingCall(moment: FaultGate.Moment) async throws {
        var call = 1
        while try await run(failing: call, moment) { call += 1 }
        #expect(call > 10, "a run makes more calls than \(call): does the sweep still reach the paths?")
    }

    /// Returns whether the failing call was reached.
    private func run(failing call: Int, _ moment: FaultGate.Moment) async throws -> Bool {
        let bench = try await DeliveryBench.make()
        let (_, other) = try await subscribe(on: bench, retries: [1, 1, 1, 1].map { .seconds($0) })
        bench.gate.fail(call: call, moment)
        try await again { try await bench.open() }
        _ = try await again { try await bench.post("e1", .doorForced) }
        let expected: Set<Kind> = [.subscriptionFailing, .deliveryDead]
        try await bench.advance(until: "told though call \(call) failed") {
            let kinds = try await again { try await bench.told(other) }.map(\.kind)
            return Set(kinds) == expected
        }
        let kinds = try await again { try await bench.told(other) }.map(\.kind)
        #expect(kinds.count == 2, "call \(call) \(moment)")
        try await bench.close()
        return bench.gate.calls >= call
    }
}
