import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// The audit: every change by any route, in the commit of the change; visible to the concerned keys; without secrets.
@Suite struct AuditRouteTests {
    /// The newest entry as `action subject id`.
    private func newest(_ server: TestServer) async throws -> JSON? {
        try await server.get("/v1/audit?limit=1").items.first
    }

    private func line(_ entry: JSON?) -> String {
        ["deed", "subject", "id"].map { entry?[$0]?.text ?? "?" }.joined(separator: " ")
    }

    /// A waiting delivery to a subscription.
    @discardableResult
    private func owe(_ number: Int, to subscription: String, in server: TestServer) async throws -> DeliveryID {
        let delivery = try #require(try await server.keep(server.event(number), owedTo: [subscription]).first)
        try await server.settle(delivery, .handedBack(due: server.parts.clock.now))
        return delivery
    }

    private static let subscription: JSON = [
        "id": "ours", "name": "Ours", "dialect": "plain", "url": "https://receiver.example/in", "organization": "acme",
        "secret": "a-secret-of-mine",
    ]

    /// Every call that changes something, with its audit line.
    private static let calls:
        [(method: HTTPRequest.Method, path: String, body: JSON?, line: String, changed: [String]?)] =
            [
                (.post, "/v1/organizations", ["id": "o", "name": "O", "parent": "acme"], "add organization o", nil),
                (.patch, "/v1/organizations/o", ["name": "P"], "change organization o", ["name"]),
                (.delete, "/v1/organizations/o", nil, "remove organization o", nil),
                (.post, "/v1/panels", ["id": "p", "organization": "acme", "name": "P"], "add panel p", nil),
                (.patch, "/v1/panels/p", ["number": 4, "timeZone": "UTC"], "change panel p", ["number", "timeZone"]),
                (.post, "/v1/doors", ["id": "d", "panel": "p", "number": 1, "name": "D"], "add door d", nil),
                (
                    .patch, "/v1/doors/d", ["driver": ["type": "paper", "colour": "a-secret-colour"]], "change door d",
                    ["driver"]
                ),
                (.delete, "/v1/doors/d", nil, "remove door d", nil),
                (.delete, "/v1/panels/p", nil, "remove panel p", nil),
                (.post, "/v1/subscriptions", subscription, "add subscription ours", nil),
                (
                    .patch, "/v1/subscriptions/ours", ["secret": "another-secret", "name": "Ours"],
                    "change subscription ours", ["secret"]
                ),
                (.post, "/v1/subscriptions/ours/pause", [:], "pause subscription ours", nil),
                (.post, "/v1/subscriptions/ours/resume", [:], "resume subscription ours", nil),
                (.post, "/v1/deliveries/{id}/retry", [:], "retry delivery {id}", nil),
                (.post, "/v1/deliveries/{id}/cancel", [:], "cancel delivery {id}", nil),
                (.delete, "/v1/subscriptions/ours", nil, "remove subscription ours", nil),
            ]

    @Test func everyChangeHasOneAuditEntry() async throws {
        let server = try await TestServer()
        var count = 0
        var owed = ""
        for call in Self.calls {
            let path = call.path.replacing("{id}", with: owed)
            var request = TestRequest(call.method, path)
            if let body = call.body { request = TestRequest(call.method, path, json: body) }
            request.address = "192.0.2.7"
            request.headers[.userAgent] = "curl/8"
            let answer = try await server.send(request)
            try #require((200..<300).contains(answer.status), "\(call.path): \(answer.text)")
            if call.line == "add subscription ours" { owed = try await owe(1, to: "ours", in: server).description }
            count += 1
            #expect(try await server.get("/v1/audit").items.count == count, "\(call.path)")
            let entry = try await newest(server)
            #expect(line(entry) == call.line.replacing("{id}", with: owed))
            #expect(entry?["details"]?["changed"]?.items?.compactMap(\.text) == call.changed, "\(call.path)")
            #expect(entry?["organization"] == "acme" || call.line.hasSuffix("organization o"))
            #expect(entry?["key"] == "key_configuration" && entry?["user"]?["id"] == "key_configuration")
            #expect(entry?["clientInfo"] == ["ipAddress": "192.0.2.7", "userAgent": "curl/8"])
            #expect(entry?["time"]?.text == RFC3339.text(server.parts.clock.now))
        }
        let whole = try await server.get("/v1/audit").text
        for secret in ["a-secret-of-mine", "another-secret", "a-secret-colour"] { #expect(!whole.contains(secret)) }
    }

    @Test func requestWithoutEffectHasNoAuditEntry() async throws {
        let server = try await TestServer()
        for (path, body) in [("/v1/organizations/acme", ["name": "acme"]), ("/v1/doors/d-acme", ["name": ""])]
            as [(String, JSON)]
        {
            _ = try await server.send(TestRequest(.patch, path, json: body))
        }
        _ = try await server.post("/v1/organizations", ["id": "acme", "name": "Again"])
        _ = try await server.send(TestRequest(.delete, "/v1/organizations/acme"))
        _ = try await server.get("/v1/doors")
        #expect(try await server.get("/v1/audit").items.isEmpty)
    }

    @Test func keysAndTriggersAreAuditedWithoutTheirSecrets() async throws {
        let server = try await TestServer()
        let made = try await server.post("/v1/keys", ["name": "K", "role": "reporter", "organization": "acme"])
        let id = try #require(made.json?["id"]?.text)
        #expect(line(try await newest(server)) == "add key \(id)")
        _ = try await server.send(TestRequest(.patch, "/v1/keys/\(id)", json: ["role": "manager", "rate": 5]))
        let changed = try await newest(server)
        #expect(line(changed) == "change key \(id)" && changed?["details"]?["changed"] == ["role", "rate"])
        _ = try await server.send(TestRequest(.delete, "/v1/keys/\(id)"))
        #expect(line(try await newest(server)) == "remove key \(id)")
        let trigger = try await server.post("/v1/triggers", ["name": "T", "organization": "acme"])
        let name = try #require(trigger.json?["id"]?.text)
        #expect(line(try await newest(server)) == "add trigger \(name)")
        let secret = try #require(made.json?["key"]?.text?.split(separator: "_").last)
        let url = try #require(trigger.json?["url"]?.text?.split(separator: "/").last)
        let whole = try await server.get("/v1/audit").text
        #expect(!whole.contains(secret) && !whole.contains(url))
    }

    @Test func vendorsClientsAreAuditedToo() async throws {
        let server = try await TestServer()
        let ana = Key.Owner(id: "u1", firstName: "Ana", lastName: "Reis", email: "ana@example.com")
        let credential = try await server.credential(.manager, owner: ana)
        let id = try #require(Credential.keyID(in: credential))
        let token = try #require(
            try await server.get("/plain/login?user=\(id)&password=\(credential)", nil).json?.text)
        let login = try await newest(server)
        #expect(line(login) == "add session \(id)" && login?["organization"] == "acme")
        _ = try await server.get("/plain/login?user=\(id)&password=wrong", nil)
        #expect(line(try await newest(server)) == "prove-failed interface login")
        let wish: JSON = ["name": "Ours", "url": "https://receiver.example/in"]
        let made = try await server.post("/plain/acme/wishes", wish, token)
        let subscription = try #require(made.json?["made"]?.text)
        let added = try await newest(server)
        #expect(line(added) == "add subscription \(subscription)" && added?["key"]?.text == id.text)
        #expect(added?["user"] == ["id": "u1", "firstName": "Ana", "lastName": "Reis"])
        _ = try await server.send(TestRequest(.delete, "/plain/acme/wishes", token))
        #expect(line(try await newest(server)) == "remove subscription \(subscription)")
        let whole = try await server.get("/v1/audit")
        #expect(whole.items.count == 5 && !whole.text.contains(token))
        #expect(whole.items.map(line).contains("accept key \(id)"), "and that it was used for the first time")
        #expect(whole.items.map(line).contains("prove-failed interface login"))
    }

    @Test func callerThatUnlocksIsAudited() async throws {
        let server = try await TestServer()
        #expect(try await server.post("/v1/doors/d-acme/unlock", [:]).status == 200)
        #expect(server.commander.askers.first?.actor?.key == "key_configuration")
    }

    // MARK: Reading

    @Test func keySeesTheEntriesOfItsOrganizations() async throws {
        let server = try await TestServer()
        let own = try await server.credential(.admin)
        for (id, name) in [("acme", "A"), ("acme-north", "N"), ("other", "O")] {
            _ = try await server.send(TestRequest(.patch, "/v1/organizations/\(id)", json: ["name": .string(name)]))
        }
        func ids(_ path: String, _ credential: String) async throws -> [String] {
            try await server.get(path, credential).items.compactMap { $0["id"]?.text }
        }
        #expect(try await ids("/v1/audit", TestServer.admin) == ["other", "acme-north", "acme"])
        #expect(try await ids("/v1/audit", own) == ["acme-north", "acme"])
        #expect(try await ids("/v1/audit?organization=acme-north", own) == ["acme-north"])
        try await server.get("/v1/audit?organization=other", own).expectProblem(404)
        // The gateway no longer knows the subscription, although the store has deliveries of it.
        let gone = StoredSubscription(
            identity: .init(
                id: SubscriptionID("gone"), organization: OrganizationID("acme"), created: server.parts.clock.now),
            terms: Array("{}".utf8), hold: .none, revision: 1)
        try await server.store.add(gone)
        let id = try await owe(1, to: "gone", in: server)
        #expect(try await server.post("/v1/deliveries/\(id)/cancel", [:]).status == 200)
        #expect(try await ids("/v1/audit", own).count == 2, "of what belongs nowhere any more only those above hear")
    }

    @Test func pagesAndTimesLimitTheAudit() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock)
        let began = clock.now
        for number in 0..<5 {
            let name = JSON.string("A\(number)")
            _ = try await server.send(TestRequest(.patch, "/v1/organizations/acme", json: ["name": name]))
            clock.advance(by: .seconds(1))
        }
        var numbers: [Int64] = []
        var path = "/v1/audit?limit=2"
        for _ in 0..<3 {
            let page = try await server.get(path)
            numbers += page.items.compactMap { $0["number"]?.integer }
            guard let next = page.json?["next"]?.text else { break }
            path = "/v1/audit?limit=2&cursor=\(next)"
        }
        #expect(numbers == [5, 4, 3, 2, 1])
        let (since, until) = (RFC3339.text(began + .seconds(1)), RFC3339.text(began + .seconds(3)))
        let cut = try await server.get("/v1/audit?since=\(since)&until=\(until)")
        #expect(cut.items.compactMap { $0["number"]?.integer } == [3, 2])
    }

    @Test func proofIsAnswered() async throws {
        let server = try await TestServer()
        let proof = try await server.get("/v1/audit/proof")
        #expect(
            proof.json?["intact"] == true && proof.json?["known"] == JSON.null && proof.json?["broken"] == JSON.null)
        for field in ["from", "fromTime", "to", "toTime"] { #expect(proof.json?[field] == JSON.null) }
        #expect(proof.json?["missing"] == 0)
        let warning = try #require(proof.json?["warnings"]?.items?.first?.text)
        #expect(warning.hasPrefix("9 things exist though no entry says who made it"), "\(warning)")
        _ = try await server.send(TestRequest(.patch, "/v1/organizations/acme", json: ["name": "A"]))
        let head = try #require(try await server.get("/v1/audit/proof").json?["head"]?.text)
        #expect(try await server.get("/v1/audit/proof?known=\(head)").json?["known"] == true)
        let other = String(repeating: "0", count: 64)
        #expect(try await server.get("/v1/audit/proof?known=\(other)").json?["intact"] == false)
    }
}
