import GatehouseControl
import GatehouseCore
import GatehouseDialects
import GatehouseTesting
import HTTPTypes
import Logging
import Testing

@testable import GatehouseDelivery

/// Requests that carry several deliveries, over a real store, in the one contract that has them.
@Suite struct BatchTests {
    /// A service with a subscription whose deliveries come in envelopes, held back until ``letGo(_:)``.
    private func bench(_ change: (inout Terms) -> Void = { _ in }) async throws -> DeliveryBench {
        let bench = try await DeliveryBench.make()
        let subscription = try await bench.subscribe {
            $0.dialect = SituatorDialect().name
            $0.secret = Secret("token")
            $0.settings["payload"] = "envelope"
            change(&$0)
        }
        _ = try await bench.change(subscription, hold: .paused)
        try await bench.open()
        return bench
    }

    private func letGo(_ bench: DeliveryBench, _ change: (inout Terms) -> Void = { _ in }) async throws {
        let paused = try #require(bench.subscriptions.index[SubscriptionID("sub_one")])
        var terms = paused.terms
        change(&terms)
        _ = try await bench.change(paused, terms: terms, hold: Subscription.Hold.none)
    }

    /// The types of the events in each request that was sent.
    private func sent(_ bench: DeliveryBench) -> [[String]] {
        bench.sink.sent.map { request in
            let events = (try? JSONParser.parse(request.body))?["events"]?.items ?? []
            return events.compactMap { $0["type"]?.text }
        }
    }

    private func ids(_ bench: DeliveryBench) -> [[String]] {
        bench.sink.sent.map { request in
            let names = request.headers.first { $0.name.canonicalName == "gatehouse-event-id" }?.value ?? ""
            return names.split(separator: ", ").map(String.init)
        }
    }

    @Test(arguments: [(1, [1]), (100, [100]), (101, [100, 1]), (230, [100, 100, 30])])
    func waitingDeliveriesGoOutTogetherInTheOrderOfEvents(_ count: Int, _ sizes: [Int]) async throws {
        let bench = try await bench()
        var posted: [String] = []
        for number in 1...count {
            posted.append(try await bench.post("e\(number)", .zoneChanged).event.description)
        }
        try await letGo(bench)
        try await bench.advance(until: "all arrive") { try await bench.count(.delivered) == count }
        #expect(sent(bench).map(\.count) == sizes)
        #expect(ids(bench).flatMap { $0 } == posted)
        try await bench.close()
    }

    @Test func ofOneRequestEachDeliveryHasItsOwnCountAndItsOwnVerdict() async throws {
        let bench = try await bench { $0.retries = [.seconds(3600)] }
        bench.sink.answer { _ in .answered(.init(status: 500, excerpt: Array("no".utf8))) }
        let old = try await bench.post("old", .zoneChanged).event
        try await letGo(bench)
        try await bench.advance(until: "tried once") {
            try await bench.count(.waiting) == 1 && bench.sink.sent.count == 1
        }
        let tried = try #require(bench.subscriptions.index[SubscriptionID("sub_one")])
        _ = try await bench.change(tried, hold: .paused)
        let new = try await bench.post("new", .zoneChanged).event
        let waiting = try await bench.store.deliveries(DeliveryFilter(limit: 10)).deliveries
        let again = try #require(waiting.first { $0.event == old })
        try await bench.store.retry(again.id, at: bench.clock.now)
        try await letGo(bench)
        try await bench.advance(by: .zero, until: "both are judged") {
            try await [bench.count(.dead), bench.count(.waiting)] == [1, 1]
        }
        #expect(ids(bench) == [[old.description], [old.description, new.description]])
        let deliveries = try await bench.store.deliveries(DeliveryFilter(limit: 10)).deliveries
        let first = try #require(deliveries.first { $0.event == old })
        let second = try #require(deliveries.first { $0.event == new })
        #expect(first.state == .dead(.exhausted), "it had one try left")
        #expect(second.state.name == .waiting, "it has")
        let ofFirst = try #require(try await bench.store.delivery(first.id)).attempts
        let ofSecond = try #require(try await bench.store.delivery(second.id)).attempts
        #expect(ofFirst.map(\.number) == [1, 2])
        #expect(ofSecond.map(\.number) == [1])
        let (one, other) = (try #require(ofFirst.last), try #require(ofSecond.last))
        #expect(one.started == other.started && one.duration == other.duration && one.outcome == other.outcome)
        #expect(one.headers == other.headers && one.outcome.status == 500)
        try await bench.close()
    }

    @Test func deliveryNoLongerOwedStaysOutOfTheRequest() async throws {
        let bench = try await bench { $0.settings["events"] = [12] }
        for (id, kind): (String, Kind) in [("a", .zoneChanged), ("b", .panicRaised), ("c", .unitChanged)] {
            #expect(try await bench.post(id, kind).deliveries == 1)
        }
        try await letGo(bench) { $0.settings["events"] = [] }
        try await bench.advance(until: "all are settled") {
            try await bench.count(.delivered) + bench.count(.cancelled) == 3
        }
        #expect(sent(bench) == [["zone", "unit"]])
        var filter = DeliveryFilter(limit: 10)
        filter.state = .cancelled
        let cancelled = try #require(try await bench.store.deliveries(filter).deliveries.first)
        #expect(cancelled.state == .cancelled(.noLongerOwed))
        #expect(try #require(try await bench.store.delivery(cancelled.id)).attempts.isEmpty)
        try await bench.close()
    }

    @Test func aRequestOfNothingIsNotSent() async throws {
        let bench = try await bench { $0.settings["events"] = [12] }
        for id in ["a", "b"] { try await bench.post(id, .panicRaised) }
        try await letGo(bench) { $0.settings["events"] = [] }
        try await bench.advance(until: "both are settled") { try await bench.count(.cancelled) == 2 }
        #expect(bench.sink.sent.isEmpty)
        try await bench.close()
    }

    /// Delays differ by chance, and a chance for each delivery would separate the events of one request.
    @Test func deliveriesThatFailedTogetherComeTogetherAgain() async throws {
        let bench = try await bench()
        bench.sink.answer { $0 < 4 ? .answered(.init(status: 503)) : .answered(.init(status: 200)) }
        for number in 1...40 { try await bench.post("e\(number)", .zoneChanged) }
        try await letGo(bench)
        for tries in 1...4 {
            try await bench.advance(until: "sent") { bench.sink.sent.count == tries }
            // The clock stands still until all results are recorded: otherwise the first recorded would be due first.
            try await bench.advance(by: .zero, until: "recorded") {
                try await bench.count(tries < 4 ? .waiting : .delivered) == 40
            }
        }
        #expect(sent(bench).map(\.count) == [40, 40, 40, 40])
        #expect(Set(bench.sink.sent.map(\.body)).count == 1, "the same events, so the same bytes")
        try await bench.close()
    }

    /// Values that are needed at every event are computed with each revision.
    @Test func derivedValuesFollowTheTerms() async throws {
        let bench = try await bench()
        let bare = try #require(bench.subscriptions.index[SubscriptionID("sub_one")])
        #expect(bare.batch == 100 && bare.buffer == nil && bare.requestsAtOnce == 1)
        try await letGo(bench) {
            $0.settings["payload"] = "bare"
            $0.promise = .vendor
        }
        let bounded = try #require(bench.subscriptions.index[SubscriptionID("sub_one")])
        #expect(bounded.batch == 1 && bounded.buffer == 100 && bounded.requestsAtOnce == bounded.terms.concurrency)
        let reopened = try await SubscriptionRegistry(
            opening: bench.store, dialects: DialectTable(Dialects.all), notifier: LocalNotifier())
        let restored = try #require(reopened.index[SubscriptionID("sub_one")])
        #expect(restored.batch == 1 && restored.buffer == 100)
        try await bench.close()
    }

    /// The terms may change between the claim of jobs and their attempt.
    @Test func subscriptionChangedToSingleEventsGetsSingleEvents() async throws {
        let bench = try await bench()
        for number in 1...3 { try await bench.post("e\(number)", .zoneChanged) }
        // Otherwise its rescuer declares this incarnation dead, as the only gateway of its store.
        await bench.crash()
        let store = bench.store
        let own = try await store.begin(at: bench.clock.now)
        let id = SubscriptionID("sub_one")
        let jobs = try await store.claimDue(id, limit: 10, now: bench.clock.now, by: own).deliveries.map { claimed in
            DeliveryJob(
                id: claimed.id, subscription: id, event: try #require(claimed.event), lane: claimed.lane,
                attempts: claimed.attempts, spent: claimed.spent)
        }
        #expect(jobs.count == 3)
        let logger = Logger(label: "batch") { _ in SwiftLogNoOpLogHandler() }
        let recorder = ResultRecorder(store: store, lease: Snapshot(own), clock: bench.clock, logger: logger)
        let (dialects, signals) = (DialectTable(Dialects.all), DeliverySignals(logger: logger))
        let raising = Raising(
            directory: bench.directory, subscriptions: bench.subscriptions, dialects: dialects)
        let disabling = Disabling(
            subscriptions: bench.subscriptions,
            intake: RaisingIntake(store: store, raising: raising, lease: Snapshot(own), signals: signals),
            clock: bench.clock, signals: signals)
        let pipeline = DeliveryPipeline(
            subscriptions: bench.subscriptions, dialects: dialects, sink: bench.sink, recorder: recorder,
            clock: bench.clock, signals: signals, disabling: disabling)
        try await letGo(bench) { $0.settings["payload"] = "bare" }
        #expect(await pipeline.attempt(jobs).map(\.isAccepted) == [true, true, true])
        try await bench.advance(by: .zero, until: "all are recorded") { try await bench.count(.delivered) == 3 }
        #expect(ids(bench).map(\.count) == [1, 1, 1])
        #expect(sent(bench) == [[], [], []], "no envelope")
        try await bench.close()
    }
}
