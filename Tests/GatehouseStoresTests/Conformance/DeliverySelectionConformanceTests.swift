import GatehouseCore
import Testing

/// The promises of ``DeliveryStore`` about many deliveries at once, tested with every store.
@Suite struct DeliverySelectionConformanceTests {
    @Test(arguments: StoreOpener.all)
    func waitingDeliveryMovesForwardByTheJumpAndNeverBeforeNow(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let now = Scene.start
            var ids: [DeliveryID] = []
            for (number, wait) in [0, 30, 3600, 90_000].enumerated() {
                let id = try await scene.deliver("\(number)", leased: true)
                try await scene.record(id, .verdict(.dueAgain(at: now + .seconds(wait))))
                ids.append(id)
            }
            let others = try await scene.deliver("other", to: Scene.s2, leased: true)
            try await scene.record(others, .verdict(.dueAgain(at: now + .seconds(3600))))
            let count = try await scene.store.bringForward(by: .seconds(1800), of: Scene.s1, now: now)
            #expect(count == 3)
            for (id, wait) in zip(ids, [0, 0, 1800, 88_200]) {
                #expect(try await scene.state(id) == .waiting(until: now + .seconds(wait)))
            }
            #expect(try await scene.state(others) == .waiting(until: now + .seconds(3600)))
        }
    }

    private static let later = Scene.start + .seconds(1000)

    private func dead(_ id: String, in scene: Scene, at second: Int, tries: Int = 2) async throws -> DeliveryID {
        let delivery = try await scene.deliver(id, leased: true)
        let attempt = Sample.attempt(
            tries, .answered(.init(status: 500)), started: Scene.start + .seconds(second) - .milliseconds(12))
        try await scene.record(delivery, .verdict(.dead(.exhausted)), attempt: attempt)
        return delivery
    }

    @Test(arguments: StoreOpener.all)
    func deadDeliveriesAreRetriedWithANewSchedule(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let ids = [try await dead("a", in: scene, at: 10), try await dead("b", in: scene, at: 20)]
            let corrupt = try await scene.deliver("corrupt", leased: true)
            try await scene.record(corrupt, .verdict(.dead(.corrupt)))
            let other = try await scene.deliver("other", to: Scene.s2, leased: true)
            try await scene.record(other, .verdict(.dead(.exhausted)), attempt: Sample.attempt(1))
            let all = DeliverySelection(of: Scene.s1, .dead)
            #expect(try await scene.store.count(all) == 2)
            #expect(try await scene.store.retry(all, at: Self.later, audited: nil) == 2)
            for id in ids { #expect(try await scene.state(id) == .waiting(until: Self.later)) }
            #expect(try await scene.state(corrupt) == .dead(.corrupt))
            #expect(try await scene.state(other) == .dead(.exhausted))
            let claimed = try await scene.claim(now: Self.later).deliveries
            #expect(claimed.map(\.attempts) == [2, 2] && claimed.map(\.spent) == [2, 2])
            #expect(try await scene.store.retry(all, at: Self.later, audited: nil) == 0)
        }
    }

    @Test(arguments: StoreOpener.all)
    func selectionHasOnlyDeliveriesThatDiedSince(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let early = try await dead("early", in: scene, at: 10)
            let late = try await dead("late", in: scene, at: 20)
            var selection = DeliverySelection(of: Scene.s1, .dead)
            selection.diedSince = Scene.start + .seconds(20)
            #expect(try await scene.store.retry(selection, at: Scene.start + .seconds(15), audited: nil) == 0)
            #expect(try await scene.store.retry(selection, at: Self.later, audited: nil) == 1)
            #expect(try await scene.state(late) == .waiting(until: Self.later))
            #expect(try await scene.state(early) == .dead(.exhausted))
        }
    }

    @Test(arguments: StoreOpener.all)
    func selectionHasOnlyDeliveriesOfItsSpan(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            var ids: [DeliveryID] = []
            for second in 0..<4 {
                ids.append(try await scene.deliver("\(second)", received: Scene.start + .seconds(second)))
            }
            var selection = DeliverySelection(of: Scene.s1, .waiting)
            selection.since = Scene.start + .seconds(1)
            selection.until = Scene.start + .seconds(3)
            #expect(try await scene.store.count(selection) == 2)
            #expect(try await scene.store.cancel(selection, .requested, audited: nil) == 2)
            let states = try await ids.asyncMap { try await scene.state($0)?.name }
            #expect(states == [.waiting, .cancelled, .cancelled, .waiting])
            let deadOnes = DeliverySelection(of: Scene.s1, .dead)
            #expect(try await scene.store.cancel(deadOnes, .requested, audited: nil) == 0)
        }
    }

    /// Dead deliveries are cancelled together in the same way as one by one, and then need no attention.
    @Test(arguments: StoreOpener.all)
    func deadDeliveriesAreCancelledTogether(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let given = try await dead("given up", in: scene, at: 1)
            let damaged = try await scene.deliver("damaged", leased: true)
            try await scene.record(damaged, .verdict(.dead(.corrupt)))
            let waiting = try await scene.deliver("waiting")
            var selection = DeliverySelection(of: Scene.s1, .dead)
            #expect(try await scene.store.count(selection) == 1, "a retry of a damaged one cannot succeed")
            selection.includesDamaged = true
            #expect(try await scene.store.count(selection) == 2)
            #expect(try await scene.store.cancel(selection, .requested, audited: nil) == 2)
            #expect(try await scene.store.cancel(selection, .requested, audited: nil) == 0)
            #expect(try await scene.state(given) == .cancelled(.requested))
            #expect(try await scene.state(damaged) == .cancelled(.requested))
            #expect(try await scene.state(waiting)?.name == .waiting)
            let health = try #require(try await scene.store.health(of: [Scene.s1])[Scene.s1])
            #expect(health.deadCount == 0 && health.waitingCount == 1 && health.cancelled == 2)
        }
    }

    @Test(arguments: StoreOpener.all)
    func waitingDeliveryBecomesDueAndKeepsItsSchedule(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let id = try await scene.deliver("a", leased: true)
            try await scene.record(
                id, .verdict(.dueAgain(at: Self.later + .seconds(60))), attempt: Sample.attempt(1))
            let waiting = DeliverySelection(of: Scene.s1, .waiting)
            #expect(try await scene.store.retry(waiting, at: Self.later, audited: nil) == 1)
            #expect(try await scene.store.retry(waiting, at: Self.later, audited: nil) == 0, "it is already due")
            let claimed = try #require(try await scene.claim(now: Self.later).deliveries.first)
            #expect(claimed.attempts == 1 && claimed.spent == 0)
        }
    }

    @Test(arguments: StoreOpener.all)
    func manyDeliveriesChangeInSlicesWithOneAuditEntry(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let owed = [Entry.Owed(Scene.s1, isBornLeased: true)]
            let batch = (0..<2500).map { Sample.entry(Sample.event("\($0)"), owed: owed) }
            let ids = try await scene.store.append(batch, by: scene.me).flatMap(\.deliveries)
            try await scene.store.record(
                ids.map { Settlement(delivery: $0, next: .verdict(.dead(.exhausted)), attempt: Sample.attempt(1)) },
                by: scene.me)
            let entry = AuditEntry(
                .retry, .subscription, "s1", of: OrganizationID("acme"),
                by: AuditEntry.Actor(key: "k"), at: Self.later)
            let all = DeliverySelection(of: Scene.s1, .dead)
            #expect(try await scene.store.retry(all, at: Self.later, audited: entry) == 2500)
            #expect(try await scene.store.audit(AuditFilter(limit: 10)).map(\.entry) == [entry])
            #expect(try await scene.store.backlog().waiting == 2500)
        }
    }

    @Test(arguments: StoreOpener.all)
    func lastSuccessIsTheLatestKnownOne(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            #expect(try await scene.store.lastSuccess(of: Scene.s1) == nil)
            _ = try await dead("dead", in: scene, at: 500)
            #expect(try await scene.store.lastSuccess(of: Scene.s1) == nil)
            for (id, second) in [("a", 30), ("b", 20)] {
                let delivery = try await scene.deliver(id, leased: true)
                let started = Scene.start + .seconds(second)
                try await scene.record(delivery, .verdict(.delivered), attempt: Sample.attempt(1, started: started))
            }
            let expected = Scene.start + .seconds(30) + .milliseconds(12)
            #expect(try await scene.store.lastSuccess(of: Scene.s1) == expected)
            #expect(try await scene.store.lastSuccess(of: Scene.s2) == nil)
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
