import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// Subscriptions: created with a secret that is shown once, updated, held, deleted, and hidden from others.
@Suite struct SubscriptionRouteTests {
    private static func body(_ more: [(String, JSON)] = []) -> JSON {
        var object = JSONObject([
            .init("name", "Ours"), .init("dialect", "plain"), .init("url", "https://receiver.example/in"),
            .init("organization", "acme"),
        ])
        for (key, value) in more { object[key] = value }
        return .object(object)
    }

    private func make(_ server: TestServer, _ more: [(String, JSON)] = []) async throws -> String {
        let made = try await server.post("/v1/subscriptions", Self.body(more))
        #expect(made.status == 201, "\(made.text)")
        return try #require(made.json?["id"]?.text)
    }

    private func patch(_ server: TestServer, _ id: String, _ body: JSON) async throws -> TestAnswer {
        try await server.send(TestRequest(.patch, "/v1/subscriptions/\(id)", json: body))
    }

    @Test func makerOfASubscriptionIsStored() async throws {
        let server = try await TestServer()
        let program = try await server.credential(.manager)
        let ana = Key.Owner(id: "u1", firstName: "Ana", lastName: "Reis", email: "ana@example.com")
        let person = try await server.credential(.manager, owner: ana)
        let byProgram = try await server.post("/v1/subscriptions", Self.body(), program)
        #expect(byProgram.json?["createdBy"]?.text == Credential.keyID(in: program)?.text)
        let byPerson = try await server.post("/v1/subscriptions", Self.body(), person)
        #expect(byPerson.json?["createdBy"] == "u1")
        let kept = try await SubscriptionRegistry(
            opening: server.store, dialects: server.parts.dialects, notifier: LocalNotifier())
        #expect(Set(kept.index.all.compactMap(\.maker)).contains("u1"))
    }

    /// What callers do with subscriptions goes the way of every other change: one change with its audit entry.
    @Test func everyChangeIsCommittedWithItsAuditEntry() async throws {
        let server = try await TestServer()
        let made = try await server.post("/v1/subscriptions", Self.body())
        let path = "/v1/subscriptions/\(try #require(made.json?["id"]?.text))"
        _ = try await server.send(TestRequest(.patch, path, json: ["name": "Other"]))
        for word in ["pause", "resume", "rotate-secret"] { _ = try await server.post("\(path)/\(word)", [:]) }
        _ = try await server.send(TestRequest(.delete, path))
        let changes = server.intake.changes.value
        #expect(changes.map(\.action) == [.add, .change, .change, .change, .change, .remove])
        #expect(changes.map(\.audited?.action) == [.add, .change, .pause, .resume, .rotateSecret, .remove])
        for (revision, change) in changes.enumerated() {
            guard case .subscription(let stored) = change.subject else {
                Issue.record("no change of a subscription: \(change.subject)")
                continue
            }
            #expect(change.audited?.id == stored.identity.id.text)
            #expect(stored.revision == Int64(change.action == .remove ? revision : revision + 1))
            #expect((stored.deleted != nil) == (change.action == .remove))
        }
    }

    @Test func secretIsShownOnce() async throws {
        let server = try await TestServer()
        let made = try await server.post("/v1/subscriptions", Self.body())
        let id = try #require(made.json?["id"]?.text)
        let secret = try #require(made.json?["secret"]?.text)
        #expect(made.status == 201)
        #expect(made.headers[.location] == "/v1/subscriptions/\(id)")
        #expect(made.json?["hold"] == "none")
        #expect(made.json?["active"] == true)
        for path in ["/v1/subscriptions", "/v1/subscriptions/\(id)"] {
            let shown = try await server.get(path)
            #expect(shown.status == 200)
            #expect(!shown.text.contains(secret))
            #expect(!shown.text.contains("secret"))
        }
        for answer in [
            try await patch(server, id, ["name": "Other"]), try await server.post("/v1/subscriptions/\(id)/pause", [:]),
            try await server.post("/v1/subscriptions/\(id)/resume", [:]),
        ] {
            #expect(answer.status == 200)
            #expect(!answer.text.contains(secret))
        }
    }

    @Test func subscriptionIsShownAndListedWithItsHealth() async throws {
        let server = try await TestServer()
        let id = try await make(server)
        let fresh = try await server.get("/v1/subscriptions/\(id)").json?["health"]
        #expect(fresh?["state"] == "idle" && fresh?["lastOutcome"] == .null && fresh?["since"] == .null)
        for (number, kind) in [Kind.doorOpened, .doorOpened, .doorOpened, .doorForced, .doorForced].enumerated() {
            let delivery = try #require(try await server.keep(server.event(number, kind), owedTo: [id]).first)
            let due = server.parts.clock.now + .seconds(60)
            let next = number < 4 ? Verdict.dueAgain(at: due) : .dead(.exhausted)
            try await server.settle(delivery, .verdict(next), server.attempt(1))
        }
        let reporter = try await server.credential(.reporter)
        let shown = try await server.get("/v1/subscriptions/\(id)", reporter).json?["health"]
        let listed = try await server.get("/v1/subscriptions", reporter).items.first?["health"]
        #expect(shown == listed)
        #expect(
            shown == [
                "state": "failing", "since": "2026-03-11T08:15:30.000Z", "resting": false,
                "nextTry": "2026-03-11T08:16:30.000Z",
                "consecutiveFailures": 5, "lastDelivered": nil, "lastOutcome": ["outcome": "rejected", "status": 503],
                "waiting": 4, "dead": 1, "oldest": "2026-03-11T08:15:30.000Z", "dropped": 0, "cancelled": 0,
            ])
        server.parts.resting.set(SubscriptionID(id), until: server.parts.clock.now + .seconds(90))
        let resting = try await server.get("/v1/subscriptions/\(id)").json?["health"]
        #expect(resting?["resting"] == true && resting?["nextTry"] == "2026-03-11T08:17:00.000Z", "\(resting ?? .null)")
        _ = try await server.post("/v1/subscriptions/\(id)/pause", [:])
        let held = try await server.get("/v1/subscriptions/\(id)").json?["health"]
        #expect(held?["state"] == "held" && held?["nextTry"] == .null && held?["dead"] == 1)
        #expect(held?["resting"] == false)
    }

    @Test func testAnswersWithItsOutcome() async throws {
        let server = try await TestServer()
        let id = try await make(server)
        let path = "/v1/subscriptions/\(id)/test"
        let answer = try await server.post(path, [:], try await server.credential(.manager))
        #expect(answer.status == 200)
        #expect(answer.json?["event"]?.text.flatMap { EventID($0) } != nil)
        #expect(answer.json?["attempt"]?["outcome"] == "unreachable")
        #expect(answer.json?["attempt"]?["sentence"] == "no program is there")
        #expect(try await server.taken().isEmpty, "a test is no event that was taken")
        try await server.post(path, [:], try await server.credential(.reporter)).expectProblem(403)
        try await server.post(path, [:], try await server.credential(.manager, of: "other")).expectProblem(404)
        try await server.post("/v1/subscriptions/nobody/test", [:]).expectProblem(404, "not-found")
    }

    @Test(
        arguments: [
            ["type": "basic", "user": "gate", "password": "hush-hush"], ["type": "bearer", "token": "hush-hush"],
        ] as [JSON])
    func passwordIsShownOnce(_ authentication: JSON) async throws {
        let server = try await TestServer()
        let made = try await server.post("/v1/subscriptions", Self.body([("authentication", authentication)]))
        #expect(made.json?["authentication"] == authentication)
        let id = try #require(made.json?["id"]?.text)
        for path in ["/v1/subscriptions", "/v1/subscriptions/\(id)"] {
            let shown = try await server.get(path)
            #expect(shown.text.contains("\"type\":\"\(authentication["type"]?.text ?? "")\""))
            #expect(!shown.text.contains("hush"))
        }
        #expect(!(try await patch(server, id, ["name": "Other"])).text.contains("hush"))
    }

    @Test func chosenIdentifierIsKeptAndUnique() async throws {
        let server = try await TestServer()
        #expect(try await make(server, [("id", "mine")]) == "mine")
        try await server.post("/v1/subscriptions", Self.body([("id", "mine")])).expectProblem(409, "conflict")
        try await server.post("/v1/subscriptions", Self.body([("id", "a b")])).expectProblem(422, field: "id")
    }

    private static let wrong: [(more: [(String, JSON)], slug: String, field: String)] = [
        ([("organization", "other2")], "unknown-organization", "organization"),
        ([("dialect", "latin")], "out-of-bounds", "dialect"), ([("url", "ftp://x")], "out-of-bounds", "url"),
        ([("url", "https://forbidden.example/")], "forbidden-target", "url"),
        ([("kinds", ["door.*", "nothing.such"])], "unknown-kind", "kinds"),
        ([("timeout", 5)], "out-of-bounds", "timeout"), ([("colour", "red")], "unknown-field", "colour"),
        ([("expiresAt", "1999-01-01T00:00:00Z")], "out-of-bounds", "expiresAt"),
        ([("authentication", ["type": "basic"])], "out-of-bounds", "authentication.user"),
        ([("tls", ["pin": "00"])], "not-built", "tls.pin"), ([("order", "door")], "not-built", "order"),
        ([("rate", 5)], "not-built", "rate"), ([("promise", "vendor")], "out-of-bounds", "promise"),
        ([("doors", ["d-other"])], "unknown-door", "doors"), ([("scope", ["p-other"])], "unknown-panel", "scope"),
    ]

    @Test(arguments: wrong)
    func wrongFieldIsNamed(more: [(String, JSON)], slug: String, field: String) async throws {
        let server = try await TestServer()
        try await server.post("/v1/subscriptions", Self.body(more)).expectProblem(422, slug, field: field)
        #expect(try await server.get("/v1/subscriptions").items.isEmpty)
    }

    @Test func foreignOrganizationIsRefusedLikeAnUnknownOne() async throws {
        let server = try await TestServer()
        let manager = try await server.credential(.manager)
        let foreign = try await server.post("/v1/subscriptions", Self.body([("organization", "other")]), manager)
        foreign.expectProblem(422, "unknown-organization", field: "organization")
        let unknown = try await server.post("/v1/subscriptions", Self.body([("organization", "never")]), manager)
        #expect(foreign.text.replacing("other", with: "never") == unknown.text)
    }

    @Test func foreignSubscriptionIsNotFound() async throws {
        let server = try await TestServer()
        let id = try await make(server)
        let foreign = try await server.credential(.manager, of: "other")
        let below = try await server.credential(.manager, of: "acme-north")
        for credential in [foreign, below] {
            for request in [
                TestRequest(.get, "/v1/subscriptions/\(id)", credential),
                TestRequest(.patch, "/v1/subscriptions/\(id)", credential, json: ["active": false]),
                TestRequest(.delete, "/v1/subscriptions/\(id)", credential),
                TestRequest(.post, "/v1/subscriptions/\(id)/pause", credential),
                TestRequest(.post, "/v1/subscriptions/\(id)/resume", credential),
            ] { try await server.send(request).expectProblem(404, "not-found") }
            #expect(try await server.get("/v1/subscriptions", credential).items.isEmpty)
        }
        #expect(try await server.get("/v1/subscriptions/\(id)").json?["active"] == true)
    }

    @Test func patchChangesOnlyNamedFields() async throws {
        let server = try await TestServer()
        let id = try await make(server, [("timeout", 5000)])
        let answer = try await patch(server, id, ["name": "Renamed", "kinds": ["door.*"]])
        #expect(answer.status == 200)
        #expect(answer.json?["name"] == "Renamed")
        #expect(answer.json?["timeout"]?.integer == 5000)
        #expect(try await server.get("/v1/subscriptions/\(id)").body == answer.body)
        try await patch(server, id, ["url": "https://forbidden.example/"]).expectProblem(
            422, "forbidden-target", field: "url")
        try await patch(server, id, ["dialect": "other"]).expectProblem(422, field: "dialect")
        try await patch(server, id, ["organization": "other"]).expectProblem(422, field: "organization")
        #expect(try await server.get("/v1/subscriptions/\(id)").body == answer.body)
    }

    @Test func patchMayBeAMergePatch() async throws {
        let server = try await TestServer()
        let id = try await make(server)
        let request = TestRequest(
            .patch, "/v1/subscriptions/\(id)", type: "application/merge-patch+json", #"{"name":"Renamed"}"#)
        #expect(try await server.send(request).json?["name"] == "Renamed")
    }

    @Test func deactivationCancelsWaitingDeliveries() async throws {
        let server = try await TestServer()
        let id = try await make(server)
        let delivery = try #require(try await server.keep(server.event(1), owedTo: [id]).first)
        try await server.settle(delivery, .handedBack(due: server.parts.clock.now))
        func state() async throws -> DeliveryState? { try await server.store.delivery(delivery)?.delivery.state }
        #expect(try await patch(server, id, ["name": "Still active"]).status == 200)
        #expect(try await state() == .waiting(until: server.parts.clock.now))
        #expect(try await patch(server, id, ["active": false]).json?["active"] == false)
        #expect(try await state() == .cancelled(.subscriptionInactive))
        let selections = server.gate.count(of: .moveSelection)
        #expect(try await patch(server, id, ["active": false]).status == 200)
        #expect(server.gate.count(of: .moveSelection) > selections, "what came meanwhile is looked for again")
    }

    @Test func deliveryOwedAfterAReactivationIsNotCancelled() async throws {
        let server = try await TestServer()
        let id = try await make(server)
        let isActiveAgain = Snapshot(false)
        server.gate.hold(.moveSelection) {
            guard !isActiveAgain.value else { return }
            isActiveAgain.update { $0 = true }
            _ = try? await patch(server, id, ["active": true])
            guard let owed = try? await server.keep(server.event(1), owedTo: [id]) else { return }
            for delivery in owed { try? await server.settle(delivery, .handedBack(due: server.parts.clock.now)) }
        }
        #expect(try await patch(server, id, ["active": false]).status == 200)
        #expect(isActiveAgain.value)
        server.gate.hold(.moveSelection) {}
        let owed = try await server.get("/v1/deliveries?subscription=\(id)").items
        #expect(owed.map { $0["state"] } == ["waiting"], "\(owed)")
    }

    @Test func newSecretOfTheStandardSignatureIsShown() async throws {
        let server = try await TestServer()
        let made = try await server.post(
            "/v1/subscriptions",
            [
                "name": "n", "dialect": "plain", "url": "https://a.example/", "organization": "acme",
                "standardSignature": true,
            ])
        let secret = try #require(made.json?["standardSecret"]?.text)
        #expect(made.status == 201 && secret.hasPrefix("whsec_") && made.json?["standardSignature"] == true)
        let path = "/v1/subscriptions/" + (try #require(made.json?["id"]?.text))
        let shown = try await server.get(path)
        #expect(shown.json?["standardSecret"] == nil && shown.json?["standardSignature"] == true)
        func patch(_ body: JSON) async throws -> TestAnswer {
            try await server.send(TestRequest(.patch, path, json: body))
        }
        #expect(try await patch(["name": "m"]).json?["standardSecret"] == nil, "it stays what it was")
        #expect(try await patch(["standardSignature": true]).json?["standardSecret"] == nil)
        #expect(try await patch(["standardSignature": false]).json?["standardSignature"] == false)
        let again = try await patch(["standardSignature": true]).json?["standardSecret"]?.text
        #expect(again?.hasPrefix("whsec_") == true && again != secret)
    }

    @Test func subscriptionIsPausedAndResumed() async throws {
        let server = try await TestServer()
        let id = try await make(server)
        for (action, hold) in [("pause", "paused"), ("pause", "paused"), ("resume", "none"), ("resume", "none")] {
            let answer = try await server.post("/v1/subscriptions/\(id)/\(action)", [:])
            #expect(answer.status == 200)
            #expect(answer.json?["hold"] == .string(hold))
        }
        let present = try #require(server.parts.subscriptions.index[SubscriptionID(id)])
        _ = try await server.change(present, hold: .disabled)
        let refused = try await server.post("/v1/subscriptions/\(id)/pause", [:])
        refused.expectProblem(409)
        #expect(refused.json?["detail"]?.text?.contains("Resume it or give it another URL") == true, "\(refused.text)")
        #expect(server.parts.subscriptions.index[SubscriptionID(id)]?.hold == .disabled)
        #expect(try await server.post("/v1/subscriptions/\(id)/resume", [:]).json?["hold"] == "none")
        #expect(server.parts.subscriptions.index[SubscriptionID(id)]?.isOpen == true)
    }

    @Test func deletedSubscriptionIsNotFound() async throws {
        let server = try await TestServer()
        let id = try await make(server)
        let gone = try await server.send(TestRequest(.delete, "/v1/subscriptions/\(id)"))
        #expect(gone.status == 204)
        #expect(gone.body.isEmpty)
        for request in [
            TestRequest(.get, "/v1/subscriptions/\(id)"), TestRequest(.delete, "/v1/subscriptions/\(id)"),
            TestRequest(.patch, "/v1/subscriptions/\(id)", json: [:]),
        ] { try await server.send(request).expectProblem(404) }
    }

    @Test func storeOutageChangesNothing() async throws {
        let server = try await TestServer()
        let id = try await make(server)
        let before = try await server.get("/v1/subscriptions/\(id)").body
        server.gate.goAway()
        try await patch(server, id, ["name": "X"]).expectProblem(503)
        try await server.post("/v1/subscriptions/\(id)/pause", [:]).expectProblem(503)
        try await server.send(TestRequest(.delete, "/v1/subscriptions/\(id)")).expectProblem(503)
        try await server.post("/v1/subscriptions", Self.body()).expectProblem(503)
        // It is still shown, without the data that only the store has.
        let away = try await server.get("/v1/subscriptions/\(id)").json
        #expect(away?["name"] == "Ours" && away?["health"] == nil)
        #expect(try await server.get("/v1/subscriptions").items.count == 1)
        server.gate.comeBack()
        #expect(try await server.get("/v1/subscriptions/\(id)").body == before)
    }
}
