import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// Erasures of persons: who may request them, where, and what is audited.
@Suite struct PersonRouteTests {
    private static let path = "/v1/persons/31/erase"

    @Test func erasureIsStoredAuditedAndShown() async throws {
        let server = try await TestServer()
        let owner = Key.Owner(id: "31", firstName: "Ana", lastName: "Reis", email: "ana@example.com")
        let key = Credential.keyID(in: try await server.credential(.reporter, of: "acme-north", owner: owner))
        let elsewhere = try await server.credential(.reporter, of: "other", owner: owner)
        let admin = try await server.credential(.admin)
        for number in 1...3 { try await server.keep(server.event(number)) }
        let wish = try await server.post(Self.path + "?organization=acme", [:], admin)
        #expect(wish.status == 202 && wish.json?["state"] == "running" && wish.json?["dryRun"] == false)
        #expect(wish.json?["keys"] == [.string(key?.text ?? "")], "and not \(elsewhere)")
        let erasure = try #require(try await server.store.erasures().first)
        #expect(erasure.wish.organizations == [OrganizationID("acme"), OrganizationID("acme-north")])
        let again = try await server.post(Self.path + "?organization=acme", [:], admin)
        #expect(again.status == 202)
        #expect(try await server.store.erasures().count == 1)
        let line = try #require(try await server.audit().last)
        #expect(line.action == .erase && line.sort == .person && line.id == "31")
        #expect(
            line.organization == OrganizationID("acme") && !String(decoding: line.stored, as: UTF8.self).contains("Ana")
        )
        #expect(try await server.audit().count { $0.action == .erase } == 1)
        let shown = try await server.get(Self.path + "?organization=acme", admin)
        #expect(shown.status == 200 && shown.json?["person"] == "31" && shown.json?["upTo"] == 3)
    }

    @Test func dryRunIsNotAudited() async throws {
        let server = try await TestServer()
        let answer = try await server.post(Self.path + "?organization=acme&dryRun=true", [:])
        #expect(answer.status == 202 && answer.json?["dryRun"] == true)
        #expect(try await server.audit().isEmpty)
    }

    /// As other operations have it, in the body; also in the query.
    @Test func dryRunIsSaidInTheBodyOrTheQuery() async throws {
        let server = try await TestServer()
        let path = Self.path + "?organization=acme"
        let dry: [(query: String, body: JSON)] = [("", true), ("&dryRun=true", .null), ("&dryRun=true", true)]
        for (query, body) in dry {
            let answer = try await server.post(path + query, ["dryRun": body])
            #expect(answer.status == 202 && answer.json?["dryRun"] == true, "\(query): \(answer.text)")
        }
        #expect(try await server.audit().isEmpty)
        let both = try await server.post(path + "&dryRun=false", ["dryRun": true])
        both.expectProblem(422, "contradiction", field: "dryRun")
        try await server.post(path, ["dryrun": true]).expectProblem(422, "unknown-field", field: "dryrun")
        try await server.post(path, ["dryRun": 1]).expectProblem(422, field: "dryRun")
        try await server.send(TestRequest(.post, path, type: "application/json", "[]")).expectProblem(400)
        #expect(try await server.audit().isEmpty)
        let plain = try await server.send(TestRequest(.post, path))
        #expect(plain.status == 202 && plain.json?["dryRun"] == false)
    }

    @Test func meaninglessValueIsRefused() async throws {
        let server = try await TestServer()
        try await server.post(Self.path, [:]).expectProblem(422, "missing-field", field: "organization")
        try await server.post(Self.path + "?organization=acme&dryRun=1", [:]).expectProblem(422, field: "dryRun")
        let admin = try await server.credential(.admin)
        try await server.post(Self.path + "?organization=other", [:], admin).expectProblem(404)
        try await server.get(Self.path + "?organization=acme", admin).expectProblem(404)
        #expect(try await server.store.erasures().isEmpty)
    }

    @Test func eventInMemoryIsBlankedFromTheAnswerOn() async throws {
        let server = try await TestServer()
        _ = try await server.post(Self.path + "?organization=acme", [:])
        var parts = Event.Parts(
            id: EventID(high: 1, low: 2), kind: .accessGranted, organization: OrganizationID("acme-north"),
            received: server.parts.clock.now)
        parts.data = ["person": ["id": "31", "firstName": "Ana"]]
        #expect(server.parts.erasures.present(Event(parts)).data == ["person": ["id": "31"]])
    }
}
