import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// Deliveries and their states, for the concerned keys.
@Suite struct DeliveryRouteTests {
    /// Forty deliveries of twenty events: the even ones of acme's subscription, the odd ones of the other tree's.
    /// Returns the first event.
    @discardableResult
    private func setUp(_ server: TestServer) async throws -> EventID {
        try await server.subscribe("ours")
        try await server.subscribe("theirs", of: "other")
        for number in 1...20 {
            let owed = try await server.keep(server.event(number, .doorForced), owedTo: ["theirs", "ours"])
            for (place, (delivery, subscription)) in zip(owed, ["theirs", "ours"]).enumerated() {
                let count = 2 * number - 1 + place
                if count == 2 {
                    try await server.settle(delivery, of: subscription, .dead(.exhausted), after: attempts(server))
                } else {
                    try await end(delivery, count, in: server)
                }
            }
        }
        return server.event(1).id
    }

    /// Four states in turn: two neighbours share one.
    private func end(_ delivery: DeliveryID, _ count: Int, in server: TestServer) async throws {
        let due = server.parts.clock.now + .seconds(60)
        switch count / 2 % 4 {
        case 0: try await server.settle(delivery, .verdict(.dueAgain(at: due)), server.attempt(1))
        case 1: try await server.settle(delivery, .verdict(.dead(.exhausted)), server.attempt(1))
        case 2:
            try await server.settle(delivery, .handedBack(due: due))
            try await server.store.cancel(delivery)
        default: try await server.settle(delivery, .verdict(.delivered), server.attempt(1, answered: 200))
        }
    }

    private func attempts(_ server: TestServer) -> [Attempt] {
        var headers = HTTPFields()
        if let name = HTTPField.Name("webhook-id") { headers[name] = "abc" }
        let answer = Outcome.Answer(status: 500, excerpt: Array("no \u{e9}".utf8) + [0xFF])
        let ends: [(Duration, Outcome)] = [
            (.microseconds(12_500), .answered(answer)), (.seconds(10), .timedOut(.connect)),
        ]
        return ends.enumerated().map { place, end in
            var attempt = Attempt(
                number: place + 1, started: server.parts.clock.now + .seconds(place * 5), duration: end.0,
                outcome: end.1, headers: headers)
            attempt.privacyLevel = .noCredentials
            return attempt
        }
    }

    @Test func deliveryIsRetriedOrCancelledOnRequest() async throws {
        let server = try await TestServer()
        try await setUp(server)
        let now = RFC3339.text(server.parts.clock.now)
        let again = try await server.post("/v1/deliveries/1-1/retry", [:])
        #expect(again.status == 200)
        #expect(again.json?["state"] == "waiting" && again.json?["due"]?.text == now)
        #expect(again.json?["attempts"]?.items?.count == 2)
        let cancelled = try await server.post("/v1/deliveries/1-1/cancel", [:])
        #expect(cancelled.json?["state"] == "cancelled" && cancelled.json?["reason"] == "requested")
        for action in ["retry", "cancel"] {
            try await server.post("/v1/deliveries/1-1/\(action)", [:]).expectProblem(409)
            try await server.post("/v1/deliveries/999-1/\(action)", [:]).expectProblem(404)
            let manager = try await server.credential(.manager)
            try await server.post("/v1/deliveries/5-2/\(action)", [:], manager).expectProblem(404)
        }
    }

    @Test func deliveryIsShownWithEveryAttempt() async throws {
        let server = try await TestServer()
        let event = try await setUp(server)
        let shown = try await server.get("/v1/deliveries/1-1")
        #expect(shown.status == 200)
        #expect(shown.json?["state"] == "dead")
        #expect(shown.json?["reason"] == "exhausted")
        #expect(shown.json?["event"]?.text == event.description)
        let attempts = try #require(shown.json?["attempts"]?.items)
        #expect(attempts.count == 2)
        #expect(attempts[0]["status"] == 500)
        #expect(attempts[0]["answer"]?.text == "no \u{e9}\u{FFFD}")
        #expect(attempts[0]["milliseconds"] == .fraction(12.5))
        #expect(attempts[0]["headers"]?["webhook-id"] == "abc")
        #expect(attempts[1]["status"] == .null)
        #expect(attempts[1]["outcome"] == "timed-out")
        #expect(attempts[1]["answer"] == .null)
    }

    @Test(arguments: [
        ("state=waiting", 10), ("state=dead", 10), ("subscription=ours", 20), ("subscription=ours&state=delivered", 5),
        ("event=\(EventID.fixed(at: ManualClock().now, 1))", 2),
    ])
    func filterKeepsMatchingDeliveries(filter: String, count: Int) async throws {
        let server = try await TestServer()
        try await setUp(server)
        #expect(try await server.get("/v1/deliveries?\(filter)").items.count == count)
    }

    /// An empty list for a mistyped id would mean that nothing is owed.
    @Test(arguments: [
        ("subscription=never", "subscription"), ("subscription=never&state=dead", "subscription"),
        ("event=019248f0-1c2d-7abc-8def-0123456789ac", "event"), ("door=never", "door"),
        ("door=never&state=dead", "door"), ("organization=never", "organization"),
    ])
    func missingResourceInAFilterIs404(filter: String, field: String) async throws {
        let server = try await TestServer()
        try await setUp(server)
        try await server.get("/v1/deliveries?\(filter)").expectProblem(404, "not-found", field: field)
    }

    @Test func listHasNamesAndTheLastAttempt() async throws {
        let server = try await TestServer()
        try await setUp(server)
        let shown = try #require(try await server.get("/v1/deliveries?state=dead").items.last)
        #expect(shown["id"] == "1-1" && shown["kind"]?.text != nil && shown["subscriptionName"] == "the ours")
        #expect(shown["lastAttempt"]?["outcome"] == "timed-out" && shown["lastAttempt"]?["status"] == .null)
        #expect(try await server.get("/v1/deliveries?outcome=timed-out").items.count == 1)
        #expect(try await server.get("/v1/deliveries?since=2020-01-01").items.count == 40)
        #expect(try await server.get("/v1/deliveries?until=2020-01-01").items.isEmpty)
    }

    /// A key does not learn that another tree has such a subscription, and a subscription without deliveries is no
    /// error.
    @Test func resourceOfAnotherTreeIs404AndAnEmptyStateIsNot() async throws {
        let server = try await TestServer()
        try await setUp(server)
        let credential = try await server.credential(.reporter)
        try await server.get("/v1/deliveries?subscription=theirs", credential).expectProblem(404, field: "subscription")
        let none = try await server.get("/v1/deliveries?subscription=ours&state=leased", credential)
        #expect(none.status == 200 && none.items.isEmpty)
    }

    @Test func listIsPagedFromTheNewest() async throws {
        let server = try await TestServer()
        try await setUp(server)
        var seen: [String] = []
        var path = "/v1/deliveries?limit=7"
        for _ in 0..<10 {
            let page = try await server.get(path)
            seen += page.items.compactMap { $0["id"]?.text }
            guard let next = page.json?["next"]?.text else { break }
            path = "/v1/deliveries?limit=7&cursor=\(next)"
        }
        #expect(seen == (1...20).reversed().flatMap { ["\($0)-2", "\($0)-1"] })
    }

    @Test func foreignDeliveryIsNotFound() async throws {
        let server = try await TestServer()
        try await setUp(server)
        let credential = try await server.credential(.reporter)
        let list = try await server.get("/v1/deliveries?limit=500", credential)
        #expect(list.items.count == 20)
        #expect(!list.text.contains("theirs"))
        try await server.get("/v1/deliveries/1-2", credential).expectProblem(404, "not-found")
        #expect(try await server.get("/v1/deliveries/1-1", credential).status == 200)
    }

    @Test(arguments: [
        "0", "-1", "x", "999", "999-1", "1-1-0", "1-1-9", "01-1", "1-1-", "1--1", "99999999999999999999", "1.0",
        "%31%00",
    ])
    func unknownDeliveryIs404(id: String) async throws {
        let server = try await TestServer()
        try await setUp(server)
        try await server.get("/v1/deliveries/\(id)").expectProblem(404)
    }
}
