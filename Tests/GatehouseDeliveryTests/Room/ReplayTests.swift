import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

/// Replays in a whole service: carried to the end, over restarts, through faults, and without delaying new events.
@Suite struct ReplayTests {
    private func replay(
        _ subscription: Subscription, on bench: DeliveryBench, kinds: [String]? = nil
    ) async throws -> Replay {
        let order = Replay.Order(subscription.id, since: bench.clock.now - .seconds(86_400), kinds: kinds)
        let replay = try await bench.store.begin(order, at: bench.clock.now, audited: nil)
        bench.registries.notifier.post(.replayBegun(subscription.id))
        return replay
    }

    private func isFinished(_ replay: Replay, on bench: DeliveryBench) async throws -> Bool {
        try await bench.store.replay(replay.id)?.state == .finished
    }

    @Test func oldEventsGoOutAgainMarkedAndInTheirOrder() async throws {
        let bench = try await DeliveryBench.make()
        let subscription = try await bench.subscribe { $0.concurrency = 1 }
        try await bench.open()
        for number in 1...5 { try await bench.post("e\(number)") }
        try await bench.post("grant", .accessGranted)
        try await bench.advance(until: "all are delivered") { try await bench.count(.delivered) == 6 }
        let again = try await replay(subscription, on: bench, kinds: ["door.*"])
        try await bench.advance(until: "all doors are delivered again") { try await bench.count(.delivered) == 11 }
        #expect(try await isFinished(again, on: bench))
        #expect(try await bench.store.replay(again.id)?.owed == 5)
        let sent = bench.sink.sent.suffix(5)
        #expect(bench.sink.sourceIDs.suffix(5) == ["e1", "e2", "e3", "e4", "e5"])
        #expect(sent.allSatisfy { request in request.headers.contains { $0.name.canonicalName == "gatehouse-replay" } })
        #expect(
            bench.sink.sent.prefix(6).allSatisfy { request in
                !request.headers.contains { $0.name.canonicalName == "gatehouse-replay" }
            })
        try await bench.close()
    }

    @Test func eventNewToASubscriptionIsReplayedByItsPresentTerms() async throws {
        let bench = try await DeliveryBench.make()
        try await bench.subscribe("old")
        try await bench.open()
        for number in 1...3 { try await bench.post("e\(number)") }
        try await bench.post("grant", .accessGranted)
        try await bench.advance(until: "they are delivered") { try await bench.count(.delivered) == 4 }
        let late = try await bench.subscribe("late") { $0.kinds = ["door.*"] }
        _ = try await replay(late, on: bench)
        try await bench.advance(until: "the doors are told") { try await bench.count(.delivered) == 7 }
        #expect(bench.sink.sent.suffix(3).allSatisfy { $0.url.host == "late.example" })
        try await bench.close()
    }

    @Test func aHeldSubscriptionIsReplayedToWhenItIsResumed() async throws {
        let bench = try await DeliveryBench.make()
        let subscription = try await bench.subscribe()
        try await bench.open()
        try await bench.post("e1")
        try await bench.advance(until: "it is delivered") { try await bench.count(.delivered) == 1 }
        let held = try await bench.change(subscription, hold: .paused)
        let again = try await replay(held, on: bench)
        for _ in 0..<20 {
            bench.clock.advance(by: .seconds(1))
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(try await bench.store.replay(again.id)?.state == .running)
        _ = try await bench.change(held, hold: Subscription.Hold.none)
        try await bench.advance(until: "it is delivered again") { try await bench.count(.delivered) == 2 }
        try await bench.close()
    }

    @Test(arguments: [DeliveryState.CancelReason.subscriptionInactive, .subscriptionDeleted])
    func inactiveSubscriptionGetsNoReplay(_ reason: DeliveryState.CancelReason) async throws {
        let bench = try await DeliveryBench.make()
        let subscription = try await bench.subscribe()
        try await bench.open()
        try await bench.post("e1")
        try await bench.advance(until: "it is delivered") { try await bench.count(.delivered) == 1 }
        let held = try await bench.change(subscription, hold: .paused)
        let again = try await replay(held, on: bench)
        if reason == .subscriptionDeleted {
            try await bench.delete(held)
        } else {
            var terms = held.terms
            terms.isActive = false
            _ = try await bench.change(held, terms: terms, hold: Subscription.Hold.none)
        }
        try await bench.advance(until: "the replay is broken off") {
            try await bench.store.replay(again.id)?.state == .cancelled(reason)
        }
        #expect(bench.sink.sent.count == 1)
        try await bench.close()
    }

    /// The receiver is unreachable, so that the replay finds no space and must wait; never more than its share waits.
    @Test func aLongReplayComesInPortionsAndGoesOnAfterARestart() async throws {
        let bench = try await DeliveryBench.make()
        let writer = try await bench.subscribe("writer")
        try await bench.open()
        for number in 1...3_500 { try await bench.post("e\(number)") }
        try await bench.advance(until: "all are delivered") { try await bench.store.backlog().waiting == 0 }
        bench.sink.answer("writer.example", with: .unreachable(reason: "away"))
        let again = try await replay(writer, on: bench)
        try await bench.advance(until: "as many wait as may") {
            try await bench.store.replay(again.id)?.owed ?? 0 >= 2_000
        }
        for _ in 0..<20 {
            bench.clock.advance(by: .milliseconds(200))
            try await Task.sleep(for: .milliseconds(1))
        }
        let backlog = try await bench.store.backlog()
        #expect(backlog.waiting + backlog.leased <= 2_000 + 1_024, "what may wait, and what is in hand")
        #expect(try await bench.store.replay(again.id)?.state == .running)
        await bench.crash()
        bench.sink.answer("writer.example", with: nil)
        try await bench.open()
        try await bench.advance(until: "the replay is at its end") { try await self.isFinished(again, on: bench) }
        try await bench.advance(by: .seconds(30), until: "nothing is owed") {
            let backlog = try await bench.store.backlog()
            return backlog.waiting + backlog.leased == 0
        }
        #expect(try await bench.store.replay(again.id)?.owed == 3_500)
        var filter = DeliveryFilter(limit: 1_000)
        filter.state = .delivered
        var replayed: [EventID] = []
        while true {
            let page = try await bench.store.deliveries(filter).deliveries
            replayed += page.filter(\.isReplay).map(\.event)
            guard let last = page.last?.id, page.count == 1_000 else { break }
            filter.before = last
        }
        #expect(replayed.count == 3_500 && Set(replayed).count == 3_500, "each once, the crash notwithstanding")
        try await bench.close()
    }

    /// The store fails at one call after the other, from the request of the replay on.
    @Test(arguments: FaultGate.Moment.allCases)
    func eachEventIsReplayedWithAnyFailingCall(moment: FaultGate.Moment) async throws {
        for call in 1...25 {
            let bench = try await DeliveryBench.make()
            let subscription = try await bench.subscribe()
            try await bench.open()
            for number in 1...3 { try await bench.post("e\(number)") }
            try await bench.advance(until: "all are delivered") { try await bench.count(.delivered) == 3 }
            bench.gate.fail(call: call, moment)
            // A lost answer makes a second replay: a call that is repeated may have its effect twice.
            var asked: Replay?
            for _ in 0..<2 where asked == nil { asked = try? await replay(subscription, on: bench) }
            try await bench.advance(until: "all replays are at their end") {
                let replays = (try? await bench.store.replays(of: subscription.id, before: nil, limit: 9)) ?? []
                return !replays.isEmpty && replays.allSatisfy { $0.state == .finished }
            }
            try await bench.advance(until: "nothing is owed") {
                let backlog = try? await bench.store.backlog()
                return backlog?.waiting == 0 && backlog?.leased == 0
            }
            let replays = try await again {
                try await bench.store.replays(of: subscription.id, before: nil, limit: 9)
            }
            let born = replays.reduce(0) { $0 + Int($1.owed) }
            #expect(replays.contains { $0.id == asked?.id } && replays.allSatisfy { $0.owed <= 3 } && born >= 3)
            let delivered = try await again { try await bench.count(.delivered) }
            #expect(delivered == 3 + born, "what a step has counted has come to life once")
            try await bench.close()
        }
    }

    @Test func theDeadOfAnOutageBeginTheirScheduleAnew() async throws {
        let bench = try await DeliveryBench.make()
        bench.sink.answer { _ in .answered(.init(status: 500)) }
        let subscription = try await bench.subscribe { $0.retries = [.seconds(5), .seconds(5)] }
        try await bench.open()
        try await bench.post("e1")
        try await bench.advance(until: "it is dead") { try await bench.count(.dead) == 1 }
        #expect(bench.sink.sent.count == 3)
        let dead = DeliverySelection(of: subscription.id, .dead)
        #expect(try await bench.store.retry(dead, at: bench.clock.now, audited: nil) == 1)
        bench.registries.notifier.post(.deliveriesDue(subscription.id))
        try await bench.advance(until: "it is dead again") {
            try await bench.count(.dead) == 1 && bench.sink.sent.count > 3
        }
        #expect(bench.sink.sent.count == 6, "three tries once more")
        var filter = DeliveryFilter(limit: 1)
        filter.subscription = subscription.id
        let id = try #require(try await bench.store.deliveries(filter).deliveries.first?.id)
        #expect(try await bench.store.delivery(id)?.attempts.map(\.number) == [1, 2, 3, 4, 5, 6])
        try await bench.close()
    }
}
