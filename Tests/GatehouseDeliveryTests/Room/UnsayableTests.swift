import GatehouseCore
import GatehouseTesting
import Logging
import Testing

@testable import GatehouseDelivery

/// What operators are told of events that a subscription asks for and its contract cannot tell.
@Suite struct UnsayableTests {
    private struct SaidLog: LogHandler {
        let lines: Live<[String]>
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.update { $0.append("\(event.level) \(event.metadata?["keys"] ?? "")") }
        }
    }

    @Test func anAlarmThatCannotBeToldIsAnErrorAndAnythingElseIsSaidQuietly() async throws {
        let bench = try await RoomBench.make()
        let subscription = try await bench.subscribe()
        let lines = Live<[String]>([])
        let signals = DeliverySignals(logger: Logger(label: "said") { _ in SaidLog(lines: lines) })
        for kind in [Kind.doorForced, .doorOpened] {
            let parts = Event.Parts(
                id: EventID(high: 1, low: 1), kind: kind, organization: RoomBench.organization,
                received: bench.clock.now)
            signals.tell([Unsayable(subscription, lacking: ["door_id", "timestamp"])], of: Event(parts))
        }
        #expect(lines.value == ["error door_id, timestamp", "info door_id, timestamp"])
        try await bench.close()
    }
}
