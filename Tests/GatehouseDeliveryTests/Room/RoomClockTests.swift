import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Logging
import Testing

@testable import GatehouseDelivery

/// The machine's clock is set forward or back by hours while the service is open.
@Suite struct RoomClockTests {
    private static let hours = Duration.seconds(3 * 3600)

    /// Without a correction a delivery would wait for three hours and five seconds.
    @Test func setBackWhatWaitsIsTriedAsSoonAsItWouldHaveBeen() async throws {
        let log = RecordingLog()
        let bench = try await DeliveryBench.make()
        bench.logger = log.logger
        bench.sink.answer { $0 == 1 ? .answered(.init(status: 500)) : .answered(.init(status: 200)) }
        try await bench.subscribe()
        try await bench.open()
        try await bench.post("e1", .doorForced)
        try await bench.advance(until: "tried once") { try await bench.count(.waiting) == 1 }
        let began = bench.clock.steady
        bench.clock.set(by: .zero - Self.hours)
        try await bench.advance(until: "delivered") { try await bench.count(.delivered) == 1 }
        #expect(bench.clock.steady - began < .seconds(60))
        #expect(bench.sink.sent.count == 2)
        let stamps = bench.sink.sent.compactMap { request in
            request.headers.first { $0.name.canonicalName == "webhook-timestamp" }.flatMap { Int64($0.value) }
        }
        let earlier = try #require(stamps.first) - (try #require(stamps.last))
        #expect((3 * 3600 - 60...3 * 3600).contains(earlier), "the second try bears the clock's own time")
        #expect(log.text.contains("the clock of this machine was set") && log.text.contains("back by 3 h"))
        try await bench.close()
    }

    @Test func setForwardNothingIsTakenOutOrEndedForADay() async throws {
        let bench = try await DeliveryBench.make()
        bench.retention.events = .seconds(3600)
        bench.retention.attempts = .seconds(3600)
        try await bench.subscribe("kept")
        let ending = bench.clock.now + .seconds(2 * 3600)
        try await bench.subscribe("ending") { $0.expiresAt = ending }
        try await bench.open()
        try await bench.post("e1")
        try await bench.advance(until: "delivered") { try await bench.count(.delivered) == 2 }
        bench.clock.set(by: .seconds(400 * 86_400))
        let began = bench.clock.steady
        try await bench.advance(by: .seconds(30), steps: 300, until: "two hours later") {
            bench.clock.steady - began > .seconds(2 * 3600)
        }
        #expect(try await bench.count(.delivered) == 2, "nothing is pruned")
        #expect(bench.subscriptions.index[SubscriptionID("sub_ending")]?.isActive == true)
        try await bench.post("e2")
        try await bench.advance(until: "it is delivered to whom it is owed by the clock") {
            try await bench.count(.delivered) == 3
        }
        try await bench.advance(by: .seconds(300), steps: 2000, until: "a day later it is believed") {
            let isEnded = bench.subscriptions.index[SubscriptionID("sub_ending")]?.isActive == false
            return try await bench.count(.delivered) == 0 && isEnded
        }
        #expect(bench.clock.steady - began >= ClockWatch.memory)
        try await bench.close()
    }

    @Test(arguments: [-59, -1, 0, 1, 59]) func aClockThatIsPutRightIsNoNews(seconds: Int) async throws {
        let log = RecordingLog()
        let bench = try await DeliveryBench.make()
        bench.logger = log.logger
        try await bench.open()
        for _ in 0..<5 {
            bench.clock.set(by: .seconds(seconds))
            let began = bench.clock.steady
            try await bench.advance(until: "two looks") { bench.clock.steady - began > ClockWatch.interval * 2 }
        }
        #expect(!log.text.contains("was set"))
        try await bench.close()
    }

    @Test(arguments: [
        (90, "forward by 90 s"), (-90, "back by 90 s"), (7140, "forward by 119 min"), (-10_800, "back by 3 h 0 min"),
        (400 * 86_400, "forward by 9600 h 0 min"),
    ])
    func aJumpIsToldInWords(seconds: Int, words: String) {
        #expect(ClockJump(at: Instant(seconds: 0), by: .seconds(seconds)).sentence == words)
    }
}
