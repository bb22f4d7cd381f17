import GatehouseControl
import GatehouseCore
import GatehouseTesting
import Testing

/// What the delivery module records about keys.
@Suite struct KeyUseKeepingTests {
    @Test func usesAreKeptNowAndThenAndAtTheEnd() async throws {
        let bench = try await DeliveryBench.make()
        let key = Key(
            id: KeyID("key_1"), name: "K", role: .source, organization: DeliveryBench.organization, hash: [1],
            created: bench.clock.now)
        try await bench.store.apply(.add, .key(key))
        try await bench.open()
        let first = bench.clock.now
        bench.uses.note(key.id, at: first)
        try await bench.advance(until: "kept") { try await bench.store.keyUses() == [key.id: first] }
        #expect(bench.clock.now - first <= .seconds(61))
        let last = bench.clock.now
        bench.uses.note(key.id, at: last)
        try await bench.close()
        #expect(try await bench.store.keyUses() == [key.id: last])
    }

    @Test func anAttemptIsKeptWithTheLevelByWhichItWasSent() async throws {
        let bench = try await DeliveryBench.make()
        try await bench.subscribe { $0.privacyLevel = .noPersons }
        try await bench.open()
        try await bench.post("e1")
        try await bench.advance(until: "delivered") { try await bench.count(.delivered) == 1 }
        let delivery = try #require(try await bench.store.deliveries(DeliveryFilter(limit: 1)).deliveries.first)
        let attempts = try #require(try await bench.store.delivery(delivery.id)).attempts
        #expect(attempts.map(\.privacyLevel) == [.noPersons])
        try await bench.close()
    }
}
