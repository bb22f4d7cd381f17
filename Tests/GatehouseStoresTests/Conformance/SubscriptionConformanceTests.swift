import GatehouseCore
import GatehouseTesting
import Testing

/// The promises of ``SubscriptionStore``, ``DirectoryStore`` and ``ChangeStore``, tested with every store.
@Suite struct SubscriptionConformanceTests {
    @Test(arguments: StoreOpener.all)
    func subscriptionIsReadBackAndItsIDIsNeverReused(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let stored = try await scene.store.subscriptions().sorted { $0.identity.id.text < $1.identity.id.text }
            #expect(
                stored == [
                    Scene.subscription(Scene.s1, "acme", number: 1), Scene.subscription(Scene.s2, "globex", number: 2),
                ])
            await ExpectedError.expectConflict { try await scene.store.add(Scene.subscription(Scene.s1, "globex")) }
            try await scene.store.delete(Scene.s1, at: Scene.start)
            #expect(try await scene.store.subscriptions().map(\.identity.id) == [Scene.s2])
            await ExpectedError.expectConflict { try await scene.store.add(Scene.subscription(Scene.s1, "acme")) }
        }
    }

    @Test(arguments: StoreOpener.all)
    func changeNeedsTheRevisionBelow(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let next = Scene.subscription(
                Scene.s1, "acme", revision: 2, terms: "{\"a\":1}", number: 1, hold: .paused)
            try await scene.store.change(next)
            #expect(try await scene.store.subscriptions().contains(next))
            await ExpectedError.expectConflict { try await scene.store.change(next) }
            let ahead = Scene.subscription(Scene.s1, "acme", revision: 9)
            await ExpectedError.expectConflict { try await scene.store.change(ahead) }
            #expect(try await scene.store.subscriptions().contains(next))
            await #expect(throws: StoreError.missing) {
                try await scene.store.change(Scene.subscription(SubscriptionID("nobody"), "acme", revision: 2))
            }
        }
    }

    @Test(arguments: StoreOpener.all)
    func changeAndItsEventsAreOneCommit(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let disabled = Scene.subscription(Scene.s1, "acme", revision: 2, number: 1, hold: .disabled)
            let event = Sample.event("told", kind: .subscriptionDisabled)
            let owed = Entry.Owed(Scene.s2, isBornLeased: false)
            func changeEvents(_ event: Event, _ content: String = "") -> ChangeEvents {
                ChangeEvents([Sample.entry(event, content: content, owed: [owed])], by: scene.me)
            }
            let appended = try await scene.store.change(disabled, events: changeEvents(event))
            #expect(appended.map(\.event) == [event.id])
            #expect(try await scene.store.subscriptions().contains(disabled))
            #expect(try await scene.store.event(event.id)?.kind == .subscriptionDisabled)
            #expect(try await scene.claim(Scene.s2).deliveries.map(\.id) == appended.flatMap(\.deliveries))
            // Refused because of the subscription, and because of the event.
            let late = Sample.event("late")
            await ExpectedError.expectConflict {
                _ = try await scene.store.change(disabled, events: changeEvents(late))
            }
            #expect(try await scene.store.event(late.id) == nil)
            let next = StoredSubscription(
                identity: disabled.identity, terms: disabled.terms, hold: .none, revision: 3)
            let twin = Sample.event("told", kind: .subscriptionDisabled)
            await ExpectedError.expectConflict {
                _ = try await scene.store.change(next, events: changeEvents(twin, "another"))
            }
            #expect(try await scene.store.subscriptions().contains(disabled), "nothing is written")
            let unknown = Scene.subscription(SubscriptionID("nobody"), "acme", revision: 2)
            await #expect(throws: StoreError.missing) {
                _ = try await scene.store.change(unknown, events: changeEvents(late))
            }
            #expect(try await scene.store.event(late.id) == nil)
            #expect(try await scene.all().count == 1)
        }
    }

    /// Nothing is left of an addition or a removal whose event is refused, neither in the tables nor in the memory of
    /// the writer.
    @Test(arguments: StoreOpener.all)
    func refusedEventLeavesAnAdditionAndARemovalUndone(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let ghost = Entry.Owed(SubscriptionID("ghost"), isBornLeased: false)
            let refused = ChangeEvents([Sample.entry(Sample.event("e"), owed: [ghost])], by: scene.me)
            let late = Scene.subscription(SubscriptionID("late"), "acme")
            await #expect(throws: StoreError.missing) {
                _ = try await scene.store.apply(Change(.add, .subscription(late)), events: refused)
            }
            var gone = Scene.subscription(Scene.s1, "acme")
            gone.deleted = Scene.start
            await #expect(throws: StoreError.missing) {
                _ = try await scene.store.apply(Change(.remove, .subscription(gone)), events: refused)
            }
            let ids = try await scene.store.subscriptions().map(\.identity.id)
            #expect(Set(ids) == [Scene.s1, Scene.s2])
            await #expect(throws: StoreError.missing) { try await scene.deliver("a", to: late.identity.id) }
            let delivery = try await scene.deliver("b")
            #expect(try await scene.state(delivery)?.name == .waiting, "the subscription is there")
            #expect(try await scene.store.add(late) == 3)
            _ = try await scene.store.apply(Change(.remove, .subscription(gone)), events: nil)
            #expect(try await scene.state(delivery)?.name == .cancelled)
        }
    }

    @Test(arguments: StoreOpener.all, [URLRule.once, .oncePerMaker])
    func onlyOneOfManyWithTheSameURLIsAccepted(_ opener: StoreOpener, _ rule: URLRule) async throws {
        try await withScene(opener) { scene in
            let store = scene.store
            let results = await withTaskGroup(of: Result<Int64, StoreError>.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        do throws(StoreError) {
                            return .success(
                                try await store.add(Self.subscription("https://a.example", "u\(number)", rule)))
                        } catch {
                            return .failure(error)
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.count { (try? $0.get()) != nil } == 1)
            let kept = try await store.subscriptions().filter { $0.identity.id.text.hasPrefix("u") }
            let winner = try #require(kept.first?.identity.id)
            #expect(kept.count == 1)
            for result in results {
                if case .failure(let error) = result { #expect(error == .urlTaken(by: winner)) }
            }
        }
    }

    @Test(arguments: StoreOpener.all)
    func urlRuleCountsByOrganizationDialectAndMaker(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let store = scene.store
            let url = "https://a.example"
            try await store.add(Self.subscription(url, "first", .once))
            for fits in [
                Self.subscription(url, "shared", .shared),
                Self.subscription(url, "theirs", .once, organization: "globex"),
                Self.subscription(url, "spoken", .once, dialect: "other"),
                Self.subscription(url + "/x", "other", .once),
                Self.subscription(url, "made", .oncePerMaker, maker: "u2"),
                Self.subscription(url, "anon", .oncePerMaker, maker: nil),
            ] {
                try await store.add(fits)
            }
            for taken in [
                Self.subscription(url, "again", .once), Self.subscription(url, "again", .once, maker: "u3"),
                Self.subscription(url, "again", .oncePerMaker, maker: "u2"),
                Self.subscription(url, "again", .oncePerMaker, maker: nil),
            ] {
                await expectTaken { _ = try await store.add(taken) }
            }
            #expect(try await store.subscriptions().contains { $0.identity.id.text == "again" } == false)
            // Deleted ones prevent nothing.
            try await store.delete(SubscriptionID("made"), at: Scene.start)
            try await store.add(Self.subscription(url, "again", .oncePerMaker, maker: "u2"))
        }
    }

    @Test(arguments: StoreOpener.all)
    func changeAgainstTheURLRuleWritesNothing(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let store = scene.store
            try await store.add(Self.subscription("https://a.example", "a", .once))
            try await store.add(Self.subscription("https://b.example", "b", .once))
            let before = try await store.subscriptions().count
            let event = Sample.event("told", kind: .subscriptionDisabled)
            let owed = Entry.Owed(Scene.s2, isBornLeased: false)
            let changeEvents = ChangeEvents([Sample.entry(event, content: "", owed: [owed])], by: scene.me)
            let moved = Self.subscription("https://a.example", "b", .once, revision: 2)
            await expectTaken { _ = try await store.change(moved, events: changeEvents) }
            #expect(try await store.event(event.id) == nil)
            #expect(try await store.subscriptions().contains { $0.identity.id.text == "b" && $0.revision == 1 })
            // Its own URL is no conflict, and without a precondition nothing is refused.
            try await store.change(Self.subscription("https://b.example", "b", .once, revision: 2))
            try await store.change(Self.subscription("https://a.example", "b", .shared, revision: 3))
            #expect(try await store.subscriptions().count == before)
        }
    }

    /// A subscription to a URL; its terms as far as the rule reads them.
    private static func subscription(
        _ url: String, _ id: String, _ rule: URLRule, organization: String = "acme", dialect: String = "basip",
        maker: String? = "u1", revision: Int64 = 1
    ) -> StoredSubscription {
        let terms: JSON = ["name": "N", "dialect": .string(dialect), "url": .string(url)]
        var stored = Scene.subscription(
            SubscriptionID(id), organization, revision: revision, terms: terms.compact, maker: maker)
        stored.urlRule = rule
        return stored
    }

    private func expectTaken(
        _ call: () async throws -> Void, _ place: SourceLocation = #_sourceLocation
    ) async {
        do {
            try await call()
            Issue.record("nothing was refused", sourceLocation: place)
        } catch StoreError.urlTaken {
        } catch {
            Issue.record(error, sourceLocation: place)
        }
    }

    @Test(arguments: StoreOpener.all)
    func deletionCancelsWaitingDeliveriesAndKeepsTheHistory(_ opener: StoreOpener) async throws {
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
    func directoryIsReadBackAndRefusesConflicts(_ opener: StoreOpener) async throws {
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
            await ExpectedError.expectConflict {
                try await store.apply(.add, .organization(Organization(id: top.id, name: "Again", parent: nil)))
            }
            await ExpectedError.expectConflict { try await store.apply(.add, .panel(panel)) }
            await ExpectedError.expectConflict {
                try await store.apply(.add, .door(Door(id: DoorID("d1"), panel: panel, number: 2, name: "id")))
            }
            await ExpectedError.expectConflict {
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
    func keyIsReadBackAndItsIDIsUnique(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let keys = Role.allCases.enumerated().map { number, role in
                Key(
                    id: KeyID("key_\(number)"), name: "k", role: role,
                    organization: number == 0 ? nil : OrganizationID("acme"), hash: [0, 1, UInt8(number)],
                    created: Scene.start)
            }
            for key in keys { try await scene.store.apply(.add, .key(key)) }
            await ExpectedError.expectConflict { try await scene.store.apply(.add, .key(keys[1])) }
            #expect(Set(try await scene.store.keys()) == Set(keys))
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
