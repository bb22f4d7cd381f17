import GatehouseControl
import GatehouseCore
import GatehouseTesting
import Testing

@testable import GatehouseDelivery

/// The delivery module's own actions have their lines in the audit, by the gateway.
@Suite struct RoomAuditTests {
    private func lines(_ bench: DeliveryBench, _ action: AuditEntry.Action) async throws -> [AuditEntry] {
        try await bench.store.audit(AuditFilter(limit: 100)).map(\.entry).filter { $0.action == action }
    }

    @Test func aSubscriptionThatIsDisabledOrWhoseTimeIsOver() async throws {
        let bench = try await DeliveryBench.make()
        bench.sink.answer("gone.example", with: .answered(.init(status: 410)))
        try await bench.subscribe("gone")
        let end = bench.clock.now + .seconds(60)
        try await bench.subscribe("short") { $0.expiresAt = end }
        try await bench.open()
        try await bench.post("e1")
        try await bench.advance(until: "disabled") { try await lines(bench, .disable).count == 1 }
        try await bench.advance(until: "expired") { try await lines(bench, .expire).count == 1 }
        for entry in try await lines(bench, .disable) + lines(bench, .expire) {
            #expect(entry.actor == .gateway && entry.organization == DeliveryBench.organization)
            #expect(entry.sort == .subscription)
        }
        #expect(try await lines(bench, .disable).first?.details["reason"] == "the receiver answered 410")
        #expect(try await lines(bench, .expire).first?.id == "sub_short")
        try await bench.close()
    }

    /// Counts like the server's tally, without a store.
    private final class Counting: Tally {
        let noted = Snapshot<[String: Int]>([:])

        func note(_ entry: AuditEntry, count: Int) {
            noted.update {
                $0["\(entry.action) \(entry.id) by \(entry.actor.user["id"]?.text ?? "")", default: 0] += count
            }
        }
        func settle(_ scope: TallyScope, at now: Instant) async throws(StoreError) {}
    }

    @Test func prunedDataIsCounted() async throws {
        let bench = try await DeliveryBench.make()
        let counting = Counting()
        bench.ownActions = counting
        bench.retention.attempts = .seconds(3600)
        try await bench.subscribe("taken")
        try await bench.open()
        for number in 0..<3 { try await bench.post("e\(number)") }
        try await bench.advance(until: "delivered") { try await bench.count(.delivered) == 3 }
        try await bench.advance(by: .seconds(30), until: "counted") {
            counting.noted.value["prune attempts by gateway"] == 3
        }
        try await bench.close()
    }

    /// Settled completely at the end, and before that every finished turn.
    private final class Recording: Tally {
        let scopes = Snapshot<[TallyScope]>([])
        func note(_ entry: AuditEntry, count: Int) {}
        func settle(_ scope: TallyScope, at now: Instant) async throws(StoreError) {
            scopes.update { $0.append(scope) }
            throw .unavailable("away")
        }
    }

    @Test func talliesAreSettledEachMinuteAndAtTheEndEachForItself() async throws {
        let bench = try await DeliveryBench.make()
        let (first, second) = (Recording(), Recording())
        bench.tallies = [first, second]
        try await bench.open()
        try await bench.advance(by: .seconds(10), until: "settled") { second.scopes.value.count >= 3 }
        try await bench.close()
        for tally in [first, second] {
            #expect(tally.scopes.value.dropLast().allSatisfy { $0 == .ended } && tally.scopes.value.last == .all)
        }
    }
}
