import GatehouseCore
import GatehouseDelivery
import GatehouseDialects
import GatehouseTesting
import HTTPTypes
import Testing

/// The store fails at its first call, then at its second, and so on until a run needs fewer calls. In each run
/// everything that was acknowledged arrives and is recorded once.
@Suite struct RoomFaultSweepTests {
    @Test(arguments: FaultGate.Moment.allCases, [false, true])
    func nothingAcknowledgedIsLostWithAnyFailingCall(moment: FaultGate.Moment, inEnvelopes: Bool) async throws {
        var call = 1
        while try await run(failing: call, moment, inEnvelopes) { call += 1 }
        #expect(call > 10, "a run makes more calls than \(call): does the sweep still reach the paths?")
    }

    /// Returns whether the failing call was reached. In envelopes a request carries all ready deliveries.
    private func run(failing call: Int, _ moment: FaultGate.Moment, _ inEnvelopes: Bool) async throws -> Bool {
        let bench = try await DeliveryBench.make()
        bench.sink.answer { $0.isMultiple(of: 2) ? .answered(.init(status: 200)) : .answered(.init(status: 500)) }
        try await bench.subscribe {
            $0.retries = Array(repeating: .seconds(1), count: 20)
            guard inEnvelopes else { return }
            $0.dialect = SituatorDialect().name
            $0.settings["payload"] = "envelope"
        }
        bench.gate.fail(call: call, moment)
        try await again { try await bench.open() }
        var posted: Set<String> = []
        for number in 1...3 {
            let receipt = try await again { try await bench.post("e\(number)", .zoneChanged) }
            posted.insert(receipt.event.description)
        }
        try await bench.advance(until: "all is recorded after call \(call) failed") {
            try await again { try await bench.count(.delivered) } == 3
        }
        let name = try #require(HTTPField.Name("gatehouse-event-id"))
        let arrived = bench.sink.sent.flatMap { ($0.headers[name] ?? "").split(separator: ", ").map(String.init) }
        #expect(Set(arrived) == posted && posted.count == 3, "call \(call) \(moment)")
        #expect(inEnvelopes || Set(bench.sink.sourceIDs) == ["e1", "e2", "e3"], "call \(call) \(moment)")
        let all = try await again { try await bench.store.deliveries(DeliveryFilter(limit: 100)).deliveries }
        #expect(all.count == 3, "call \(call) \(moment)")
        try await bench.close()
        return bench.gate.calls >= call
    }
}
