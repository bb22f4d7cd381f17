import GatehouseCore
import GatehouseTesting
import Testing

/// The promises of ``HistoryStore`` and ``HousekeepingStore`` about health, tested with every store.
@Suite struct HealthConformanceTests {
    private static let failed = Outcome.answered(.init(status: 503))

    private func health(in scene: Scene, of id: SubscriptionID = Scene.s1) async throws -> SubscriptionHealth {
        try #require(try await scene.store.health(of: [id])[id])
    }

    /// Fails one leased delivery after the other, each at its first attempt.
    private func fail(_ count: Int, in scene: Scene, kind: Kind = .doorOpened, _ prefix: String = "f") async throws {
        for number in 0..<count {
            let id = try await scene.deliver("\(prefix)\(number)", kind: kind, leased: true)
            try await scene.record(
                id, .verdict(.dueAgain(at: Scene.start + .seconds(30))),
                attempt: Sample.attempt(1, Self.failed, started: Scene.start + .seconds(number)))
        }
    }

    private func news(in scene: Scene, after wait: Duration = .seconds(1)) async throws -> [HealthNews] {
        try await scene.store.healthNews(at: Scene.start + wait, limit: 100)
    }

    @discardableResult
    private func tell(_ news: HealthNews, in scene: Scene, after wait: Duration = .seconds(1)) async throws -> Int {
        let entry = Sample.entry(
            Sample.event("told", kind: .subscriptionFailing), owed: [.init(Scene.s2, isBornLeased: false)])
        return try await scene.store.tell(news, by: ChangeEvents([entry], by: scene.me), at: Scene.start + wait).count
    }

    // MARK: Stored health

    @Test(arguments: StoreOpener.all)
    func healthFollowsTheAttempts(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            #expect(try await health(in: scene) == SubscriptionHealth())
            try await fail(3, in: scene)
            var now = try await health(in: scene)
            #expect(now.consecutiveFailures == 3 && now.since == Scene.start && !now.isFailing)
            #expect(now.lastOutcome == "rejected" && now.lastStatus == 503 && now.lastDelivered == nil)
            #expect(now.waiting == [.normal: 3, .urgent: 0] || now.waiting == [.normal: 3])
            #expect(now.nextTry == Scene.start + .seconds(30) && now.oldest == Scene.start)
            try await fail(1, in: scene, "g")
            #expect(try await health(in: scene).isFailing)
            let id = try await scene.deliver("ok", leased: true)
            let ended = Scene.start + .seconds(9)
            try await scene.record(id, .verdict(.delivered), attempt: Sample.attempt(1, started: ended))
            now = try await health(in: scene)
            #expect(now.consecutiveFailures == 0 && !now.isFailing && now.lastOutcome == "accepted")
            #expect(now.lastDelivered == ended + .milliseconds(12) && now.since == ended + .milliseconds(12))
            #expect(try await health(in: scene, of: Scene.s2) == SubscriptionHealth())
            #expect(try await scene.store.health(of: [SubscriptionID("never")]).isEmpty)
            #expect(try await Set(scene.store.health(of: nil).keys) == [Scene.s1, Scene.s2])
        }
    }

    /// The same result again, one of a foreign lease, and one that was handed back without an attempt do not count as
    /// attempts.
    @Test(arguments: StoreOpener.all)
    func attemptCountsOnceWhenItsResultIsWritten(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let id = try await scene.deliver("a", leased: true)
            let result = Settlement(
                delivery: id, next: .verdict(.dueAgain(at: Scene.start)), attempt: Sample.attempt(1, Self.failed))
            try await scene.store.record([result, result], by: scene.me)
            try await scene.store.record([result], by: scene.me)
            let back = try await scene.deliver("b", leased: true)
            try await scene.record(back, .handedBack(due: Scene.start))
            let foreign = try await scene.deliver("c", leased: true)
            try await scene.record(
                foreign, .verdict(.delivered), attempt: Sample.attempt(1), by: Incarnation(scene.me.number + 7))
            let now = try await health(in: scene)
            #expect(now.consecutiveFailures == 1 && now.lastOutcome == "rejected" && now.waitingCount == 2)
        }
    }

    /// Each transition of a delivery, and its effect on the counts: compared with the rows themselves.
    @Test(arguments: StoreOpener.all)
    func countsAgreeWithTheRowsAfterEveryTransition(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            func check(_ arrow: String) async throws {
                for subscription in [Scene.s1, Scene.s2] {
                    let rows = try await scene.all { $0.subscription = subscription }
                    let health = try await health(in: scene, of: subscription)
                    #expect(health.waitingCount == rows.count { $0.state.name == .waiting }, "\(arrow) \(subscription)")
                    #expect(health.deadCount == rows.count { $0.state.name == .dead }, "\(arrow) \(subscription)")
                }
            }
            var ids: [DeliveryID] = []
            for number in 0..<6 {
                ids.append(try await scene.deliver("w\(number)", kind: number < 2 ? .doorForced : .doorOpened))
            }
            try await check("born waiting")
            _ = try await scene.deliver("l", to: Scene.s2, leased: true)
            try await check("born leased")
            _ = try await scene.claim(limit: 4)
            try await check("claimed")
            try await scene.record(ids[0], .verdict(.dead(.exhausted)), attempt: Sample.attempt(1, Self.failed))
            try await scene.record(ids[1], .verdict(.dead(.corrupt)))
            try await scene.record(
                ids[2], .verdict(.dueAgain(at: Scene.start)), attempt: Sample.attempt(1, Self.failed))
            try await check("dead and due again")
            try await scene.store.retry(ids[0], at: Scene.start)
            try await scene.store.cancel(ids[1])
            try await check("retried and cancelled")
            try await scene.store.cancel(ids[4])
            try await scene.store.retry(ids[5], at: Scene.start)
            try await check("cancelled and due sooner")
            try await scene.record(ids[3], .verdict(.dead(.exhausted)), attempt: Sample.attempt(1, Self.failed))
            _ = try await scene.store.retry(
                DeliverySelection(of: Scene.s1, .dead), at: Scene.start + .seconds(60), audited: nil)
            try await check("retried together")
            try await scene.store.cancelWaiting(of: Scene.s1, .subscriptionInactive)
            try await check("cancelled together")
            try await scene.store.end(scene.me, at: Scene.start)
            try await check("set free")
            #expect(try await health(in: scene, of: Scene.s2).waitingCount == 1)
            let last = try await scene.deliver("dies", leased: true)
            try await scene.record(last, .verdict(.dead(.exhausted)), attempt: Sample.attempt(1, Self.failed))
            #expect(try await health(in: scene).deadCount > 0)
            try await scene.store.foldOdometers(limit: 1000)
            let late = Scene.start + .seconds(86_400 * 400)
            _ = try await scene.store.prune(Retention().order(for: .events, at: late, limit: 1000))
            try await check("pruned")
            #expect(try await health(in: scene).deadCount == 0)
        }
    }

    @Test(arguments: StoreOpener.all)
    func aDeadDeliveryStaysCountedUntilACallerActs(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let id = try await scene.deliver("a", kind: .doorForced, leased: true)
            try await scene.record(id, .verdict(.dead(.exhausted)), attempt: Sample.attempt(1, Self.failed))
            let backlog = try await scene.store.backlog()
            #expect(backlog.waiting == 0 && backlog.leased == 0 && backlog.dead == [.urgent: 1])
            #expect(backlog.oldest == Scene.start, "the age grows after the gateway gave up")
            #expect(try await health(in: scene).oldest == Scene.start)
            try await scene.store.cancel(id)
            #expect(try await scene.state(id) == .cancelled(.requested))
            #expect(try await scene.store.backlog() == Backlog(waiting: 0, leased: 0, oldest: nil))
            #expect(try await health(in: scene).cancelled == 1)
        }
    }

    /// A delivery that met the end of its subscription's time counts as dead until the terms change; a full buffer and
    /// a cancellation by the owner count separately.
    @Test(arguments: StoreOpener.all)
    func endedDroppedAndCancelledAreCountedSeparately(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            for number in 0..<2 { _ = try await scene.deliver("e\(number)") }
            let leased = try await scene.deliver("e2", leased: true)
            try await scene.store.cancelWaiting(of: Scene.s1, .subscriptionExpired)
            try await scene.record(leased, .cancelled(.subscriptionExpired))
            let entry = Sample.entry(
                Sample.event("full"), owed: [.init(Scene.s1, isBornLeased: false, buffer: 0)])
            _ = try await scene.store.append([entry], by: scene.me)
            _ = try await scene.deliver("r")
            try await scene.store.cancelWaiting(of: Scene.s1, .requested)
            let now = try await health(in: scene)
            #expect([now.ended, now.deadCount, now.dropped, now.cancelled] == [3, 3, 1, 1])
            #expect(
                try await news(in: scene).map(\.change).contains {
                    if case .died(_, 3, .normal) = $0 { true } else { false }
                })
            try await scene.store.change(Scene.subscription(Scene.s1, "acme", revision: 2))
            #expect(try await health(in: scene).deadCount == 0)
        }
    }

    // MARK: Reports

    @Test(arguments: StoreOpener.all)
    func failingIsReportedOnceAfterFourFailuresAndRecoveryOnce(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            try await fail(3, in: scene)
            #expect(try await news(in: scene) == [])
            try await fail(1, in: scene, "g")
            #expect(try await news(in: scene) == [HealthNews(Scene.s1, .failing)])
            #expect(try await tell(HealthNews(Scene.s1, .failing), in: scene) == 1)
            #expect(try await tell(HealthNews(Scene.s1, .failing), in: scene) == 0, "the second report finds nothing")
            try await fail(5, in: scene, "h")
            #expect(try await news(in: scene, after: .seconds(600)) == [])
            let id = try await scene.deliver("ok", leased: true)
            try await scene.record(id, .verdict(.delivered), attempt: Sample.attempt(1))
            #expect(try await news(in: scene) == [HealthNews(Scene.s1, .recovered)])
            #expect(try await tell(HealthNews(Scene.s1, .recovered), in: scene) == 1)
            #expect(try await tell(HealthNews(Scene.s1, .recovered), in: scene) == 0)
            #expect(try await news(in: scene) == [])
        }
    }

    /// A receiver that alternates is reported once a minute, and no failure is forgotten because of that.
    @Test(arguments: StoreOpener.all)
    func failingIsReportedAtMostOnceAMinute(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            try await fail(4, in: scene)
            try await tell(HealthNews(Scene.s1, .failing), in: scene)
            for number in 0..<2 {
                let id = try await scene.deliver("ok\(number)", leased: true)
                try await scene.record(id, .verdict(.delivered), attempt: Sample.attempt(1))
                if number == 0 { try await tell(HealthNews(Scene.s1, .recovered), in: scene) }
                if number == 0 { try await fail(4, in: scene, "again") }
            }
            #expect(try await news(in: scene, after: .seconds(60)) == [])
            #expect(try await tell(HealthNews(Scene.s1, .failing), in: scene, after: .seconds(60)) == 0)
            #expect(try await news(in: scene, after: .seconds(61)) == [HealthNews(Scene.s1, .failing)])
        }
    }

    @Test(arguments: StoreOpener.all)
    func normalDeathsAreReportedTogetherAndUrgentOnesEach(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            func die(_ id: String, _ kind: Kind = .doorOpened) async throws -> DeliveryID {
                let delivery = try await scene.deliver(id, kind: kind, leased: true)
                try await scene.record(
                    delivery, .verdict(.dead(.exhausted)), attempt: Sample.attempt(1, .timedOut(.connect)))
                return delivery
            }
            _ = try await die("a")
            let last = try await die("b")
            let alarms = [try await die("c", .doorForced), try await die("d", .panicRaised)]
            let told = try await news(in: scene)
            let normal = HealthNews(Scene.s1, .died(last, count: 2, lane: .normal))
            let urgent = alarms.map { HealthNews(Scene.s1, .died($0, count: 1, lane: .urgent)) }
            #expect(told.filter { $0.change != .failing } == [normal] + urgent)
            for one in [normal] + urgent {
                #expect(try await tell(one, in: scene) == 1)
                #expect(try await tell(one, in: scene) == 0, "once")
            }
            let third = try await die("e")
            #expect(try await !news(in: scene, after: .seconds(60)).contains { $0.change != .failing })
            #expect(
                try await news(in: scene, after: .seconds(61)).filter { $0.change != .failing }
                    == [HealthNews(Scene.s1, .died(third, count: 1, lane: .normal))])
        }
    }

    @Test(arguments: StoreOpener.all)
    func urgentDeliveryThatWaitsAMinuteIsReported(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            _ = try await scene.deliver("normal")
            #expect(try await news(in: scene, after: .seconds(3600)) == [])
            let id = try await scene.deliver("alarm", kind: .doorForced)
            let waits = HealthNews(Scene.s1, .waiting(since: Scene.start))
            #expect(try await news(in: scene, after: .seconds(59)) == [])
            #expect(try await tell(waits, in: scene, after: .seconds(59)) == 0)
            #expect(try await news(in: scene, after: .seconds(60)) == [waits])
            #expect(try await tell(waits, in: scene, after: .seconds(60)) == 1)
            #expect(try await health(in: scene).isFailing)
            #expect(try await news(in: scene, after: .seconds(600)) == [], "already reported, and still waiting")
            _ = try await scene.claim()
            try await scene.record(id, .verdict(.delivered), attempt: Sample.attempt(1))
            #expect(try await news(in: scene, after: .seconds(601)) == [HealthNews(Scene.s1, .recovered)])
        }
    }

    /// Deliveries of the reporting kinds themselves are never reported: their subscription fails visibly, but without a
    /// report.
    @Test(arguments: StoreOpener.all, Catalogue.raised.kinds)
    func reportCausesNoFurtherReport(_ opener: StoreOpener, _ kind: Kind) async throws {
        try await withScene(opener) { scene in
            try await fail(9, in: scene, kind: kind)
            for number in 0..<3 {
                let id = try await scene.deliver("dead\(number)", kind: kind, leased: true)
                try await scene.record(id, .verdict(.dead(.exhausted)), attempt: Sample.attempt(1, Self.failed))
            }
            #expect(try await news(in: scene, after: .seconds(7200)) == [])
            let now = try await health(in: scene)
            #expect(now.isFailing && now.consecutiveFailures == 12 && now.deadCount == 3)
        }
    }

    @Test(arguments: StoreOpener.all)
    func deletedSubscriptionHasNoHealthAndNoReports(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            try await fail(4, in: scene)
            let late = try await scene.deliver("late", kind: .doorForced, leased: true)
            let id = try await scene.deliver("alarm", kind: .doorForced, leased: true)
            try await scene.record(id, .verdict(.dead(.exhausted)), attempt: Sample.attempt(1, Self.failed))
            try await scene.store.delete(Scene.s1, at: Scene.start)
            try await scene.record(late, .verdict(.dead(.exhausted)), attempt: Sample.attempt(1, Self.failed))
            #expect(try await news(in: scene, after: .seconds(600)) == [])
            #expect(try await tell(HealthNews(Scene.s1, .failing), in: scene) == 0)
            #expect(try await Set(scene.store.health(of: nil).keys) == [Scene.s2])
            #expect(try await scene.store.backlog() == Backlog(waiting: 0, leased: 0, oldest: nil))
        }
    }

    /// The counts are rebuilt when the store is opened, and pending reports survive that.
    @Test func nothingIsForgottenByARestart() async throws {
        try await withFolder { folder in
            let opener = try #require(StoreOpener.all.first)
            let first = try await opener.open(folder, OpenGate(), nil)
            let scene = try await Scene(setUpIn: first)
            try await fail(4, in: scene)
            let id = try await scene.deliver("alarm", kind: .doorForced, leased: true)
            try await scene.record(id, .verdict(.dead(.exhausted)), attempt: Sample.attempt(1, Self.failed))
            let before = try await health(in: scene)
            let toTell = try await news(in: scene)
            await first.close()
            let again = Scene(store: try await opener.open(folder, OpenGate(), nil), me: scene.me)
            #expect(try await health(in: again) == before)
            #expect(try await news(in: again) == toTell && toTell.count == 2)
            await again.store.close()
        }
    }
}
