import GatehouseCore
import GatehouseTesting
import Testing

/// The promises of ``DeliveryStore`` about claims and due deliveries, tested with every store.
@Suite struct DeliveryConformanceTests {
    @Test(arguments: StoreOpener.all)
    func aDeliveryIsClaimedByOneCallerOnly(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            var born: Set<DeliveryID> = []
            for number in 0..<50 { born.insert(try await scene.deliver("\(number)")) }
            let claims = try await withThrowingTaskGroup(of: [DeliveryID].self) { group in
                for _ in 0..<12 { group.addTask { try await scene.claim(limit: 7).deliveries.map(\.id) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claims.count == 50 && Set(claims) == born)
            #expect(try await scene.claim().deliveries.isEmpty)
        }
    }

    @Test(arguments: StoreOpener.all)
    func urgentDeliveriesAreClaimedFirstThenByDueTime(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let late = try await scene.deliver("late", received: Scene.start + .seconds(3))
            let early = try await scene.deliver("early", received: Scene.start + .seconds(1))
            let alarm = try await scene.deliver("alarm", kind: .doorForced, received: Scene.start + .seconds(4))
            let elsewhere = try await scene.deliver("elsewhere", to: Scene.s2)
            let now = Scene.start + .seconds(10)
            let first = try await scene.claim(limit: 2, now: now)
            #expect(first.deliveries.map(\.id) == [alarm, early])
            #expect(first.deliveries.map(\.lane) == [.urgent, .normal])
            #expect(first.next.earliest == Scene.start + .seconds(3))
            let second = try await scene.claim(limit: 2, now: now)
            #expect(second.deliveries.map(\.id) == [late] && second.next.earliest == nil)
            #expect(try await scene.state(elsewhere) == .waiting(until: Scene.start))
        }
    }

    @Test(arguments: StoreOpener.all)
    func claimHasAllThatAnAttemptNeeds(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let event = Sample.event("a")
            let entry = Sample.entry(event, owed: [.init(Scene.s1, isBornLeased: false)])
            let appended = try await scene.store.append([entry], by: scene.me)
            let claimed = try #require(try await scene.claim().deliveries.first)
            #expect(claimed.event?.stored == event.numbered(appended[0].numbers).stored)
            #expect(claimed.attempts == 0 && !claimed.isReplay)
            try await scene.record(claimed.id, .verdict(.dueAgain(at: Scene.start)), attempt: Sample.attempt(1))
            #expect(try await scene.claim().deliveries.first?.attempts == 1)
        }
    }

    @Test(arguments: StoreOpener.all)
    func deliveryNotYetDueWaitsAndSaysWhen(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let id = try await scene.deliver("a", leased: true)
            let later = Scene.start + .seconds(60)
            try await scene.record(id, .verdict(.dueAgain(at: later)), attempt: Sample.attempt(1))
            let early = try await scene.claim(now: later - .microseconds(1))
            #expect(early.deliveries.isEmpty && early.next.earliest == later)
            #expect(try await scene.claim(now: later).deliveries.map(\.id) == [id])
        }
    }

    @Test(arguments: StoreOpener.all)
    func onlyWaitingDeliveryIsClaimed(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            _ = try await scene.deliver("leased", leased: true)
            let settled: [Settlement.Next] = [
                .verdict(.delivered), .verdict(.dead(.exhausted)), .cancelled(.requested),
            ]
            for (number, next) in settled.enumerated() {
                try await scene.record(try await scene.deliver("\(number)", leased: true), next)
            }
            let claim = try await scene.claim(now: Scene.start + .seconds(1_000_000))
            #expect(claim.deliveries.isEmpty && claim.next.earliest == nil)
            let unknown = try await scene.claim(SubscriptionID("nobody"))
            #expect(unknown.deliveries.isEmpty && unknown.next.earliest == nil)
        }
    }

    @Test(arguments: StoreOpener.all)
    func leasesListsTheDeliveriesOfAnIncarnation(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let other = try await scene.store.begin(at: Scene.start)
            let born = try await scene.deliver("a", leased: true)
            let claimed = try await scene.deliver("b")
            _ = try await scene.claim(by: other)
            #expect(try await scene.store.leases(of: scene.me) == [born])
            #expect(try await scene.store.leases(of: other) == [claimed])
            try await scene.record(born, .verdict(.delivered), attempt: Sample.attempt(1))
            #expect(try await scene.store.leases(of: scene.me).isEmpty)
        }
    }

    @Test(arguments: StoreOpener.all)
    func dueHasOneRowPerSubscriptionWithTheEarliest(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            #expect(try await scene.store.due().isEmpty)
            _ = try await scene.deliver("a", received: Scene.start + .seconds(5))
            _ = try await scene.deliver("b", kind: .doorForced, received: Scene.start + .seconds(9))
            _ = try await scene.deliver("c", received: Scene.start + .seconds(7))
            _ = try await scene.deliver("d", to: Scene.s2, leased: true)
            let times = DueTimes(urgent: Scene.start + .seconds(9), normal: Scene.start + .seconds(5))
            #expect(try await scene.store.due() == [Due(Scene.s1, times)])
            _ = try await scene.deliver("e", kind: .doorForced, received: Scene.start + .seconds(2), to: Scene.s2)
            let due = try await scene.store.due().sorted { $0.subscription.text < $1.subscription.text }
            #expect(due.map(\.earliest) == [Scene.start + .seconds(5), Scene.start + .seconds(2)])
        }
    }

    @Test(arguments: StoreOpener.all)
    func waitingOrDeadDeliveryIsDueOnRequest(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let (soon, later) = (Scene.start + .seconds(9), Scene.start + .seconds(600))
            let waiting = try await scene.deliver("waiting", leased: true)
            try await scene.record(waiting, .verdict(.dueAgain(at: later)), attempt: Sample.attempt(1))
            let dead = try await scene.deliver("dead", leased: true)
            try await scene.record(dead, .verdict(.dead(.exhausted)), attempt: Sample.attempt(1))
            for id in [waiting, dead] {
                try await scene.store.retry(id, at: soon)
                #expect(try await scene.state(id) == .waiting(until: soon))
            }
            let claim = try await scene.claim(now: soon)
            #expect(Set(claim.deliveries.map(\.id)) == [waiting, dead])
            #expect(claim.deliveries.allSatisfy { $0.attempts == 1 && $0.event != nil })
        }
    }

    @Test(arguments: StoreOpener.all)
    func leasedOrFinishedDeliveryIsUnchanged(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let leased = try await scene.deliver("leased", leased: true)
            let delivered = try await scene.deliver("delivered", leased: true)
            try await scene.record(delivered, .verdict(.delivered), attempt: Sample.attempt(1))
            let cancelled = try await scene.deliver("cancelled")
            try await scene.store.cancel(cancelled)
            #expect(try await scene.state(cancelled) == .cancelled(.requested))
            for id in [leased, delivered, cancelled] {
                let before = try await scene.state(id)
                await #expect(throws: StoreError.self) { try await scene.store.retry(id, at: Scene.start) }
                await #expect(throws: StoreError.self) { try await scene.store.cancel(id) }
                #expect(try await scene.state(id) == before)
            }
            let never = DeliveryID(EventPosition(987_654), 1)
            await #expect(throws: StoreError.missing) { try await scene.store.retry(never, at: Scene.start) }
            await #expect(throws: StoreError.missing) { try await scene.store.cancel(never) }
            let orphan = try await scene.deliver("orphan", leased: true)
            try await scene.record(orphan, .verdict(.dead(.exhausted)), attempt: Sample.attempt(1))
            try await scene.store.delete(Scene.s1, at: Scene.start)
            await #expect(throws: StoreError.self) { try await scene.store.retry(orphan, at: Scene.start) }
            #expect(try await scene.state(orphan) == .dead(.exhausted))
        }
    }

    @Test(arguments: StoreOpener.all)
    func cancellationReachesExactlyTheWaitingDeliveries(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let owed = [Entry.Owed(Scene.s1, isBornLeased: false)]
            let batch = (0..<2500).map { Sample.entry(Sample.event("\($0)"), owed: owed) }
            let ids = try await scene.store.append(batch, by: scene.me).flatMap(\.deliveries)
            let leased = try await scene.deliver("leased", leased: true)
            let other = try await scene.deliver("other", to: Scene.s2)
            #expect(try await scene.store.cancelWaiting(of: Scene.s1, .subscriptionInactive) == 2500)
            for id in [ids[0], ids[1300], ids[2499]] {
                #expect(try await scene.state(id) == .cancelled(.subscriptionInactive))
            }
            #expect(try await scene.state(leased) == .leased(by: scene.me))
            #expect(try await scene.state(other) == .waiting(until: Scene.start))
            #expect(try await scene.store.cancelWaiting(of: Scene.s1, .subscriptionInactive) == 0)
        }
    }

    @Test(arguments: StoreOpener.all)
    func claimOfOneLaneLeavesTheOther(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let normal = try await scene.deliver("normal")
            let urgent = try await scene.deliver("urgent", kind: .doorForced)
            let claim = try await scene.store.claimDue(
                Scene.s1, [.urgent], limit: 10, now: Scene.start, by: scene.me)
            #expect(claim.deliveries.map(\.id) == [urgent])
            #expect(claim.next == DueTimes(normal: Scene.start))
            #expect(try await scene.state(normal) == .waiting(until: Scene.start))
        }
    }

    @Test(arguments: StoreOpener.all)
    func selectionOfAnOlderRevisionChangesNothing(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let waiting = try await scene.deliver("waiting")
            let dead = try await scene.deliver("dead", leased: true)
            try await scene.record(dead, .verdict(.dead(.exhausted)), attempt: Sample.attempt(1))
            var (owed, died) = (DeliverySelection(of: Scene.s1, .waiting), DeliverySelection(of: Scene.s1, .dead))
            let revision = try #require(
                try await scene.store.subscriptions().first { $0.identity.id == Scene.s1 }?.revision)
            for other in [revision - 1, revision + 1] {
                (owed.revision, died.revision) = (other, other)
                #expect(try await scene.store.cancel(owed, .subscriptionInactive, audited: nil) == 0)
                #expect(try await scene.store.retry(died, at: Scene.start + .seconds(3600), audited: nil) == 0)
            }
            #expect(try await scene.state(waiting) == .waiting(until: Scene.start))
            #expect(try await scene.state(dead) == .dead(.exhausted))
            (owed.revision, died.revision) = (revision, revision)
            #expect(try await scene.store.cancel(owed, .subscriptionInactive, audited: nil) == 1)
            #expect(try await scene.store.retry(died, at: Scene.start + .seconds(3600), audited: nil) == 1)
        }
    }

    @Test(arguments: StoreOpener.all)
    func deliveryBeyondBufferIsBornCancelled(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            func offer(_ id: String) async throws -> DeliveryState? {
                let owed = Entry.Owed(Scene.s1, isBornLeased: false, buffer: 3)
                let appended = try await scene.store.append(
                    [Sample.entry(Sample.event(id), owed: [owed])], by: scene.me)
                return try await scene.state(#require(appended.first?.deliveries.first))
            }
            for number in 0..<3 { #expect(try await offer("\(number)")?.name == .waiting) }
            for number in 3..<5 { #expect(try await offer("\(number)") == .cancelled(.bufferFull)) }
            _ = try await scene.claim(limit: 1)
            #expect(try await offer("5")?.name == .waiting, "one was sent, so there is room")
            #expect(try await offer("6") == .cancelled(.bufferFull))
            let unbounded = try await scene.deliver("7")
            #expect(try await scene.state(unbounded)?.name == .waiting)
        }
    }
}
