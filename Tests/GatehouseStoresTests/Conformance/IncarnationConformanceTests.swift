import GatehouseCore
import Testing

/// The promises of ``HousekeepingStore`` about incarnations, tested with every store.
@Suite struct IncarnationConformanceTests {
    @Test(arguments: StoreOpener.all)
    func aLaterStartHasAHigherNumber(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let second = try await scene.store.begin(at: Scene.start)
            try await scene.store.end(second, at: Scene.start)
            let third = try await scene.store.begin(at: Scene.start)
            #expect(scene.me.number < second.number && second.number < third.number)
        }
    }

    @Test(arguments: StoreOpener.all)
    func deadOrEndedIncarnationIsFenced(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            try await scene.store.beat(scene.me, at: Scene.start + .seconds(5))
            let survivor = try await scene.store.begin(at: Scene.start)
            let now = Scene.start + .seconds(60)
            _ = try await scene.store.rescueOrphaned(heardBefore: now, now: now, survivor: survivor)
            await #expect(throws: StoreError.fenced) { try await scene.store.beat(scene.me, at: now) }
            try await scene.store.beat(survivor, at: now)
            try await scene.store.end(survivor, at: now)
            await #expect(throws: StoreError.fenced) { try await scene.store.beat(survivor, at: now) }
            await #expect(throws: StoreError.fenced) { try await scene.store.beat(Incarnation(999), at: now) }
        }
    }

    @Test(arguments: StoreOpener.all)
    func rescueFreesOnlyTheLeasesOfDeadIncarnations(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let orphan = try await scene.deliver("a", leased: true)
            let claimed = try await scene.deliver("b")
            _ = try await scene.claim()
            let done = try await scene.deliver("c", leased: true)
            try await scene.record(done, .verdict(.delivered), attempt: Sample.attempt(1))
            let survivor = try await scene.store.begin(at: Scene.start)
            let mine = Scene(store: scene.store, me: survivor)
            let held = try await mine.deliver("d", leased: true)
            let now = Scene.start + .seconds(60)
            #expect(try await scene.store.rescueOrphaned(heardBefore: now, now: now, survivor: survivor) == 2)
            for id in [orphan, claimed] { #expect(try await scene.state(id) == .waiting(until: now)) }
            #expect(try await scene.state(done) == .delivered)
            #expect(try await scene.state(held) == .leased(by: survivor))
            #expect(try await scene.store.rescueOrphaned(heardBefore: now, now: now, survivor: survivor) == 0)
        }
    }

    @Test(arguments: StoreOpener.all)
    func orderlyEndGivesAllLeasesBack(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let id = try await scene.deliver("a", leased: true)
            let other = try await scene.store.begin(at: Scene.start)
            let foreign = try await Scene(store: scene.store, me: other).deliver("b", leased: true)
            let now = Scene.start + .seconds(9)
            try await scene.store.end(scene.me, at: now)
            #expect(try await scene.state(id) == .waiting(until: now))
            #expect(try await scene.state(foreign) == .leased(by: other))
            #expect(try await scene.claim(now: now, by: other).deliveries.map(\.id) == [id])
        }
    }

    /// The oldest living one is the leader; the next one follows when it has ended or is declared dead.
    @Test(arguments: StoreOpener.all)
    func lowestLivingIncarnationLeads(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let second = try await scene.store.begin(at: Scene.start)
            let third = try await scene.store.begin(at: Scene.start)
            #expect(try await scene.store.leader() == scene.me)
            try await scene.store.end(second, at: Scene.start)
            #expect(try await scene.store.leader() == scene.me)
            let now = Scene.start + .seconds(60)
            _ = try await scene.store.rescueOrphaned(heardBefore: now, now: now, survivor: third)
            #expect(try await scene.store.leader() == third)
            try await scene.store.end(third, at: now)
            #expect(try await scene.store.leader() == nil)
        }
    }
}
