import GatehouseCore
import Testing

/// The promises of ``HistoryStore``, tested with every store.
@Suite struct HistoryConformanceTests {
    @Test(arguments: StoreOpener.all)
    func deliveriesAreListedNewestFirstAndPageByPage(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            var born: [DeliveryID] = []
            for number in 0..<23 { born.append(try await scene.deliver("\(number)")) }
            var pages: [[DeliveryID]] = []
            var before: DeliveryID?
            while true {
                var filter = DeliveryFilter(limit: 10)
                filter.before = before
                let page = try await scene.store.deliveries(filter).deliveries.map(\.id)
                guard let last = page.last else { break }
                pages.append(page)
                before = last
            }
            #expect(pages.map(\.count) == [10, 10, 3])
            #expect(pages.flatMap { $0 } == born.reversed())
        }
    }

    @Test(arguments: StoreOpener.all)
    func listLengthIsLimited(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let owed = [Entry.Owed(Scene.s1, isBornLeased: false)]
            let batch = (0..<1100).map { Sample.entry(Sample.event("\($0)"), owed: owed) }
            _ = try await scene.store.append(batch, by: scene.me)
            #expect(try await scene.store.deliveries(DeliveryFilter(limit: 5000)).deliveries.count == 1000)
            #expect(try await scene.store.deliveries(DeliveryFilter(limit: -1)).deliveries.count == 1)
        }
    }

    @Test(arguments: StoreOpener.all)
    func odometerCountsEventsAndNotAttempts(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let both = [Scene.s1, Scene.s2]
            #expect(try await scene.store.odometers(of: both) == [Scene.s1: 0, Scene.s2: 0])
            for number in 0..<7 { _ = try await scene.deliver("\(number)") }
            _ = try await scene.deliver("other", to: Scene.s2)
            let claimed = try await scene.claim(limit: 3)
            for claimed in claimed.deliveries {
                try await scene.record(claimed.id, .verdict(.dueAgain(at: Scene.start)), attempt: Sample.attempt(1))
            }
            let expected = [Scene.s1: Int64(7), Scene.s2: 1]
            #expect(try await scene.store.odometers(of: both) == expected)
            #expect(try await scene.store.foldOdometers(limit: 5) == 5)
            #expect(try await scene.store.odometers(of: both) == expected)
            #expect(try await scene.store.foldOdometers(limit: 5) == 3)
            #expect(try await scene.store.foldOdometers(limit: 5) == 0)
            _ = try await scene.deliver("late")
            #expect(try await scene.store.odometers(of: [Scene.s1]) == [Scene.s1: 8])
            #expect(try await scene.store.odometers(of: [SubscriptionID("nobody")]) == [:])
        }
    }

    @Test(arguments: StoreOpener.all)
    func everyFilterNarrowsTheList(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let event = Sample.event("a")
            let both = [Scene.s1, Scene.s2].map { Entry.Owed($0, isBornLeased: true) }
            let pair = try await scene.store.append([Sample.entry(event, owed: both)], by: scene.me)[0].deliveries
            let waiting = try await scene.deliver("b")
            try await scene.record(pair[1], .verdict(.delivered), attempt: Sample.attempt(1))
            #expect(try await scene.all().map(\.id) == [waiting, pair[1], pair[0]])
            #expect(try await scene.all { $0.subscription = Scene.s1 }.map(\.id) == [waiting, pair[0]])
            #expect(try await scene.all { $0.event = event.id }.map(\.id) == [pair[1], pair[0]])
            #expect(try await scene.all { $0.organizations = [OrganizationID("globex")] }.map(\.id) == [pair[1]])
            #expect(try await scene.all { $0.organizations = [] }.isEmpty)
            #expect(try await scene.all { $0.subscription = SubscriptionID("nobody") }.isEmpty)
            #expect(try await scene.all { $0.event = Sample.event("z").id }.isEmpty)
            let narrow = try await scene.all {
                $0.event = event.id
                $0.state = .leased
                $0.organizations = [OrganizationID("acme"), OrganizationID("globex")]
            }
            #expect(narrow.map(\.id) == [pair[0]])
        }
    }

    /// An operator's question at night: which deliveries of a kind, at a door, in the last hours, had which outcome?
    @Test(arguments: StoreOpener.all)
    func kindDoorHoursAndOutcomeNarrowTheListToo(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let forced = try await scene.deliver("forced", kind: .doorForced, leased: true)
            let opened = try await scene.deliver(
                "opened", received: Scene.start + .seconds(60), leased: true)
            try await scene.record(
                forced, .verdict(.dueAgain(at: Scene.start)),
                attempt: Sample.attempt(1, .answered(.init(status: 500))))
            try await scene.record(opened, .verdict(.dueAgain(at: Scene.start)), attempt: Sample.attempt(1))
            let never = try await scene.deliver("never", received: Scene.start + .seconds(120))
            let cases: [(String, [DeliveryID], (inout DeliveryFilter) -> Void)] = [
                ("kind", [forced], { $0.kinds = KindSet([.doorForced]) }),
                ("kinds", [never, opened, forced], { $0.kinds = KindSet([.doorForced, .doorOpened]) }),
                ("a kind of none", [], { $0.kinds = KindSet([.panicRaised]) }),
                ("door", [never, opened, forced], { $0.doors = [DoorID("d1")] }),
                ("a door of none", [], { $0.doors = [DoorID("d2")] }),
                ("since", [never, opened], { $0.since = Scene.start + .seconds(60) }),
                ("until", [forced], { $0.until = Scene.start + .seconds(60) }),
                ("rejected", [forced], { $0.outcome = "rejected" }),
                ("accepted", [opened], { $0.outcome = "accepted" }),
                ("timed out", [], { $0.outcome = "timed-out" }),
                (
                    "all at once", [forced],
                    {
                        $0.kinds = KindSet([.doorForced])
                        $0.doors = [DoorID("d1")]
                        $0.subscription = Scene.s1
                        $0.state = .waiting
                        $0.since = Scene.start
                        $0.outcome = "rejected"
                        $0.organizations = [OrganizationID("acme")]
                    }
                ),
            ]
            for (name, expected, narrow) in cases {
                #expect(try await scene.all(narrow).map(\.id) == expected, "\(name)")
            }
        }
    }

    @Test(arguments: StoreOpener.all)
    func outlineDescribesTheEventAndTheLastAttempt(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let tried = try await scene.deliver("tried", kind: .doorForced, leased: true)
            try await scene.record(
                tried, .verdict(.dueAgain(at: Scene.start)),
                attempt: Sample.attempt(1, .answered(.init(status: 500))))
            _ = try await scene.claim()
            let later = Scene.start + .seconds(5)
            try await scene.record(
                tried, .verdict(.dueAgain(at: later)), attempt: Sample.attempt(2, .timedOut(.connect), started: later))
            let untried = try await scene.deliver("untried")
            let outlines = try await scene.store.outlines(of: [tried, untried, DeliveryID(EventPosition(4711), 1)])
            let last = DeliveryOutline.LastAttempt(started: later, outcome: "timed-out", status: nil)
            let door = DoorID("d1")
            let expected = [
                tried: DeliveryOutline(kind: "door.forced", door: door, doorName: "Main entrance", last: last),
                untried: DeliveryOutline(kind: "door.opened", door: door, doorName: "Main entrance", last: nil),
            ]
            #expect(outlines == expected)
            #expect(try await scene.store.outlines(of: []).isEmpty)
        }
    }

    @Test(arguments: StoreOpener.all)
    func listCanBeFilteredByEveryState(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            var ids: [DeliveryState.Name: DeliveryID] = [:]
            ids[.waiting] = try await scene.deliver("w")
            ids[.leased] = try await scene.deliver("l", leased: true)
            let ends: [(DeliveryState.Name, Settlement.Next)] = [
                (.delivered, .verdict(.delivered)), (.dead, .verdict(.dead(.exhausted))),
                (.cancelled, .cancelled(.requested)),
            ]
            for (name, next) in ends {
                let id = try await scene.deliver(name.rawValue, leased: true)
                try await scene.record(id, next)
                ids[name] = id
            }
            for name in DeliveryState.Name.allCases {
                let found = try await scene.all { $0.state = name }
                #expect(found.map(\.id) == [ids[name]] && found.first?.state.name == name)
            }
        }
    }

    @Test(arguments: StoreOpener.all)
    func backlogCountsOwedDeliveriesAndFindsTheOldest(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            #expect(try await scene.store.backlog() == Backlog(waiting: 0, leased: 0, oldest: nil))
            let first = try await scene.deliver("a", received: Scene.start, leased: true)
            _ = try await scene.deliver("b", received: Scene.start + .seconds(1), leased: true)
            _ = try await scene.deliver("c", received: Scene.start + .seconds(2))
            #expect(try await scene.store.backlog() == Backlog(waiting: 1, leased: 2, oldest: Scene.start))
            try await scene.record(first, .verdict(.delivered), attempt: Sample.attempt(1))
            #expect(
                try await scene.store.backlog() == Backlog(waiting: 1, leased: 1, oldest: Scene.start + .seconds(1)))
        }
    }

    @Test(arguments: StoreOpener.all)
    func anUnknownDeliveryIsNil(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let found = try await scene.store.delivery(DeliveryID(EventPosition(4711), 1))
            #expect(found == nil)
        }
    }

    @Test(arguments: StoreOpener.all)
    func closedStoreIsNotReady(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            #expect(await scene.store.isReady())
            await scene.store.close()
            #expect(await !scene.store.isReady())
            await #expect(throws: StoreError.self) {
                try await scene.store.append([Sample.entry(Sample.event("a"))], by: scene.me)
            }
            await #expect(throws: StoreError.self) { try await scene.store.backlog() }
        }
    }
}
