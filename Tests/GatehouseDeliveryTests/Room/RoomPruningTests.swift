import GatehouseControl
import GatehouseCore
import GatehouseTesting
import Logging
import Testing

@testable import GatehouseDelivery

/// The data that the delivery module prunes, and its warning of a full disk.
@Suite struct RoomPruningTests {
    @Test func expiredDataIsPrunedAndOwedDeliveriesStay() async throws {
        let bench = try await DeliveryBench.make()
        bench.retention.events = .seconds(3600)
        bench.retention.attempts = .seconds(3600)
        bench.retention.deadDeliveries = .seconds(3600)
        try await bench.subscribe("taken")
        try await bench.subscribe("paused")
        try await bench.open()
        let paused = try #require(bench.subscriptions.index[SubscriptionID("sub_paused")])
        _ = try await bench.change(paused, hold: .paused)
        for number in 0..<3 { try await bench.post("held-\(number)") }
        try await bench.advance(until: "delivered") { try await bench.count(.delivered) == 3 }
        try await bench.advance(by: .seconds(30), until: "the records are gone") {
            let delivered = try await bench.store.deliveries(DeliveryFilter(limit: 9)).deliveries.filter {
                $0.state == .delivered
            }
            var records = 0
            for delivery in delivered {
                records += try await bench.store.delivery(delivery.id)?.attempts.count ?? 0
            }
            return records == 0
        }
        #expect(try await bench.count(.delivered) == 3)
        #expect(try await bench.count(.waiting) == 3)
        let again = try #require(bench.subscriptions.index[SubscriptionID("sub_paused")])
        _ = try await bench.change(again, hold: Subscription.Hold.none)
        try await bench.advance(until: "everything is gone") {
            try await bench.store.deliveries(DeliveryFilter(limit: 9)).deliveries.isEmpty
        }
        #expect(bench.sink.sent.count == 6)
        #expect(try await bench.store.odometers(of: [paused.id]) == [paused.id: 3])
        try await bench.close()
    }

    @Test func aDiskThatFillsUpIsWarnedOfEachTimeOnce() async {
        let (share, isFilling) = (Snapshot<Double?>(0.5), Snapshot(false))
        let lines = Snapshot<[Logger.Level]>([])
        let logger = Logger(label: "disk") { _ in LevelLog(lines: lines) }
        let watch = DiskWatch(warning: 80, isFilling: isFilling, logger: logger) { share.value }
        for (full, says, told) in [
            (0.79, false, []), (0.80, true, [.warning]), (0.95, true, [.warning]), (nil, true, [.warning]),
            (0.5, false, [.warning, .notice]), (0.9, true, [.warning, .notice, .warning]),
        ] as [(Double?, Bool, [Logger.Level])] {
            share.update { $0 = full }
            await watch.look()
            #expect(isFilling.value == says && lines.value == told)
        }
    }
}

/// Keeps the levels of the lines.
private struct LevelLog: LogHandler {
    let lines: Snapshot<[Logger.Level]>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.update { $0.append(event.level) } }
}
