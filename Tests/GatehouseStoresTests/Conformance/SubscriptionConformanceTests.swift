import GatehouseCore
import Testing

/// What ``SubscriptionStore`` and ``DirectoryStore`` promise, held against every store.
@Suite struct SubscriptionConformanceTests {
    @Test(arguments: StoreOpener.all)
    func subscriptionsAreReadBackAndAnIDIsTakenForGood(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let stored = try await scene.store.subscriptions().sorted { $0.identity.id.text < $1.identity.id.text }
            #expect(
                stored == [
                    Scene.subscription(Scene.s1, "acme", number: 1), Scene.subscription(Scene.s2, "globex", number: 2),
                ])
            await expectConflict { try await scene.store.add(Scene.subscription(Scene.s1, "globex")) }
            try await scene.store.delete(Scene.s1, at: Scene.start)
            #expect(try await scene.store.subscriptions().map(\.identity.id) == [Scene.s2])
            await expectConflict { try await scene.store.add(Scene.subscription(Scene.s1, "acme")) }
        }
    }

    @Test(arguments: StoreOpener.all)
    func aChangeBuildsOnTheRevisionBelow(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let next = StoredSubscription(
                identity: Scene.subscription(Scene.s1, "acme", number: 1).identity, terms: Array("{\"a\":1}".utf8),
                hold: .paused,
                revision: 2)
            try await scene.store.change(next)
            #expect(try await scene.store.subscriptions().contains(next))
            await expectConflict { try await scene.store.change(next) }
            let ahead = Scene.subscription(Scene.s1, "acme", revision: 9)
            await expectConflict { try await scene.store.change(ahead) }
            #expect(try await scene.store.subscriptions().contains(next))
            await #expect(throws: StoreError.missing) {
                try await scene.store.change(Scene.subscription(SubscriptionID("nobody"), "acme", revision: 2))
            }
        }
    }

    @Test(arguments: StoreOpener.all)
    func aChangeAndWhatTellsOfItAreOneCommit(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let disabled = StoredSubscription(
                identity: Scene.subscription(Scene.s1, "acme", number: 1).identity, terms: Array("{}".utf8),
                hold: .disabled, revision: 2)
            let event = Sample.event("told", kind: .subscriptionDisabled)
            let owed = Entry.Owed(Scene.s2, isBornLeased: false)
            func tidings(_ event: Event, _ content: String = "") -> Tidings {
                Tidings([Sample.entry(event, content: content, owed: [owed])], by: scene.me)
            }
            let appended = try await scene.store.change(disabled, telling: tidings(event))
            #expect(appended.map(\.event) == [event.id])
            #expect(try await scene.store.subscriptions().contains(disabled))
            #expect(try await scene.store.event(event.id)?.kind == .subscriptionDisabled)
            #expect(try await scene.claim(Scene.s2).deliveries.map(\.id) == appended.flatMap(\.deliveries))
            // Refused for the subscription's sake, and for the event's.
            let late = Sample.event("late")
            await expectConflict { _ = try await scene.store.change(disabled, telling: tidings(late)) }
            #expect(try await scene.store.event(late.id) == nil)
            let next = StoredSubscription(
                identity: disabled.identity, terms: disabled.terms, hold: .none, revision: 3)
            let twin = Sample.event("told", kind: .subscriptionDisabled)
            await expectConflict { _ = try await scene.store.change(next, telling: tidings(twin, "another")) }
            #expect(try await scene.store.subscriptions().contains(disabled), "neither is written")
            let nobody = Scene.subscription(SubscriptionID("nobody"), "acme", revision: 2)
            await #expect(throws: StoreError.missing) {
                _ = try await scene.store.change(nobody, telling: tidings(late))
            }
            #expect(try await scene.store.event(late.id) == nil)
            #expect(try await scene.all().count == 1)
        }
    }

    @Test(arguments: StoreOpener.all)
    func deletingCancelsWhatWaitsAndKeepsTheHistory(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let waiting = try await scene.deliver("a")
            let leased = try await scene.deliver("b", leased: true)
            let other = try await scene.deliver("c", to: Scene.s2)
            try await scene.store.delete(Scene.s1, at: Scene.start)
            #expect(try await scene.state(waiting) == .cancelled(.subscriptionDeleted))
            #expect(try await scene.state(leased) == .leased(by: scene.me))
            #expect(try await scene.state(other) == .waiting(until: Scene.start))
            #expect(try await scene.all { $0.subscription = Scene.s1 }.map(\.id) == [leased, waiting])
            #expect(try await scene.claim().deliveries.isEmpty)
            #expect(try await scene.store.due().map(\.subscription) == [Scene.s2])
            await #expect(throws: StoreError.missing) { try await scene.store.delete(Scene.s1, at: Scene.start) }
            await #expect(throws: StoreError.missing) {
                try await scene.store.change(Scene.subscription(Scene.s1, "acme", revision: 2))
            }
        }
    }

    @Test(arguments: StoreOpener.all)
    func theDirectoryIsReadBackAndRefusesWhatCollides(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let store = scene.store
            let top = Organization(id: OrganizationID("top"), name: "Top", parent: nil, timeZone: "America/Sao_Paulo")
            let below = Organization(id: OrganizationID("below"), name: "Below", parent: top.id)
            let panel = Panel(id: PanelID("p1"), organization: top.id, name: "P", number: 4, timeZone: "UTC")
            let twin = Panel(id: PanelID("p1"), organization: below.id, name: "Twin", number: nil)
            let door = Door(id: DoorID("d1"), panel: panel, number: 1, name: "D", isAttendancePoint: true)
            try await store.apply(.add, .organization(top))
            try await store.apply(.add, .organization(below))
            try await store.apply(.add, .panel(panel))
            try await store.apply(.add, .panel(twin))
            try await store.apply(.add, .door(door))
            try await store.apply(.add, .door(Door(id: DoorID("d1"), panel: twin, number: 1, name: "Elsewhere")))
            await expectConflict {
                try await store.apply(.add, .organization(Organization(id: top.id, name: "Again", parent: nil)))
            }
            await expectConflict { try await store.apply(.add, .panel(panel)) }
            await expectConflict {
                try await store.apply(.add, .door(Door(id: DoorID("d1"), panel: panel, number: 2, name: "id")))
            }
            await expectConflict {
                try await store.apply(.add, .door(Door(id: DoorID("d2"), panel: panel, number: 1, name: "D2")))
            }
            let stray = Panel(id: PanelID("p9"), organization: OrganizationID("nowhere"), name: "", number: nil)
            await #expect(throws: StoreError.missing) { try await store.apply(.add, .panel(stray)) }
            await #expect(throws: StoreError.missing) {
                try await store.apply(.add, .door(Door(id: DoorID("d9"), panel: stray, number: 1, name: "")))
            }
            let directory = try await store.directory()
            #expect(directory.organizations == [top.id: top, below.id: below])
            #expect(directory.panel(panel.id, in: top.id) == panel && directory.panel(twin.id, in: below.id) == twin)
            #expect(directory.panels.count == 2 && directory.doors.count == 2)
            #expect(directory.door(door.id, in: top.id) == door)
        }
    }

    @Test(arguments: StoreOpener.all)
    func keysAreReadBackAndAnIDIsTakenOnce(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let keys = Role.allCases.enumerated().map { number, role in
                Key(
                    id: KeyID("key_\(number)"), name: "k", role: role,
                    organization: number == 0 ? nil : OrganizationID("acme"), hash: [0, 1, UInt8(number)],
                    created: Scene.start)
            }
            for key in keys { try await scene.store.apply(.add, .key(key)) }
            await expectConflict { try await scene.store.apply(.add, .key(keys[1])) }
            #expect(Set(try await scene.store.keys()) == Set(keys))
        }
    }

    private func expectConflict(
        _ call: () async throws -> Void, _ place: SourceLocation = #_sourceLocation
    ) async {
        do {
            try await call()
            Issue.record("nothing was refused", sourceLocation: place)
        } catch StoreError.conflict {
        } catch {
            Issue.record(error, sourceLocation: place)
        }
    }

    @Test(arguments: StoreOpener.all)
    func everySubscriptionGetsANumberThatGrows(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let third = try await scene.store.add(Scene.subscription(SubscriptionID("s3"), "acme"))
            try await scene.store.delete(SubscriptionID("s3"), at: Scene.start)
            let fourth = try await scene.store.add(Scene.subscription(SubscriptionID("s4"), "acme"))
            #expect(fourth > third, "the number of a deleted one is not given again")
            let kept = try await scene.store.subscriptions()
            #expect(kept.first { $0.identity.id.text == "s4" }?.identity.number == fourth)
            #expect(Set(kept.map(\.identity.number)).count == kept.count)
        }
    }
}
