import GatehouseControl
import GatehouseCore
import GatehouseDialects
import GatehouseTesting
import Logging
import Testing

@testable import GatehouseDelivery

/// Reports to operators about events that a subscription asks for and its contract cannot express.
@Suite struct UnsayableTests {
    private struct SaidLog: LogHandler {
        let lines: Snapshot<[String]>
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
        let bench = try await DeliveryBench.make()
        let subscription = try await bench.subscribe()
        let lines = Snapshot<[String]>([])
        let signals = DeliverySignals(logger: Logger(label: "said") { _ in SaidLog(lines: lines) })
        for kind in [Kind.doorForced, .doorOpened] {
            let parts = Event.Parts(
                id: EventID(high: 1, low: 1), kind: kind, organization: DeliveryBench.organization,
                received: bench.clock.now)
            signals.tell([Unsayable(subscription, lacking: ["door_id", "timestamp"])], of: Event(parts))
        }
        #expect(lines.value == ["error door_id, timestamp", "info door_id, timestamp"])
        try await bench.close()
    }

    /// Stores an event like an older gateway that filled in less and owed more.
    private func keep(
        _ kind: Kind, _ data: JSONObject, owedTo subscription: Subscription, in bench: DeliveryBench
    ) async throws {
        var random = SystemRandomNumberGenerator()
        var parts = Event.Parts(
            id: EventID(at: bench.clock.now, using: &random), kind: kind, organization: DeliveryBench.organization,
            received: bench.clock.now)
        (parts.source, parts.sourceID, parts.data) = ("/bench", "old", data)
        parts.labels.doorNumber = 1
        let admitted = AdmittedEvent(event: Event(parts), digest: Array(repeating: 0, count: 32))
        let older = try await bench.store.begin(at: bench.clock.now)
        _ = try await bench.store.append(
            [Entry(admitted, owed: [Entry.Owed(subscription.id, isBornLeased: false)])], by: older)
    }

    @Test(arguments: [(Kind.doorForced, "error"), (.doorForcedCleared, "info")])
    func owedDeliveryThatBecameUnsayableIsCancelledAndReported(kind: Kind, level: String) async throws {
        let bench = try await DeliveryBench.make()
        let lines = Snapshot<[String]>([])
        bench.logger = Logger(label: "said") { _ in SaidLog(lines: lines) }
        let subscription = try await bench.subscribe {
            $0.dialect = ProdataKeyDialect().name
            $0.settings["events"] = ["door.alarm.forced", "door.alarm.forced.cleared"]
        }
        try await keep(kind, [:], owedTo: subscription, in: bench)
        try await bench.open()
        try await bench.advance(until: "it is cancelled") { try await bench.count(.cancelled) == 1 }
        #expect(bench.sink.sent.isEmpty)
        #expect(lines.value.contains { $0.hasPrefix("\(level) ") && $0.contains("panelId") }, "\(lines.value)")
        let untold = try await bench.store.untold(since: bench.clock.now - UntoldAlarms.memory)
        let kinds = untold[subscription.id]?.map(\.kind) ?? []
        #expect(kinds == (level == "error" ? [kind] : []), "an alarm needs attention, anything else is counted")
        try await bench.close()
    }

    /// It is stored with the event: once, even if the event is posted again, and a restart forgets none.
    @Test func anAlarmThatCannotBeToldIsKeptWithItsEvent() async throws {
        let bench = try await DeliveryBench.make()
        let subscription = try await bench.subscribe { $0.dialect = PlaceOSDialect().name }
        try await bench.open()
        for id in ["a", "a", "b"] { #expect(try await bench.post(id, .deviceTampered).deliveries == 0) }
        try await bench.post("quiet", .accessGranted)
        func untold() async throws -> [UntoldAlarms] {
            try await bench.store.untold(since: bench.clock.now - UntoldAlarms.memory)[subscription.id] ?? []
        }
        let kept = try await untold()
        #expect(kept.map(\.kind) == [.deviceTampered] && kept.map(\.count) == [2])
        #expect(kept.first?.lacking == ["door_id"])
        try await bench.close()
        try await bench.open()
        #expect(try await untold() == kept)
        try await bench.close()
    }

    @Test func eventStoredWithoutItsPanelIsDeliveredWithIt() async throws {
        let bench = try await DeliveryBench.make()
        let subscription = try await bench.subscribe {
            $0.dialect = ProdataKeyDialect().name
            $0.settings["events"] = ["door.alarm.forced"]
        }
        try await bench.open()
        _ = try await bench.door(nil)
        try await bench.close()
        try await keep(.doorForced, ["door": "lobby"], owedTo: subscription, in: bench)
        try await bench.open()
        try await bench.advance(until: "it arrives") { try await bench.count(.delivered) == 1 }
        let body = try JSONParser.parse(try #require(bench.sink.sent.first).body)
        #expect(body["panelId"] == "p1")
        try await bench.close()
    }
}
