import GatehouseCore
import GatehouseTesting
import Testing

/// Fails call 1, 2, 3 … of a gateway's work until a run needs fewer calls, and checks the store's promises after each
/// run.
@Suite struct FaultSweepTests {
    @Test(arguments: StoreOpener.all, FaultGate.Moment.allCases)
    func acknowledgedEventSurvivesAnyFailingCall(_ opener: StoreOpener, _ moment: FaultGate.Moment) async throws {
        var failingCall = 0
        var isOver = false
        while !isOver {
            failingCall += 1
            try await withScene(opener) { scene in
                scene.gate.fail(call: failingCall, moment)
                var run = GatewayRun(store: scene.store)
                try await run.everything()
                isOver = scene.gate.calls < failingCall
                scene.gate.rest()
                try await check(run, in: scene)
            }
            try #require(failingCall < 1000)
        }
        #expect(failingCall > 15, "the sweep went through the whole run")
    }

    private func check(_ run: GatewayRun, in scene: Scene) async throws {
        let all = try await scene.all()
        #expect(run.acknowledged.count == GatewayRun.events)
        for event in run.acknowledged {
            let owed = all.filter { $0.event == event }
            #expect(owed.map(\.subscription.text).sorted() == ["s1", "s2"], "one row for each subscription")
            #expect(owed.allSatisfy { $0.state == .delivered })
        }
        #expect(all.count == 2 * GatewayRun.events)
        #expect(try await scene.store.backlog() == Backlog(waiting: 0, leased: 0, oldest: nil))
        for delivery in all {
            let attempts = try #require(try await scene.store.delivery(delivery.id)).attempts
            let sent = run.sent[delivery.id] ?? []
            #expect(attempts.map(\.number) == sent, "every attempt is stored once")
        }
    }

    @Test(arguments: StoreOpener.all)
    func unreachableStoreRefusesAndIsUnchangedAfterwards(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            scene.gate.goAway()
            await #expect(throws: StoreError.self) { try await scene.deliver("a") }
            await #expect(throws: StoreError.self) { try await scene.store.due() }
            #expect(await !scene.store.isReady())
            scene.gate.comeBack()
            #expect(await scene.store.isReady())
            let id = try await scene.deliver("a")
            #expect(try await scene.claim().deliveries.map(\.id) == [id])
        }
    }
}

/// A small gateway: it repeats failed calls, and looks for leases that a lost answer left with it.
private struct GatewayRun {
    static let events = 4

    let store: any Store
    private var me = Incarnation(0)
    private(set) var acknowledged: [EventID] = []
    /// The numbers of each delivery's attempts.
    private(set) var sent: [DeliveryID: [Int]] = [:]

    init(store: any Store) { self.store = store }

    mutating func everything() async throws {
        let store = store
        me = try await again { () throws(StoreError) in try await store.begin(at: Scene.start) }
        for number in 0..<Self.events { try await take("event \(number)", isLeased: number.isMultiple(of: 2)) }
        for round in 0..<3 {
            for subscription in [Scene.s1, Scene.s2] { try await work(off: subscription, isFailing: round == 0) }
            try await handBackWhatWasLost()
        }
        let me = me
        try await again { () throws(StoreError) in try await store.end(me, at: Scene.start) }
        self.me = try await again { () throws(StoreError) in try await store.begin(at: Scene.start) }
        for due in try await again({ () throws(StoreError) in try await store.due() }) {
            try await work(off: due.subscription, isFailing: false)
        }
        try await handBackWhatWasLost()
        for subscription in [Scene.s1, Scene.s2] { try await work(off: subscription, isFailing: false) }
    }

    private mutating func take(_ id: String, isLeased: Bool) async throws {
        let store = store
        let me = me
        let owed = [Scene.s1, Scene.s2].map { Entry.Owed($0, isBornLeased: isLeased) }
        let entry = Sample.entry(Sample.event(id), owed: owed)
        let appended = try await again { () throws(StoreError) in try await store.append([entry], by: me) }
        acknowledged += appended.map(\.event)
        if isLeased { for id in appended[0].deliveries { try await send(id, attempt: 1, fails: false) } }
    }

    private mutating func work(off subscription: SubscriptionID, isFailing: Bool) async throws {
        let store = store
        let me = me
        let claim = try await again { () throws(StoreError) in
            try await store.claimDue(subscription, limit: 3, now: Scene.start, by: me)
        }
        for claimed in claim.deliveries {
            try await send(claimed.id, attempt: claimed.attempts + 1, fails: isFailing)
        }
    }

    private mutating func send(_ id: DeliveryID, attempt: Int, fails: Bool) async throws {
        let store = store
        let me = me
        sent[id, default: []].append(attempt)
        let status = fails ? 503 : 200
        let result = Settlement(
            delivery: id, next: .verdict(fails ? .dueAgain(at: Scene.start) : .delivered),
            attempt: Sample.attempt(attempt, .answered(.init(status: status))))
        try await again { () throws(StoreError) in try await store.record([result], by: me) }
    }

    private func handBackWhatWasLost() async throws {
        let store = store
        let me = me
        let held = try await again { () throws(StoreError) in try await store.leases(of: me) }
        let back = held.map { Settlement(delivery: $0, next: .handedBack(due: Scene.start), attempt: nil) }
        try await again { () throws(StoreError) in try await store.record(back, by: me) }
    }

    private func again<Answer>(_ call: () async throws(StoreError) -> Answer) async throws -> Answer {
        do {
            return try await call()
        } catch .unavailable {
            return try await call()
        }
    }
}
