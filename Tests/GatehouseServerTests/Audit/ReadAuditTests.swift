import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// A caller who reads more than every key may read is audited: one line for each key, kind of data, and hour.
@Suite struct ReadAuditTests {
    private func reads(_ server: TestServer) async throws -> [JSON] {
        try await server.get("/v1/audit").items.filter { $0["deed"] == "read" }
    }

    private func key(_ server: TestServer, _ level: PrivacyLevel) async throws -> String {
        var random = SystemRandomNumberGenerator()
        let credential = Credential(using: &random)
        var key = Key(
            credential, name: "reader", role: .admin, organization: OrganizationID("acme"),
            created: server.parts.clock.now)
        key.privacyLevel = level
        try await server.parts.keys.apply(Change(.add, .key(key)), through: server.intake)
        return credential.text
    }

    /// An event with two deliveries; the first was answered with a person's name. Returns the event.
    @discardableResult
    private func setUp(_ server: TestServer) async throws -> EventID {
        for id in ["named", "silent"] { try await server.subscribe(id) }
        let event = server.event(1)
        for (id, excerpt) in zip(try await server.keep(event, owedTo: ["named", "silent"]), ["Ana Reis, no", ""]) {
            let answer = Outcome.Answer(status: 500, excerpt: Array(excerpt.utf8))
            var attempt = Attempt(
                number: 1, started: server.parts.clock.now, duration: .zero, outcome: .answered(answer), headers: [:])
            attempt.privacyLevel = .noPersons
            try await server.settle(id, .verdict(.dueAgain(at: server.parts.clock.now)), attempt)
        }
        return event.id
    }

    @Test func readingEverythingIsOneLineForEachKeyAndHour() async throws {
        let clock = ManualClock(at: Instant(seconds: 1_773_216_000))
        let server = try await TestServer(clock: clock)
        let event = try await setUp(server)
        let (first, second) = (try await key(server, .everything), try await key(server, .everything))
        for _ in 0..<3 { #expect(try await server.get("/v1/events/\(event)", first).status == 200) }
        #expect(try await server.get("/v1/events", first).status == 200)
        #expect(try await server.get("/v1/events", second).status == 200)
        #expect(try await server.get("/v1/events", key(server, .noCredentials)).status == 200)
        #expect(try await server.get("/v1/events/\(event)").status == 200)
        let lines = try await reads(server)
        #expect(lines.count == 2)
        let line = try #require(lines.first { $0["key"]?.text == Credential.keyID(in: first)?.text })
        #expect(line["details"]?["count"] == 4 && line["details"]?["what"] == "level-0" && line["subject"] == "event")
        #expect(line["organization"] == "acme" && line["user"]?["firstName"] == "reader")
        for _ in 0..<2 { _ = try await server.get("/v1/events", first) }
        clock.advance(by: .seconds(3600))
        _ = try await server.get("/v1/events", first)
        #expect(try await reads(server).compactMap { $0["details"]?["count"]?.integer }.sorted() == [1, 1, 2, 4])
    }

    @Test func shownAnswerOfAReceiverIsAudited() async throws {
        let server = try await TestServer()
        try await setUp(server)
        #expect(try await server.get("/v1/deliveries").status == 200)
        #expect(try await server.get("/v1/deliveries/1-2").status == 200)
        #expect(try await reads(server).isEmpty, "there was nothing to read")
        #expect(try await server.get("/v1/deliveries/1-1", key(server, .everything)).json?["attempts"] != nil)
        #expect(try await reads(server).isEmpty == false)
    }

    @Test func shownDataOfAPersonIsAuditedByThePersonsID() async throws {
        let server = try await TestServer()
        let path = "/v1/persons/31/erase?organization=acme"
        #expect(try await server.post(path + "&dryRun=true", [:]).status == 202)
        #expect(try await server.get(path).status == 200)
        let lines = try await reads(server)
        #expect(lines.count == 1 && lines.first?["id"] == "31" && lines.first?["subject"] == "person")
        #expect(lines.first?["details"]?["count"] == 2)
    }

    @Test func revealedSecretIsAuditedWithoutItsValue() async throws {
        let server = try await TestServer()
        for id in ["s1", "s2"] {
            let made = try await server.post(
                "/v1/subscriptions",
                [
                    "name": "S", "organization": "acme", "dialect": "plain", "url": "https://r.example/?token=t0p",
                    "id": .string(id),
                ])
            #expect(made.status == 201, "\(made.text)")
        }
        for path in ["/v1/subscriptions/s1", "/v1/subscriptions/s1", "/v1/subscriptions/s2", "/v1/doors/d-acme"] {
            var request = TestRequest(.get, path + "?reveal=true")
            request.address = "192.0.2.7"
            #expect(try await server.send(request).status == 200, "\(path)")
        }
        let lines = try await reads(server)
        let told = lines.map { "\($0["subject"]?.text ?? "") \($0["id"]?.text ?? "")" }
        #expect(Set(told) == ["subscription s1", "subscription s2", "door d-acme"] && lines.count == 3)
        for line in lines {
            #expect(line["key"] == "key_configuration" && line["details"]?["what"] == "reveal")
            #expect(line["clientInfo"]?["ipAddress"] == "192.0.2.7", "\(line)")
            #expect(line["details"]?["count"] == (line["id"] == "s1" ? 2 : 1))
        }
        #expect(!lines.contains { $0.compact.contains("t0p") })
    }
}
