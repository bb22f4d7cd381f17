import GatehouseCore
import GatehouseTesting
import Testing

/// The promises of ``DeliveryStore`` about replays, tested with every store.
@Suite struct ReplayConformanceTests {
    private static let later = Scene.start + .seconds(1000)

    /// Events accepted a second apart, delivered to `s1` and finished; returns their positions.
    private func past(_ count: Int, named name: String = "", in scene: Scene) async throws -> [EventPosition] {
        var places: [EventPosition] = []
        for number in 0..<count {
            let event = Sample.event("\(name)\(number)", received: Scene.start + .seconds(number))
            let entry = Sample.entry(event, owed: [.init(Scene.s1, isBornLeased: true)])
            let appended = try await scene.store.append([entry], by: scene.me)
            let delivery = try #require(appended[0].deliveries.first)
            try await scene.record(delivery, .verdict(.delivered), attempt: Sample.attempt(1))
            places.append(appended[0].position)
        }
        return places
    }

    private func begin(
        _ scene: Scene, since: Duration = .zero, until: Duration? = nil, kinds: [String]? = nil
    ) async throws -> Replay {
        let order = Replay.Order(
            Scene.s1, since: Scene.start + since, until: until.map { Scene.start + $0 }, kinds: kinds)
        return try await scene.store.begin(order, at: Self.later, audited: nil)
    }

    private func step(
        _ scene: Scene, _ replay: Replay, to reached: EventPosition, _ owed: [EventPosition], most: Int = 100
    ) async throws -> Replay {
        try await scene.store.advance(ReplayStep(replay, reached: reached, owed: owed, most: most), at: Self.later)
    }

    @Test(arguments: StoreOpener.all)
    func replayCoversTheEventsThatExistAtItsStart(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let places = try await past(5, in: scene)
            let replay = try await begin(scene, since: .seconds(2), until: .seconds(4), kinds: ["door.*"])
            #expect(replay.course == .init(start: places[1], end: places[4], reached: places[1]))
            #expect(replay.state == .running && replay.owed == 0 && replay.created == Self.later)
            _ = try await past(1, named: "later ", in: scene)
            #expect(try await scene.store.replay(replay.id) == replay, "later events do not move the end")
            #expect(try await scene.store.runningReplays() == [replay])
            let none = try await begin(scene, since: .seconds(900))
            #expect(none.state == .finished && none.course.progress == 1)
            #expect(try await scene.store.replays(of: Scene.s1, before: nil, limit: 10) == [none, replay])
            #expect(try await scene.store.replays(of: Scene.s1, before: none.id, limit: 10) == [replay])
            #expect(try await scene.store.replays(of: Scene.s2, before: nil, limit: 10).isEmpty)
            #expect(try await scene.store.replay(ReplayID(99)) == nil)
        }
    }

    @Test(arguments: StoreOpener.all)
    func stepCreatesEachDeliveryOnceAndMarksIt(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let places = try await past(4, in: scene)
            let first = try await begin(scene)
            let half = try await step(scene, first, to: places[1], [places[0], places[1]])
            #expect(half.owed == 2 && half.course.reached == places[1] && half.state == .running)
            let again = try await step(scene, first, to: places[1], [places[0], places[1]])
            #expect(again == half, "an old step changes nothing")
            let whole = try await step(scene, half, to: places[3], [places[3]])
            #expect(whole.owed == 3 && whole.state == .finished)
            #expect(try await scene.store.runningReplays().isEmpty)
            let born = try await scene.all { $0.state = .waiting }
            #expect(born.count == 3 && born.allSatisfy { $0.isReplay && $0.lane == .normal && $0.attempts == 0 })
            #expect(born.allSatisfy { $0.state == .waiting(until: Self.later) && $0.created == Self.later })
            let claimed = try await scene.claim(now: Self.later).deliveries
            #expect(claimed.count == 3 && claimed.allSatisfy { $0.isReplay && $0.event != nil })
            #expect(try await scene.store.odometers(of: [Scene.s1]) == [Scene.s1: 4], "replays are not counted")
        }
    }

    @Test(arguments: StoreOpener.all)
    func urgentEventIsReplayedInTheNormalLane(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let alarm = try await scene.deliver("alarm", kind: .doorForced, leased: true)
            try await scene.record(alarm, .verdict(.delivered), attempt: Sample.attempt(1))
            let replay = try await begin(scene)
            _ = try await step(scene, replay, to: replay.course.end, [replay.course.end])
            #expect(try await scene.claim(now: Self.later).deliveries.map(\.lane) == [.normal])
        }
    }

    @Test(arguments: StoreOpener.all)
    func owedEventIsNotOwedTwice(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let waiting = try await scene.deliver("waiting")
            let leased = try await scene.deliver("leased", leased: true)
            let dead = try await scene.deliver("dead", leased: true)
            try await scene.record(dead, .verdict(.dead(.exhausted)), attempt: Sample.attempt(1))
            let elsewhere = try await scene.deliver("elsewhere", to: Scene.s2)
            let replay = try await begin(scene)
            let places = (1...4).map { EventPosition($0) } + [EventPosition(77)]
            let done = try await step(scene, replay, to: replay.course.end, places)
            #expect(done.owed == 2 && done.state == .finished)
            let replayed = Set(try await scene.all().filter(\.isReplay).map(\.event))
            for (id, isReplayed) in [(waiting, false), (leased, false), (dead, true), (elsewhere, true)] {
                let event = try #require(try await scene.store.delivery(id)).delivery.event
                #expect(replayed.contains(event) == isReplayed)
            }
        }
    }

    @Test(arguments: StoreOpener.all)
    func stepEndsAtTheBufferLimit(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let places = try await past(5, in: scene)
            _ = try await scene.deliver("waits")
            let replay = try await begin(scene)
            let full = try await step(scene, replay, to: places[4], places, most: 3)
            #expect(full.owed == 2 && full.state == .running)
            #expect(full.course.reached.number == places[2].number - 1)
            let stuck = try await step(scene, full, to: places[4], Array(places[2...]), most: 3)
            #expect(stuck == full)
            let rest = try await step(scene, full, to: replay.course.end, Array(places[2...]), most: 10)
            #expect(rest.owed == 5 && rest.state == .finished)
        }
    }

    @Test(arguments: StoreOpener.all)
    func replayIsCancelledOnceAndStaysCancelled(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let places = try await past(3, in: scene)
            let replay = try await begin(scene)
            let half = try await step(scene, replay, to: places[0], [places[0]])
            let ended = try await scene.store.cancel(replay.id, .requested, audited: nil)
            #expect(ended.state == .cancelled(.requested) && ended.owed == 1)
            #expect(try await step(scene, half, to: places[2], [places[1]]) == ended)
            #expect(try await scene.store.cancel(replay.id, .subscriptionInactive, audited: nil) == ended)
            #expect(try await scene.all { $0.state = .waiting }.count == 1, "the deliveries created so far stay owed")
            await #expect(throws: StoreError.missing) {
                try await scene.store.cancel(ReplayID(99), .requested, audited: nil)
            }
        }
    }

    @Test(arguments: StoreOpener.all)
    func replayEndsWithItsSubscription(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let places = try await past(2, in: scene)
            let replay = try await begin(scene)
            try await scene.store.delete(Scene.s1, at: Self.later)
            let ended = try await step(scene, replay, to: places[1], places)
            #expect(ended.state == .cancelled(.subscriptionDeleted) && ended.owed == 0)
            await #expect(throws: StoreError.missing) { _ = try await self.begin(scene) }
        }
    }

    @Test(arguments: StoreOpener.all)
    func sameStepOfTwoGatewaysOwesOnce(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let places = try await past(20, in: scene)
            let replay = try await begin(scene)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        var present = replay
                        while present.state == .running {
                            let next = places.filter { $0 > present.course.reached }.prefix(3)
                            let reached = next.last ?? present.course.end
                            present = try await self.step(scene, present, to: reached, Array(next))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await scene.store.replay(replay.id)?.owed == 20)
            #expect(try await scene.all { $0.state = .waiting }.count == 20)
        }
    }
}
