import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// The items that need attention, for the concerned keys.
@Suite struct StatusRouteTests {
    private func attention(_ server: TestServer, _ key: String? = TestServer.admin, _ query: String = "") async throws
        -> [JSON]
    {
        let answer = try await server.get("/v1/status\(query)", key)
        #expect(answer.status == 200, "\(answer.text)")
        return answer.json?["attention"]?.items ?? []
    }

    @Test func onlyFailingDeadOrDisabledIsReported() async throws {
        let server = try await TestServer()
        for id in ["fine", "failing", "dead", "waits"] { try await server.subscribe(id) }
        #expect(try await attention(server) == [])
        try await server.fail("failing", times: 6, from: 1)
        try await server.giveUp("dead", [.doorForced, .doorOpened, .doorOpened], from: 10)
        for number in 20..<30 {
            let delivery = try #require(try await server.keep(server.event(number), owedTo: ["waits"]).first)
            try await server.settle(delivery, .handedBack(due: server.parts.clock.now))
        }
        #expect(
            try await attention(server) == [
                [
                    "subject": "subscriptions/dead",
                    "sentence": "the dead has deliveries that were given up: retry or cancel them",
                    "since": "2026-03-11T08:15:30.000Z", "count": 3, "urgent": true,
                    "next": "gatehouse deliveries list --state dead --subscription dead",
                ],
                [
                    "subject": "subscriptions/failing",
                    "sentence": "the failing is failing: 6 attempts in a row failed, the last one: rejected (503)",
                    "since": "2026-03-11T08:15:30.000Z", "count": 6, "urgent": false,
                    "next": "gatehouse subscriptions test failing",
                ],
            ])
        let present = try #require(server.parts.subscriptions.index[SubscriptionID("failing")])
        _ = try await server.change(present, hold: .disabled)
        let sentences = try await attention(server).compactMap { $0["sentence"]?.text }
        #expect(sentences.contains("the failing is disabled: its receiver said that it is gone"))
        #expect(sentences.count == 2)
    }

    /// A filter with a deleted resource matches nothing of it, and never everything; so the status reports it.
    @Test(arguments: ["this", "recursive"]) func subscriptionToDeletedDoorsIsReported(_ scope: String) async throws {
        let server = try await TestServer()
        let door: JSON = ["id": "side", "panel": "p-acme", "number": 2, "name": "Side"]
        #expect(try await server.post("/v1/doors", door).status == 201)
        var terms: JSONObject = [
            "id": "s", "name": "the s", "organization": "acme", "dialect": "plain", "url": "https://r.example/in",
        ]
        (terms["scope"], terms["doors"]) = (.string(scope), ["d-acme", "side"])
        #expect(try await server.post("/v1/subscriptions", .object(terms)).status == 201)
        #expect(try await attention(server) == [])
        #expect(try await server.send(TestRequest(.delete, "/v1/doors/side")).status == 204)
        var items = try await attention(server)
        let told = "the s asks for doors that are not there: side; it is told nothing of these"
        #expect(items.first?["sentence"]?.text?.hasPrefix(told) == true && items.first?["count"] == 1, "\(items)")
        #expect(items.first?["next"]?.text == "gatehouse subscriptions show s")
        #expect(try await attention(server, server.credential(.reporter, of: "other")) == [])
        #expect(try await server.send(TestRequest(.delete, "/v1/doors/d-acme")).status == 204)
        items = try await attention(server)
        #expect(items.first?["sentence"]?.text?.contains("d-acme, side; it is told nothing of any") == true, "\(items)")
        let index = server.parts.subscriptions.index
        for place in [["door": "side"], ["door": "other"], ["panel": "p-acme"], [:]] as [JSON] {
            var parts = Event.Parts(
                id: EventID(high: 1, low: 1), kind: .doorOpened, organization: OrganizationID("acme"),
                received: server.parts.clock.now)
            parts.data = place.object ?? JSONObject()
            let owed = index.owed(
                Event(parts), lineage: [OrganizationID("acme")], dialects: server.parts.dialects)
            #expect(owed.map(\.id.text) == (place["door"] == "side" ? ["s"] : []), "\(place.compact)")
        }
        #expect(try await server.post("/v1/doors", door).status == 201)
        items = try await attention(server)
        #expect(items.first?["count"] == 1, "what is made again is asked for again")
        let changed = try await server.send(
            TestRequest(.patch, "/v1/subscriptions/s", json: ["doors": ["side"]]))
        #expect(changed.status == 200)
        #expect(try await attention(server) == [])
    }

    @Test func subscriptionToDeletedPanelsIsReported() async throws {
        let server = try await TestServer()
        for id in (0..<7).map({ "p\($0)" }) {
            let panel: JSON = ["id": .string(id), "organization": "acme", "name": "P"]
            #expect(try await server.post("/v1/panels", panel).status == 201)
        }
        let scope = JSON.array((0..<7).map { .string("p\($0)") })
        let made = try await server.post(
            "/v1/subscriptions",
            [
                "id": "s", "name": "the s", "organization": "acme", "dialect": "plain", "url": "https://r.example/in",
                "scope": scope,
            ])
        #expect(made.status == 201)
        for id in 0..<7 { #expect(try await server.send(TestRequest(.delete, "/v1/panels/p\(id)")).status == 204) }
        let item = try #require(try await attention(server).first)
        let sentence = item["sentence"]?.text ?? ""
        #expect(
            sentence.contains("panels that are not there: p0, p1, p2, p3, p4 and 2 more; it is told nothing of any"))
        #expect(item["count"] == 7, "\(sentence)")
        let inactive = try await server.send(TestRequest(.patch, "/v1/subscriptions/s", json: ["active": false]))
        #expect(inactive.status == 200)
        #expect(try await attention(server) == [], "what was switched off asks for nothing")
    }

    @Test func deliveryOfAnExpiredSubscriptionIsReportedWithAStepThatEndsIt() async throws {
        let server = try await TestServer()
        try await server.subscribe("over")
        for number in 1...2 {
            let delivery = try #require(try await server.keep(server.event(number), owedTo: ["over"]).first)
            try await server.settle(delivery, .cancelled(.subscriptionExpired))
        }
        let items = try await attention(server)
        try #require(items.count == 1)
        #expect(items[0]["sentence"]?.text?.hasPrefix("the over ended while deliveries were owed to it") == true)
        #expect(items[0]["count"] == 2 && items[0]["next"]?.text == "gatehouse subscriptions show over")
    }

    @Test func longWaitOrPauseWithAlarmsIsReported() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock)
        for id in ["paused", "slow", "resting"] { try await server.subscribe(id) }
        for id in ["paused", "resting"] {
            let present = try #require(server.parts.subscriptions.index[SubscriptionID(id)])
            _ = try await server.change(present, hold: .paused)
        }
        let taken = clock.now
        for (place, (id, kind)) in [("paused", Kind.doorForced), ("slow", .doorOpened), ("resting", .doorOpened)]
            .enumerated()
        {
            for number in 1...2 {
                let event = server.event(10 * place + number, kind, received: taken)
                let delivery = try #require(try await server.keep(event, owedTo: [id]).first)
                try await server.settle(delivery, .handedBack(due: taken))
            }
        }
        #expect(try await attention(server).compactMap { $0["subject"]?.text } == ["subscriptions/paused"])
        clock.advance(by: Trouble.patience)
        let items = try await attention(server)
        try #require(items.compactMap { $0["subject"]?.text } == ["subscriptions/paused", "subscriptions/slow"])
        #expect(items.map { $0["urgent"] } == [true, false] && items.map { $0["count"] } == [2, 2])
        #expect(items[0]["next"] == "gatehouse subscriptions resume paused")
        #expect(items[1]["next"] == "gatehouse subscriptions show slow")
    }

    /// The certificate's end and guesses at keys concern the machine, so only keys above all trees see them.
    @Test func gatewaysOwnTroublesAreReportedToKeysAboveAllTrees() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock)
        server.api.state.certificateEnds.update { $0 = clock.now + Status.certificateNotice + .seconds(1) }
        #expect(try await attention(server) == [])
        clock.advance(by: .seconds(1))
        let soon = try #require(try await attention(server).first)
        #expect(soon["subject"] == "certificate" && soon["urgent"] == false)
        #expect(
            soon["since"]?.text == RFC3339.text(clock.now), "since when it needs attention, not until when it lasts")
        #expect(soon["sentence"]?.text?.contains("own certificate expires on ") == true)
        #expect(try await attention(server, try await server.credential(.reporter)) == [])
        clock.advance(by: Status.certificateNotice)
        let over = try #require(try await attention(server).first)
        #expect(over["urgent"] == true && over["sentence"]?.text?.contains("expired on ") == true)
    }

    @Test func guessesAreCountedByTheHour() {
        var hours = GuessHours()
        let start = Instant(seconds: 3600 * 100)
        for second in 0..<30 { hours.count(at: start + .seconds(second)) }
        hours.turn(at: start + .seconds(3600))
        #expect(hours.now == 0 && hours.before == 30)
        hours.turn(at: start + .seconds(7200))
        #expect(hours.before == 0)
        hours.count(at: start)
        #expect(hours.now == 1 && hours.before == 0)
    }

    /// Alarms that a subscription asks for and its contract cannot send, until a day after the last of them.
    @Test func unsentAlarmIsReportedUntilADayAfterTheLast() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock)
        for (id, organization) in [("mute", "acme"), ("theirs", "other")] {
            try await server.subscribe(id, of: organization)
        }
        let now = clock.now
        for (number, age) in [7200, 600, 60].enumerated() {
            let at = now - .seconds(age)
            let event = server.event(number, .deviceTampered, received: at)
            var entry = Entry(AdmittedEvent(event: event, digest: [UInt8](repeating: 7, count: 32)), owed: [])
            entry.untold = ["mute", "theirs"].map {
                UntoldAlarm(to: SubscriptionID($0), .deviceTampered, lacking: ["door_id"], at: at)
            }
            _ = try await server.store.append([entry], by: server.intake.incarnation)
        }
        let item = try #require(try await attention(server, try await server.credential(.reporter)).first)
        #expect(item["subject"] == "subscriptions/mute" && item["count"] == 3 && item["urgent"] == true)
        #expect(item["kind"] == "device.tampered" && item["lacking"] == ["door_id"])
        #expect(item["last"]?.text == RFC3339.text(now - .seconds(60)))
        #expect(item["since"]?.text == RFC3339.text(now - .seconds(7200)))
        let sentence = item["sentence"]?.text ?? ""
        for word in ["the mute", "device.tampered", "door_id", RFC3339.text(now - .seconds(60))] {
            #expect(sentence.contains(word), "\(sentence)")
        }
        #expect(try await attention(server).count == 2, "a key above the trees sees all")
        clock.advance(by: .seconds(86_400 - 60))
        #expect(try await attention(server).count == 2)
        clock.advance(by: .seconds(1))
        #expect(try await attention(server) == [])
    }

    /// No tenant sees another tenant's trouble, and only keys above all trees see the machine's.
    @Test func statusIsLimitedToTheKeysOrganizations() async throws {
        let server = try await TestServer()
        for (first, (id, organization)) in [("mine", "acme"), ("theirs", "other")].enumerated() {
            try await server.subscribe(id, of: organization)
            try await server.fail(id, times: HealthRule.failures, of: organization, from: 10 * first)
        }
        server.parts.isDiskFilling.update { $0 = true }
        #expect(
            try await attention(server).compactMap { $0["subject"]?.text }.sorted() == [
                "store", "subscriptions/mine", "subscriptions/theirs",
            ])
        let reporter = try await server.credential(.reporter)
        #expect(try await attention(server, reporter).compactMap { $0["subject"]?.text } == ["subscriptions/mine"])
        #expect(try await attention(server, TestServer.admin, "?organization=other").count == 1)
        try await server.get("/v1/status?organization=other", reporter).expectProblem(404)
        try await server.get("/v1/status", try await server.credential(.source)).expectProblem(403)
    }
}
