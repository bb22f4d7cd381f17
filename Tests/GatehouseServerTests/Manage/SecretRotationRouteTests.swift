import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// A new secret for a subscription: shown once, in force at the requested time.
@Suite struct SecretRotationRouteTests {
    private static let path = "/v1/subscriptions/ours/rotate-secret"
    private static let later = "2026-03-11T09:15:30.000Z"

    private func setUp(_ server: TestServer) async throws {
        let made = try await server.post(
            "/v1/subscriptions",
            [
                "id": "ours", "name": "Ours", "dialect": "plain", "url": "https://receiver.example/in",
                "organization": "acme", "secret": "the-first-secret",
            ])
        try #require(made.status == 201, "\(made.text)")
    }

    private func terms(_ server: TestServer) throws -> Terms {
        try #require(server.parts.subscriptions.index[SubscriptionID("ours")]).terms
    }

    @Test func newSecretIsShownOnceAndInForceAtOnce() async throws {
        let server = try await TestServer()
        try await setUp(server)
        let answer = try await server.post(Self.path, [:])
        #expect(answer.status == 200)
        let secret = try #require(answer.json?["secret"]?.text)
        #expect(secret.hasPrefix("plain-secret-") && answer.json?["id"] == "ours")
        #expect(try terms(server).secrets(at: server.parts.clock.now).map(\.revealed) == [secret])
        #expect(try await !server.get("/v1/subscriptions/ours").text.contains(secret))
        let entry = try await server.get("/v1/audit?limit=1")
        #expect(entry.items.first?["deed"] == "rotate-secret" && entry.items.first?["id"] == "ours")
        #expect(!entry.text.contains(secret))
    }

    @Test func secretOfTheStandardSignatureIsNotShownAgain() async throws {
        let server = try await TestServer()
        try await setUp(server)
        let patch = TestRequest(.patch, "/v1/subscriptions/ours", json: ["standardSignature": true])
        let made = try #require(try await server.send(patch).json?["standardSecret"]?.text)
        let answer = try await server.post(Self.path, [:])
        #expect(answer.json?["secret"]?.text != nil && !answer.text.contains(made))
    }

    @Test func oldSecretSignsUntilTheNewOneIsInForce() async throws {
        let server = try await TestServer()
        try await setUp(server)
        let end = try #require(EventTime(Self.later)).instant
        let answer = try await server.post(
            Self.path, ["secret": "the-second-secret", "effectiveAt": .string(Self.later)])
        #expect(answer.json?["secret"] == "the-second-secret")
        #expect(answer.json?["outgoingSecretUntil"]?.text == Self.later)
        #expect(try await server.get("/v1/subscriptions/ours").json?["outgoingSecretUntil"]?.text == Self.later)
        func inForce(_ now: Instant) throws -> [String] { try terms(server).secrets(at: now).map(\.revealed) }
        #expect(try inForce(end - .seconds(1)) == ["the-first-secret"])
        #expect(try inForce(end) == ["the-second-secret"])
        // Another rotation before that time: the first secret still signs, and the second one never does.
        _ = try await server.post(Self.path, ["secret": "the-third-secret", "effectiveAt": .string(Self.later)])
        #expect(try inForce(end - .seconds(1)) == ["the-first-secret"])
        #expect(try inForce(end) == ["the-third-secret"])
        let patch = TestRequest(.patch, "/v1/subscriptions/ours", json: ["secret": "the-fourth-secret"])
        #expect(try await server.send(patch).status == 200)
        #expect(try inForce(end - .seconds(1)) == ["the-fourth-secret"], "a change is in force at once")
        let renamed = TestRequest(.patch, "/v1/subscriptions/ours", json: ["name": "Other"])
        _ = try await server.post(Self.path, ["effectiveAt": .string(Self.later)])
        #expect(try await server.send(renamed).status == 200)
        #expect(try inForce(end - .seconds(1)) == ["the-fourth-secret"], "another field leaves it")
    }

    @Test func invalidFieldIsNamedAndChangesNothing() async throws {
        let server = try await TestServer()
        try await setUp(server)
        let before = try terms(server)
        for (body, slug, field) in [
            (["secret": "the-first-secret"], "out-of-bounds", "secret"), (["secret": 5], "wrong-type", "secret"),
            (["effectiveAt": "2026-03-11T08:15:30Z"], "out-of-bounds", "effectiveAt"),
            (["effectiveAt": "soon"], "out-of-bounds", "effectiveAt"), (["at": "now"], "unknown-field", "at"),
        ] as [(JSON, String, String)] {
            try await server.post(Self.path, body).expectProblem(422, slug, field: field)
        }
        #expect(try terms(server) == before)
        try await server.post("/v1/subscriptions/none/rotate-secret", [:]).expectProblem(404)
        let foreign = try await server.credential(.manager, of: "other")
        try await server.post(Self.path, [:], foreign).expectProblem(404)
    }
}
