import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// Two changes of one thing, to different fields, whose requests are both read before either is applied: both are
/// applied, and each has its own line of the audit.
@Suite struct ChangesAtOnceTests {
    /// One kind of resource: the path to create one, and two of its fields with new values.
    struct Noun: CustomTestStringConvertible, Sendable {
        let path: String
        let body: JSON
        let fields: [String: JSON]

        var testDescription: String { path }
    }

    private static let nouns = [
        Noun(
            path: "/v1/organizations", body: ["id": "made", "name": "A"],
            fields: ["name": "B", "timeZone": "Europe/Lisbon"]),
        Noun(
            path: "/v1/panels", body: ["id": "made", "organization": "acme", "name": "A"],
            fields: ["name": "B", "number": 9]),
        Noun(
            path: "/v1/doors", body: ["id": "made", "panel": "p-acme", "number": 5, "name": "A"],
            fields: ["name": "B", "attendance": true]),
        Noun(
            path: "/v1/keys", body: ["role": "manager", "organization": "acme", "name": "A"],
            fields: ["name": "B", "role": "reporter"]),
        Noun(
            path: "/v1/triggers", body: ["organization": "acme", "name": "A"],
            fields: ["name": "B", "active": false]),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: nouns)
    func changeDoesNotUndoAnotherChange(noun: Noun) async throws {
        let server = try await TestServer()
        let made = try await server.post(noun.path, noun.body)
        let path = "\(noun.path)/\(try #require(made.json?["id"]?.text))"
        let begun = Snapshot(0)
        // The first change waits in the store until the other one has read the same resource and waits for its turn.
        server.gate.hold(.applyChange) {
            while begun.value < noun.fields.count { await Task.yield() }
            for _ in 0..<2000 { await Task.yield() }
        }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for (name, value) in noun.fields {
                group.addTask {
                    begun.update { $0 += 1 }
                    return try await server.send(TestRequest(.patch, path, json: [name: value])).status
                }
            }
            for try await status in group { #expect(status == 200) }
        }
        let shown = try await server.get(path).json
        for (name, value) in noun.fields { #expect(shown?[name] == value, "\(name)") }
        try await expectOneLineEach(noun, path, server)
    }

    private func expectOneLineEach(_ noun: Noun, _ path: String, _ server: TestServer) async throws {
        let id = path.split(separator: "/").last.map(String.init)
        let lines = try await server.audit().filter { $0.id == id && $0.action == .change }
        let named = lines.map { $0.details["changed"]?.items?.compactMap(\.text) ?? [] }
        #expect(named.sorted { ($0.first ?? "") < ($1.first ?? "") } == noun.fields.keys.sorted().map { [$0] })
    }

    // MARK: Subscriptions

    private static let subscription = Noun(
        path: "/v1/subscriptions",
        body: [
            "id": "made", "organization": "acme", "name": "A", "dialect": "plain", "url": "https://a.example/in",
            "secret": "the-first-secret",
        ],
        fields: [
            "name": "B", "kinds": ["door.*"], "timeout": 5000, "concurrency": 4, "retries": [1, 2],
            "extraHeaders": false, "privacyLevel": 2, "doors": ["d-acme"],
        ])

    /// Sends requests whose first attempts all read the same revision: each write waits until as many have come, or
    /// until those that come again are alone.
    private func send(_ requests: [TestRequest], to server: TestServer) async throws -> [TestAnswer] {
        let begun = Snapshot(0)
        server.gate.hold(.changeSubscription) {
            begun.update { $0 += 1 }
            while begun.value < requests.count { await Task.yield() }
        }
        return try await withThrowingTaskGroup(of: TestAnswer.self) { group in
            for request in requests { group.addTask { try await server.send(request) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func madeSubscription(_ server: TestServer) async throws -> String {
        let made = try await server.post(Self.subscription.path, Self.subscription.body)
        try #require(made.status == 201, "\(made.text)")
        return Self.subscription.path + "/made"
    }

    @Test(.timeLimit(.minutes(1))) func changesOfOneSubscriptionAreAllMade() async throws {
        let server = try await TestServer()
        let path = try await madeSubscription(server)
        let requests = Self.subscription.fields.map { TestRequest(.patch, path, json: [$0.key: $0.value]) }
        for answer in try await send(requests, to: server) { #expect(answer.status == 200, "\(answer.text)") }
        let shown = try await server.get(path).json
        for (name, value) in Self.subscription.fields { #expect(shown?[name] == value, "\(name)") }
        try await expectOneLineEach(Self.subscription, path, server)
    }

    /// Changes, holds and rotations of one subscription.
    @Test(.timeLimit(.minutes(1))) func otherOperationsAtOnceAreAllMade() async throws {
        let server = try await TestServer()
        let path = try await madeSubscription(server)
        let requests = [
            TestRequest(.post, path + "/pause"), TestRequest(.post, path + "/rotate-secret", json: [:]),
            TestRequest(.post, path + "/rotate-secret", json: [:]),
            TestRequest(.patch, path, json: ["name": "B"]), TestRequest(.patch, path, json: ["timeout": 5000]),
        ]
        let answers = try await send(requests, to: server)
        for answer in answers { #expect(answer.status == 200, "\(answer.text)") }
        let shown = try await server.get(path).json
        #expect(shown?["hold"] == "paused" && shown?["name"] == "B" && shown?["timeout"] == 5000)
        let secrets = Set(answers.compactMap { $0.json?["secret"]?.text }.filter { $0.hasPrefix("plain-secret") })
        #expect(secrets.count == 2, "each rotation shows the secret that it made")
        let deeds = try await server.audit().filter { $0.id == "made" }.map(\.action)
        #expect(deeds.count { $0 == .rotateSecret } == 2 && deeds.count { $0 == .pause } == 1)
    }

    /// By a vendor's API, beside the native one.
    @Test(.timeLimit(.minutes(1))) func vendorsChangesAreAllMade() async throws {
        let server = try await TestServer()
        let path = try await madeSubscription(server)
        let requests = [
            TestRequest(.put, "/plain/acme/wishes", json: ["name": "B"]),
            TestRequest(.put, "/plain/acme/wishes", json: ["privacyLevel": 2]),
            TestRequest(.patch, path, json: ["timeout": 5000]),
        ]
        for answer in try await send(requests, to: server) {
            #expect(answer.status == 200 || answer.status == 204, "\(answer.text)")
        }
        let shown = try await server.get(path).json
        #expect(shown?["name"] == "B" && shown?["privacyLevel"] == 2 && shown?["timeout"] == 5000)
    }

    /// A caller to whom others are first in every turn is told so.
    @Test func changeIsGivenUpAfterItsTurns() async throws {
        let server = try await TestServer()
        let path = try await madeSubscription(server)
        server.gate.refuse(.changeSubscription, with: .conflict(index: nil, "changed meanwhile", field: nil))
        let before = server.gate.count(of: .changeSubscription)
        try await server.send(TestRequest(.patch, path, json: ["name": "B"])).expectProblem(409, "conflict")
        #expect(server.gate.count(of: .changeSubscription) - before == SubscriptionService.turns)
        server.gate.refuse(.changeSubscription, with: .missing)
        try await server.send(TestRequest(.patch, path, json: ["name": "B"])).expectProblem(404)
    }
}
