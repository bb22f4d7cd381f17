import GatehouseCore
import GatehouseTesting
import Testing

/// The promises of ``EventStore``, tested with every store.
@Suite struct AppendConformanceTests {
    @Test(arguments: StoreOpener.all)
    func eventIsReadBackUnchanged(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let event = Sample.event("a")
            let appended = try await scene.store.append([Sample.entry(event)], by: scene.me)
            #expect(appended.map(\.event) == [event.id])
            #expect(try await scene.store.event(event.id)?.stored == event.numbered(appended[0].numbers).stored)
            #expect(try await scene.store.event(Sample.event("b").id) == nil)
            #expect(try await scene.store.append([], by: scene.me).isEmpty)
        }
    }

    @Test(arguments: StoreOpener.all)
    func positionsGrowInTheOrderOfTheBatchAndOfTheCommits(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let batch = (0..<5).map { Sample.entry(Sample.event("\($0)")) }
            let first = try await scene.store.append(batch, by: scene.me)
            let second = try await scene.store.append([Sample.entry(Sample.event("later"))], by: scene.me)
            let positions = (first + second).map(\.position)
            #expect(positions == positions.sorted() && Set(positions).count == 6)
        }
    }

    @Test(arguments: StoreOpener.all)
    func deliveriesAreBornLeasedOrWaitingInTheOrderOfTheEntry(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let event = Sample.event("a", kind: .doorForced)
            let entry = Sample.entry(
                event, owed: [.init(Scene.s2, isBornLeased: true), .init(Scene.s1, isBornLeased: false)])
            let appended = try await scene.store.append([entry], by: scene.me)[0]
            #expect(appended.owed == 2 && !appended.isDuplicate)
            try #require(appended.deliveries.count == 2)
            let leased = try #require(try await scene.store.delivery(appended.deliveries[0])?.delivery)
            #expect(leased.subscription == Scene.s2 && leased.state == .leased(by: scene.me))
            let waiting = try #require(try await scene.store.delivery(appended.deliveries[1])?.delivery)
            #expect(waiting.subscription == Scene.s1 && waiting.state == .waiting(until: Scene.start))
            #expect(waiting.event == event.id && waiting.lane == .urgent && waiting.attempts == 0)
            #expect(waiting.created == Scene.start && !waiting.isReplay)
        }
    }

    @Test(arguments: StoreOpener.all)
    func aDeliveryToADeletedSubscriptionIsBornCancelled(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            try await scene.store.delete(Scene.s1, at: Scene.start)
            let owed = [Scene.s2, Scene.s1].map { Entry.Owed($0, isBornLeased: true) }
            let appended = try await scene.store.append([Sample.entry(Sample.event("a"), owed: owed)], by: scene.me)[0]
            try #require(appended.deliveries.count == 2)
            #expect(try await scene.state(appended.deliveries[0]) == .leased(by: scene.me))
            #expect(try await scene.state(appended.deliveries[1]) == .cancelled(.subscriptionDeleted))
        }
    }

    @Test(arguments: StoreOpener.all)
    func repetitionWritesNothingAndReturnsTheFirstResult(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let owed = [Entry.Owed(Scene.s1, isBornLeased: false)]
            let first = try await scene.store.append([Sample.entry(Sample.event("a"), owed: owed)], by: scene.me)[0]
            let again = try await scene.store.append([Sample.entry(Sample.event("a"), owed: owed)], by: scene.me)[0]
            #expect(again.isDuplicate && again.deliveries.isEmpty && again.owed == 1)
            #expect(again.event == first.event && again.position == first.position)
            #expect(try await scene.all().map(\.id) == first.deliveries)
        }
    }

    @Test(arguments: StoreOpener.all)
    func aRepetitionInsideABatchCounts(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let owed = [Entry.Owed(Scene.s1, isBornLeased: false)]
            let batch = ["a", "b", "a"].map { Sample.entry(Sample.event($0), owed: owed) }
            let appended = try await scene.store.append(batch, by: scene.me)
            #expect(appended.map(\.isDuplicate) == [false, false, true])
            #expect(appended[2].event == appended[0].event && appended[2].position == appended[0].position)
            #expect(appended[2].owed == 1 && appended[2].deliveries.isEmpty)
            #expect(try await scene.all().count == 2)
        }
    }

    @Test(arguments: StoreOpener.all)
    func otherSourceOrOrganizationMakesAnotherEvent(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let elsewhere = Sample.event("a", organization: "globex")
            var parts = Event.Parts(
                id: Sample.event("x").id, kind: .doorOpened, organization: OrganizationID("acme"),
                received: Scene.start)
            parts.source = "/panels/2"
            parts.sourceID = "a"
            let batch = [Sample.event("a"), elsewhere, Event(parts)].enumerated().map {
                Sample.entry($0.element, content: "\($0.offset)")
            }
            let appended = try await scene.store.append(batch, by: scene.me)
            #expect(appended.map(\.isDuplicate) == [false, false, false])
        }
    }

    @Test(arguments: StoreOpener.all)
    func conflictNamesItsEntryAndRefusesTheBatch(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            _ = try await scene.store.append([Sample.entry(Sample.event("a"), content: "one")], by: scene.me)
            let owed = [Entry.Owed(Scene.s1, isBornLeased: false)]
            let fresh = Sample.event("b")
            let batch = [
                Sample.entry(fresh, owed: owed), Sample.entry(Sample.event("c"), owed: owed),
                Sample.entry(Sample.event("a"), content: "two", owed: owed),
            ]
            #expect(await indexOfConflict { try await scene.store.append(batch, by: scene.me) } == 2)
            #expect(try await scene.store.event(fresh.id) == nil)
            #expect(try await scene.all().isEmpty)
            let inside = [Sample.entry(fresh, content: "1"), Sample.entry(Sample.event("b"), content: "2")]
            #expect(await indexOfConflict { try await scene.store.append(inside, by: scene.me) } == 1)
            #expect(try await scene.store.event(fresh.id) == nil)
            #expect(try await scene.store.append([batch[0]], by: scene.me)[0].isDuplicate == false)
        }
    }

    @Test(arguments: StoreOpener.all)
    func callsInOneCommitFailSeparately(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            _ = try await scene.store.append([Sample.entry(Sample.event("taken"))], by: scene.me)
            let results = await withTaskGroup(of: (Int, Bool).self) { group in
                for number in 0..<60 {
                    let event = Sample.event(number.isMultiple(of: 3) ? "taken" : "n\(number)")
                    let owed = [Entry.Owed(Scene.s1, isBornLeased: false)]
                    let entry = Sample.entry(event, content: number.isMultiple(of: 3) ? "changed" : "", owed: owed)
                    group.addTask {
                        (number, (try? await scene.store.append([entry], by: scene.me)) != nil)
                    }
                }
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for (number, went) in results { #expect(went == !number.isMultiple(of: 3)) }
            #expect(try await scene.all().count == 40)
        }
    }

    @Test(arguments: StoreOpener.all)
    func deliveryToAnUnknownSubscriptionRefusesTheAppend(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let event = Sample.event("a")
            let owed = [Scene.s1, SubscriptionID("nobody")].map { Entry.Owed($0, isBornLeased: false) }
            await #expect(throws: StoreError.missing) {
                try await scene.store.append([Sample.entry(event, owed: owed)], by: scene.me)
            }
            let all = try await scene.all()
            #expect(try await scene.store.event(event.id) == nil)
            #expect(all.isEmpty)
        }
    }

    private func indexOfConflict(_ append: () async throws -> [Appended]) async -> Int? {
        do {
            _ = try await append()
            return nil
        } catch StoreError.conflict(let index, _, _) {
            return index
        } catch {
            Issue.record(error)
            return nil
        }
    }
}
