import GatehouseCore
import GatehouseTesting
import Testing

/// The promises of ``DeliveryStore/record(_:by:)``, tested with every store.
@Suite struct RecordConformanceTests {
    private static let later = Scene.start + .seconds(30)

    static let nexts: [(Settlement.Next, DeliveryState)] = [
        (.verdict(.delivered), .delivered),
        (.verdict(.dueAgain(at: later)), .waiting(until: later)),
        (.verdict(.gone(at: later)), .waiting(until: later)),
        (.verdict(.dead(.exhausted)), .dead(.exhausted)),
        (.verdict(.dead(.corrupt)), .dead(.corrupt)),
        (.cancelled(.subscriptionInactive), .cancelled(.subscriptionInactive)),
        (.cancelled(.noLongerOwed), .cancelled(.noLongerOwed)),
        (.cancelled(.requested), .cancelled(.requested)),
        (.handedBack(due: later), .waiting(until: later)),
    ]

    @Test(arguments: StoreOpener.all)
    func deliveryGetsTheStateOfItsResult(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            var results: [Settlement] = []
            for number in Self.nexts.indices {
                let id = try await scene.deliver("\(number)", leased: true)
                results.append(Settlement(delivery: id, next: Self.nexts[number].0, attempt: nil))
            }
            try await scene.store.record(results, by: scene.me)
            for (result, expected) in zip(results, Self.nexts) {
                #expect(try await scene.state(result.delivery) == expected.1)
            }
            try await scene.store.record([], by: scene.me)
        }
    }

    static let outcomes: [Outcome] = [
        .answered(.init(status: 204)),
        .answered(.init(status: 503, retryAfter: "120", excerpt: [0, 255, 13, 10])),
        .forbidden(reason: "loopback"), .unresolved(reason: "no such name"), .unreachable(reason: "refused"),
        .untrusted(reason: "expired"), .broken(reason: "reset"),
        .timedOut(.resolve), .timedOut(.connect), .timedOut(.handshake), .timedOut(.write), .timedOut(.answer),
    ]

    @Test(arguments: StoreOpener.all)
    func attemptIsStoredUnchanged(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let id = try await scene.deliver("a")
            let attempts = Self.outcomes.enumerated().map {
                Sample.attempt($0.offset + 1, $0.element, started: Scene.start + .seconds($0.offset))
            }
            for attempt in attempts {
                #expect(try await scene.claim().deliveries.map(\.attempts) == [attempt.number - 1])
                try await scene.record(id, .verdict(.dueAgain(at: Scene.start)), attempt: attempt)
            }
            let found = try #require(try await scene.store.delivery(id))
            #expect(found.attempts == attempts && found.delivery.attempts == attempts.count)
        }
    }

    @Test(arguments: StoreOpener.all)
    func repeatedResultChangesNothing(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let id = try await scene.deliver("a", leased: true)
            let result = Settlement(
                delivery: id, next: .verdict(.dueAgain(at: Scene.start)), attempt: Sample.attempt(1))
            try await scene.store.record([result, result], by: scene.me)
            try await scene.store.record([result], by: scene.me)
            let once = try #require(try await scene.store.delivery(id))
            #expect(once.delivery.attempts == 1 && once.attempts.count == 1)
            #expect(try await scene.claim().deliveries.map(\.id) == [id])
            try await scene.store.record([result], by: scene.me)
            #expect(try await scene.state(id) == .leased(by: scene.me), "the first result does not end a second lease")
            try await scene.record(id, .verdict(.delivered), attempt: Sample.attempt(2))
            try await scene.store.record([result], by: scene.me)
            #expect(try await scene.state(id) == .delivered)
            #expect(try await scene.store.delivery(id)?.attempts.map(\.number) == [1, 2])
        }
    }

    @Test(arguments: StoreOpener.all)
    func foreignLeaseStaysAndTheAttemptIsStored(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let dead = scene.me
            let id = try await scene.deliver("a", leased: true)
            let survivor = try await scene.store.begin(at: Scene.start)
            _ = try await scene.store.rescueOrphaned(heardBefore: Self.later, now: Self.later, survivor: survivor)
            try await scene.record(id, .verdict(.delivered), attempt: Sample.attempt(1), by: dead)
            #expect(try await scene.state(id) == .waiting(until: Self.later))
            _ = try await scene.claim(now: Self.later, by: survivor)
            try await scene.record(id, .verdict(.dead(.exhausted)), by: dead)
            #expect(try await scene.state(id) == .leased(by: survivor))
            try await scene.record(id, .verdict(.delivered), attempt: Sample.attempt(1), by: survivor)
            #expect(try await scene.state(id) == .delivered)
            #expect(try await scene.store.delivery(id)?.attempts.count == 2)
        }
    }

    @Test(arguments: StoreOpener.all)
    func retryForADeletedSubscriptionIsNoLongerOwed(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let back = try await scene.deliver("a", leased: true)
            let again = try await scene.deliver("b", leased: true)
            let held = try await scene.deliver("c", leased: true)
            let done = try await scene.deliver("d", leased: true)
            try await scene.store.delete(Scene.s1, at: Scene.start)
            try await scene.record(back, .handedBack(due: Scene.start))
            try await scene.record(again, .verdict(.dueAgain(at: Self.later)), attempt: Sample.attempt(1))
            try await scene.record(done, .verdict(.delivered), attempt: Sample.attempt(1))
            try await scene.store.end(scene.me, at: Scene.start)
            for id in [back, again, held] { #expect(try await scene.state(id) == .cancelled(.subscriptionDeleted)) }
            #expect(try await scene.state(done) == .delivered)
            #expect(try await scene.store.backlog() == Backlog(waiting: 0, leased: 0, oldest: nil))
        }
    }
}
