import GatehouseCore
import GatehouseTesting
import Logging
import Testing

@testable import GatehouseDelivery

/// The line of the log about each attempt.
@Suite struct AttemptLineTests {
    @Test func attemptThatFailsIsInfoAndOneThatIsAcceptedIsDebug() async throws {
        let bench = try await DeliveryBench.make()
        let log = RecordingLog()
        bench.logger = log.logger
        bench.sink.answer { .answered(.init(status: $0 == 1 ? 503 : 204)) }
        try await bench.subscribe()
        try await bench.open()
        try await bench.post("e1")
        try await bench.advance(until: "delivered") { try await bench.count(.delivered) == 1 }
        let lines = log.lines.filter { $0.text == "attempt" }
        #expect(lines.map(\.level) == [.info, .debug])
        #expect(lines.map { $0.metadata["verdict"] } == ["due-again", "delivered"])
        #expect(lines.map { $0.metadata["status"] } == ["503", "204"])
        try await bench.close()
    }

    @Test func acceptedAttemptsHaveNoLineAtTheDefaultLevel() async throws {
        let bench = try await DeliveryBench.make()
        let log = RecordingLog()
        bench.logger = log.logger
        bench.logger.logLevel = .info
        try await bench.subscribe()
        try await bench.open()
        try await bench.post("e1")
        try await bench.advance(until: "delivered") { try await bench.count(.delivered) == 1 }
        #expect(!log.lines.contains { $0.text == "attempt" }, "\(log.text)")
        try await bench.close()
    }
}
