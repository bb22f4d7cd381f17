import GatehouseControl
import GatehouseCore
import GatehouseTesting
import Testing

/// Persons who are blanked while the service is running.
@Suite struct RoomErasingTests {
    private static let wish = Erasure.Wish(
        person: "31", organization: DeliveryBench.organization, organizations: [DeliveryBench.organization],
        isDryRun: false)
    private static let data: JSON = ["person": ["id": "31", "firstName": "Ana"]]

    private static func names(_ bench: DeliveryBench) -> [String?] {
        bench.sink.sent.map { (try? JSONParser.parse($0.body))?["data"]?["person"]?["firstName"]?.text }
    }

    @Test func waitingDeliveryIsDeliveredBlanked() async throws {
        let bench = try await DeliveryBench.make()
        try await bench.subscribe { $0.privacyLevel = .everything }
        try await bench.open()
        bench.sink.answer { $0 <= 3 ? .unreachable(reason: "nobody") : .answered(.init(status: 204)) }
        for id in ["a", "b", "c"] { try await bench.post(id, .accessGranted, Self.data) }
        try await bench.advance(by: .milliseconds(10), until: "tried") { bench.sink.sent.count == 3 }
        let erasure = try await bench.store.begin(Self.wish, at: bench.clock.now, audited: nil)
        try await bench.advance(until: "delivered") { try await bench.count(.delivered) == 3 }
        #expect(Self.names(bench) == ["Ana", "Ana", "Ana", nil, nil, nil])
        #expect(try await bench.store.erasure(of: "31", in: DeliveryBench.organization)?.events == 3)
        try await bench.post("late", .accessGranted, Self.data)
        try await bench.advance(until: "the later one") { try await bench.count(.delivered) == 4 }
        #expect(Self.names(bench).last == "Ana", "what comes later is news")
        #expect(erasure.events == 0)
        try await bench.close()
    }

    /// The store is not asked here: the erasure is announced while the first is running and the others are in memory.
    @Test func deliveryInMemoryLeavesBlankedAndItsAnswerIsNotKept() async throws {
        let bench = try await DeliveryBench.make()
        try await bench.subscribe {
            $0.privacyLevel = .everything
            $0.concurrency = 1
        }
        try await bench.open()
        let book = try bench.erasures
        let erasure = Erasure(
            number: 1, wish: Self.wish, begun: bench.clock.now, upTo: EventPosition(3), reached: EventPosition(0),
            events: 0, ended: nil)
        bench.sink.answer { number in
            if number == 1 { book.note(erasure) }
            return .answered(.init(status: 200, excerpt: Array("hello Ana".utf8)))
        }
        for id in ["a", "b", "c"] { try await bench.post(id, .accessGranted, Self.data) }
        try await bench.advance(until: "delivered") { try await bench.count(.delivered) == 3 }
        #expect(Self.names(bench) == ["Ana", nil, nil])
        for delivery in try await bench.store.deliveries(DeliveryFilter(limit: 9)).deliveries {
            let attempts = try await bench.store.delivery(delivery.id)?.attempts ?? []
            #expect(attempts.map(\.outcome) == [.answered(.init(status: 200))])
        }
        try await bench.close()
    }
    /// Only the event changes: the progress of the schedule stays.
    @Test func blankedDeliveryInMemoryKeepsItsRestartedSchedule() async throws {
        let bench = try await DeliveryBench.make()
        let subscription = try await bench.subscribe {
            $0.privacyLevel = .everything
            $0.retries = [.seconds(5)]
        }
        bench.sink.answer { _ in .answered(.init(status: 500)) }
        try await bench.open()
        try await bench.post("a", .accessGranted, Self.data)
        try await bench.advance(until: "it is dead") { try await bench.count(.dead) == 1 }
        try bench.erasures.note(
            Erasure(
                number: 1, wish: Self.wish, begun: bench.clock.now, upTo: EventPosition(1), reached: EventPosition(0),
                events: 0, ended: nil))
        let dead = DeliverySelection(of: subscription.id, .dead)
        #expect(try await bench.store.retry(dead, at: bench.clock.now, audited: nil) == 1)
        bench.registries.notifier.post(.deliveriesDue(subscription.id))
        try await bench.advance(until: "it is dead again") {
            try await bench.count(.dead) == 1 && bench.sink.sent.count > 2
        }
        #expect(Self.names(bench) == ["Ana", "Ana", nil, nil], "two tries once more, blanked")
        try await bench.close()
    }
}
