import GatehouseControl
import GatehouseCore
import GatehouseDelivery
import GatehouseStores
import GatehouseTesting
import HTTPTypes
import Testing

/// One event's way through intake, courier, pipeline and recorder, over a real store.
@Suite struct RoomTests {
    @Test func anAcceptedEventIsSentSignedAndRecorded() async throws {
        let bench = try await DeliveryBench.make()
        try await bench.subscribe()
        try await bench.open()
        let receipt = try await bench.post("e1")
        #expect(receipt.deliveries == 1)
        try await bench.advance(until: "recorded") { try await bench.count(.delivered) == 1 }
        #expect(bench.sink.sourceIDs == ["e1"])
        let request = try #require(bench.sink.sent.first)
        #expect(request.headers.contains { $0.name.canonicalName == "webhook-signature" })
        try await bench.close()
    }

    @Test func aChangeOfTheDirectoryIsDeliveredToThoseAbove() async throws {
        let bench = try await DeliveryBench.make()
        try await bench.subscribe()
        try await bench.open()
        let south = Organization(id: OrganizationID("south"), name: "South", parent: DeliveryBench.organization)
        try await bench.apply(Change(.add, .organization(south)), kind: .organizationCreated, of: south.id)
        try await bench.advance(until: "delivered") { try await bench.count(.delivered) == 1 }
        #expect(try await bench.store.directory().organizations[south.id] == south)
        await #expect(throws: StoreError.self, "taken: neither changed nor told") {
            try await bench.apply(Change(.add, .organization(south)), kind: .organizationCreated, of: south.id)
        }
        #expect(try await bench.store.deliveries(DeliveryFilter(limit: 10)).deliveries.count == 1)
        try await bench.close()
    }

    @Test func anOdometerCountsAnEventOnceHoweverOftenItIsTried() async throws {
        let bench = try await DeliveryBench.make()
        bench.sink.answer { $0 < 3 ? .answered(.init(status: 500)) : .answered(.init(status: 200)) }
        let subscription = try await bench.subscribe()
        try await bench.open()
        try await bench.post("e1")
        try await bench.advance(until: "delivered") { try await bench.count(.delivered) == 1 }
        try await bench.post("e1")
        try await bench.post("e2")
        #expect(try await bench.store.odometers(of: [subscription.id]) == [subscription.id: 2])
        try await bench.close()
    }

    @Test func aFailureIsTriedAgainWhenItIsDueAndNotBefore() async throws {
        let bench = try await DeliveryBench.make()
        bench.sink.answer { $0 == 1 ? .answered(.init(status: 500)) : .answered(.init(status: 200)) }
        try await bench.subscribe()
        try await bench.open()
        let began = bench.clock.now
        try await bench.post("e1")
        try await bench.advance(until: "delivered") { try await bench.count(.delivered) == 1 }
        #expect(bench.sink.sent.count == 2)
        let waited = bench.clock.now - began
        #expect(waited >= .seconds(4), "the first delay is 5 s, a fifth less at the least")
        try await bench.close()
    }

    @Test func retryAfterIsHonoured() async throws {
        let bench = try await DeliveryBench.make()
        bench.sink.answer { $0 == 1 ? .answered(.init(status: 503, retryAfter: "60")) : .answered(.init(status: 200)) }
        try await bench.subscribe()
        try await bench.open()
        let began = bench.clock.now
        try await bench.post("e1")
        try await bench.advance(until: "delivered") { try await bench.count(.delivered) == 1 }
        #expect(bench.clock.now - began >= .seconds(60))
        try await bench.close()
    }

    @Test func anExhaustedScheduleEndsInADeadDelivery() async throws {
        let bench = try await DeliveryBench.make()
        bench.sink.answer { _ in .unreachable(reason: "the receiver refused the connection") }
        try await bench.subscribe { $0.retries = [.seconds(1), .seconds(1)] }
        try await bench.open()
        try await bench.post("e1")
        try await bench.advance(until: "dead") { try await bench.count(.dead) == 1 }
        #expect(bench.sink.sent.count == 3)
        let dead = try #require(try await bench.store.deliveries(DeliveryFilter(limit: 10)).deliveries.first)
        let attempts = try #require(try await bench.store.delivery(dead.id)).attempts
        #expect(attempts.map(\.number) == [1, 2, 3])
        try await bench.close()
    }

    @Test func aDeadDeliveryThatIsAskedForAgainIsSentAtOnce() async throws {
        let bench = try await DeliveryBench.make()
        bench.sink.answer { $0 == 1 ? .answered(.init(status: 500)) : .answered(.init(status: 200)) }
        let subscription = try await bench.subscribe { $0.retries = [] }
        try await bench.open()
        try await bench.post("e1")
        try await bench.advance(until: "dead") { try await bench.count(.dead) == 1 }
        let dead = try #require(try await bench.store.deliveries(DeliveryFilter(limit: 10)).deliveries.first)
        try await bench.store.retry(dead.id, at: bench.clock.now)
        bench.registries.notifier.post(.deliveriesDue(subscription.id))
        try await bench.advance(by: .zero, steps: 2_000, until: "delivered") { try await bench.count(.delivered) == 1 }
        let attempts = try #require(try await bench.store.delivery(dead.id)).attempts
        #expect(attempts.map(\.number) == [1, 2])
        try await bench.close()
    }

    @Test func expiredSubscriptionIsOwedNothingMore() async throws {
        let bench = try await DeliveryBench.make()
        bench.sink.answer { _ in .answered(.init(status: 503)) }
        let end = bench.clock.now + .seconds(60)
        let subscription = try await bench.subscribe { $0.expiresAt = end }
        try await bench.open()
        try await bench.post("e1")
        try await bench.advance(until: "tried") { bench.sink.sent.count == 2 }
        bench.clock.advance(by: .seconds(60))
        #expect(try await bench.post("e2").deliveries == 0)
        try await bench.advance(until: "cancelled") { try await bench.count(.cancelled) == 1 }
        let delivery = try #require(try await bench.store.deliveries(DeliveryFilter(limit: 10)).deliveries.first)
        #expect(delivery.state == .cancelled(.subscriptionExpired))
        try await bench.advance(until: "inactive") { bench.subscriptions.index[subscription.id]?.isActive == false }
        let stored = try #require(try await bench.store.subscriptions().first)
        #expect(stored.revision == 2)
        try await bench.close()
    }

    @Test func whetherTheReceiverMustProveItsNameIsTheSubscriptions() async throws {
        let bench = try await DeliveryBench.make()
        try await bench.subscribe("strict")
        try await bench.subscribe("lenient") { $0.verifiesCertificates = false }
        try await bench.open()
        try await bench.post("e1")
        try await bench.advance(until: "sent") { bench.sink.sent.count == 2 }
        let verified = bench.sink.sent.map { [$0.url.host: $0.verifiesCertificates] }
        #expect(Set(verified) == [["strict.example": true], ["lenient.example": false]])
        try await bench.close()
    }

    @Test func goneDisablesAndEverythingStaysOwed() async throws {
        let bench = try await DeliveryBench.make()
        bench.sink.answer { _ in .answered(.init(status: 410)) }
        let subscription = try await bench.subscribe()
        try await bench.open()
        try await bench.post("e1")
        try await bench.advance(until: "disabled") { bench.subscriptions.index[subscription.id]?.hold == .disabled }
        try await bench.post("e2")
        try await bench.advance(until: "both wait") { try await bench.count(.waiting) == 2 }
        let dialled = bench.sink.sent.count
        for _ in 0..<200 { bench.clock.advance(by: .seconds(60)) }
        #expect(bench.sink.sent.count == dialled)
        bench.sink.answer { _ in .answered(.init(status: 200)) }
        let present = try #require(bench.subscriptions.index[subscription.id])
        _ = try await bench.change(present, hold: Subscription.Hold.none)
        try await bench.advance(until: "both arrive") { try await bench.count(.delivered) == 2 }
        try await bench.close()
    }

    @Test func deliveryLeftLeasedByACrashIsAttemptedByTheNextStart() async throws {
        let bench = try await DeliveryBench.make()
        bench.sink.answer { _ in .answered(.init(status: 500)) }
        try await bench.subscribe { $0.concurrency = 1 }
        try await bench.open()
        for number in 1...5 { try await bench.post("e\(number)") }
        await bench.crash()
        bench.sink.answer { _ in .answered(.init(status: 200)) }
        try await bench.open()
        try await bench.advance(until: "all arrive") { try await bench.count(.delivered) == 5 }
        #expect(Set(bench.sink.sourceIDs) == Set((1...5).map { "e\($0)" }))
        try await bench.close()
    }

    @Test func theDrainHandsBackWhatWasNotBegun() async throws {
        let bench = try await DeliveryBench.make()
        try await bench.subscribe()
        try await bench.open()
        for number in 1...50 { try await bench.post("e\(number)") }
        try await bench.close()
        #expect(try await bench.count(.leased) == 0)
        #expect(try await bench.count(.delivered) + bench.count(.waiting) == 50)
    }

    @Test func whileResultsCannotBeCommittedNothingIsDialled() async throws {
        let bench = try await DeliveryBench.make()
        let gate = bench.gate
        try await bench.subscribe { $0.concurrency = 1 }
        try await bench.open()
        bench.sink.answer { _ in
            gate.goAway()
            return .answered(.init(status: 200))
        }
        for number in 1...20 { _ = try? await bench.post("e\(number)") }
        let accepted = bench.sink.sent.count
        try await bench.advance(until: "the ledger notices") { bench.sink.sent.count >= 1 }
        // However long it lasts: a running attempt may still deliver its result, but no new ones start.
        for _ in 0..<100 {
            bench.clock.advance(by: .seconds(1))
            try await Task.sleep(for: .milliseconds(1))
        }
        let dialled = bench.sink.sent.count
        #expect(dialled <= accepted + 2)
        for _ in 0..<100 {
            bench.clock.advance(by: .seconds(1))
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(bench.sink.sent.count == dialled)
        bench.sink.answer { _ in .answered(.init(status: 200)) }
        gate.comeBack()
        try await bench.advance(until: "nothing is owed any more") {
            try await bench.count(.waiting) + bench.count(.leased) == 0
        }
        try await bench.close()
    }

    @Test func anUrgentEventIsSentBeforeTheNormalOnesThatWait() async throws {
        let bench = try await DeliveryBench.make()
        try await bench.subscribe { $0.concurrency = 1 }
        let subscription = try #require(bench.subscriptions.index[SubscriptionID("sub_one")])
        _ = try await bench.change(subscription, hold: .paused)
        try await bench.open()
        for number in 1...5 { try await bench.post("n\(number)") }
        try await bench.post("u", .panicRaised)
        let paused = try #require(bench.subscriptions.index[SubscriptionID("sub_one")])
        _ = try await bench.change(paused, hold: Subscription.Hold.none)
        try await bench.advance(until: "all arrive") { try await bench.count(.delivered) == 6 }
        #expect(bench.sink.sourceIDs.first == "u")
        try await bench.close()
    }
}
