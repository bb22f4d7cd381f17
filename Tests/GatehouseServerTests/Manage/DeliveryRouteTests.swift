import GatehouseCore
import HTTPTypes
import Testing

@testable import GatehouseServer

/// Deliveries: what became of each, for those whom it concerns.
@Suite struct DeliveryRouteTests {
    private static let event = EventID(high: 0x0192_48F0_1C2D_7ABC, low: 0x8DEF_0123_4567_89AB)

    /// Forty deliveries: the even ones of acme's subscription, the odd ones of the other tree's.
    private func furnish(_ house: House) {
        house.store.change { state in
            for number in 1...40 {
                let isOurs = number.isMultiple(of: 2)
                let owing = (event: Self.event, subscription: SubscriptionID(isOurs ? "ours" : "theirs"))
                let states: [DeliveryState] = [
                    .waiting(until: Instant(seconds: 1_773_216_990)), .dead(.exhausted), .cancelled(.requested),
                    .delivered,
                ]
                let delivery = Delivery(
                    id: DeliveryID(Int64(number)), owing: owing, lane: .urgent, state: states[number / 2 % 4],
                    attempts: 1, created: Instant(seconds: 1_773_216_930), isReplay: false)
                state.deliveries.append((delivery, OrganizationID(isOurs ? "acme" : "other")))
            }
            let name = HTTPField.Name("webhook-id")
            var headers = HTTPFields()
            if let name { headers[name] = "abc" }
            state.attempts[DeliveryID(2)] = [
                Attempt(
                    number: 1, started: Instant(seconds: 1_773_216_930), duration: .microseconds(12_500),
                    outcome: .answered(.init(status: 500, excerpt: Array("no \u{e9}".utf8) + [0xFF])),
                    headers: headers),
                Attempt(
                    number: 2, started: Instant(seconds: 1_773_216_935), duration: .seconds(10),
                    outcome: .timedOut(.connect), headers: headers),
            ].map { attempt in
                var attempt = attempt
                attempt.privacyLevel = .noCredentials
                return attempt
            }
        }
    }

    @Test func oneIsTriedAgainOrCancelledWhenSomebodyAsks() async throws {
        let house = try await House()
        furnish(house)
        let now = RFC3339.text(house.parts.clock.now)
        let again = try await house.post("/v1/deliveries/2/retry", [:])
        #expect(again.status == 200)
        #expect(again.json?["state"] == "waiting" && again.json?["due"]?.text == now)
        #expect(again.json?["attempts"]?.items?.count == 2)
        let cancelled = try await house.post("/v1/deliveries/2/cancel", [:])
        #expect(cancelled.json?["state"] == "cancelled" && cancelled.json?["reason"] == "requested")
        for deed in ["retry", "cancel"] {
            try await house.post("/v1/deliveries/2/\(deed)", [:]).expectProblem(409)
            try await house.post("/v1/deliveries/999/\(deed)", [:]).expectProblem(404)
            let manager = try await house.credential(.manager)
            try await house.post("/v1/deliveries/9/\(deed)", [:], manager).expectProblem(404)
        }
    }

    @Test func oneIsShownWithEveryAttempt() async throws {
        let house = try await House()
        furnish(house)
        let shown = try await house.get("/v1/deliveries/2")
        #expect(shown.status == 200)
        #expect(shown.json?["state"] == "dead")
        #expect(shown.json?["reason"] == "exhausted")
        #expect(shown.json?["event"]?.text == Self.event.description)
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
        ("event=019248f0-1c2d-7abc-8def-0123456789ab", 40),
    ])
    func aFilterKeepsWhatFits(filter: String, count: Int) async throws {
        let house = try await House()
        furnish(house)
        #expect(try await house.get("/v1/deliveries?\(filter)").items.count == count)
    }

    /// An empty list would say of a mistyped id that nothing is owed.
    @Test(arguments: [
        ("subscription=never", "subscription"), ("subscription=never&state=dead", "subscription"),
        ("event=019248f0-1c2d-7abc-8def-0123456789ac", "event"), ("door=never", "door"),
        ("door=never&state=dead", "door"), ("organization=never", "organization"),
    ])
    func whatIsNamedAndDoesNotExistIsA404(filter: String, field: String) async throws {
        let house = try await House()
        furnish(house)
        try await house.get("/v1/deliveries?\(filter)").expectProblem(404, "not-found", field: field)
    }

    @Test func theListTellsOfNamesAndOfTheLastAttemptBesideTheIds() async throws {
        let house = try await House()
        furnish(house)
        let shown = try #require(try await house.get("/v1/deliveries?state=dead").items.last)
        #expect(shown["id"] == "2" && shown["kind"]?.text != nil && shown["subscriptionName"] == .null)
        #expect(shown["lastAttempt"]?["outcome"] == "timed-out" && shown["lastAttempt"]?["status"] == .null)
        #expect(try await house.get("/v1/deliveries?outcome=timed-out").items.count == 1)
        #expect(try await house.get("/v1/deliveries?since=2020-01-01").items.count == 40)
        #expect(try await house.get("/v1/deliveries?until=2020-01-01").items.isEmpty)
    }

    /// A key does not learn that another tree has such a subscription, and one that has nothing to show is no mistake.
    @Test func whatTheKeyDoesNotReachIsA404AndAnEmptyStateIsNot() async throws {
        let house = try await House()
        furnish(house)
        let credential = try await house.credential(.reporter)
        try await house.get("/v1/deliveries?subscription=theirs", credential).expectProblem(404, field: "subscription")
        let none = try await house.get("/v1/deliveries?subscription=ours&state=leased", credential)
        #expect(none.status == 200 && none.items.isEmpty)
    }

    @Test func theListRunsFromTheNewestBackInPages() async throws {
        let house = try await House()
        furnish(house)
        var seen: [String] = []
        var path = "/v1/deliveries?limit=7"
        for _ in 0..<10 {
            let page = try await house.get(path)
            seen += page.items.compactMap { $0["id"]?.text }
            guard let next = page.json?["next"]?.text else { break }
            path = "/v1/deliveries?limit=7&cursor=\(next)"
        }
        #expect(seen == (1...40).reversed().map(String.init))
    }

    @Test func foreignDeliveriesAreNotThere() async throws {
        let house = try await House()
        furnish(house)
        let credential = try await house.credential(.reporter)
        let list = try await house.get("/v1/deliveries?limit=500", credential)
        #expect(list.items.count == 20)
        #expect(!list.text.contains("theirs"))
        try await house.get("/v1/deliveries/1", credential).expectProblem(404, "not-found")
        #expect(try await house.get("/v1/deliveries/2", credential).status == 200)
    }

    @Test(arguments: ["0", "-1", "x", "999", "99999999999999999999", "1.0", "%31%00"])
    func whatIsNoDeliveryIsA404(id: String) async throws {
        let house = try await House()
        furnish(house)
        try await house.get("/v1/deliveries/\(id)").expectProblem(404)
    }
}
