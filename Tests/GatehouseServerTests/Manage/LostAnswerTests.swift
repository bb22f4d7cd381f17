import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// A change whose answer the store lost: the caller gets 503, but the change is stored. The gateway applies it at once,
/// and not only after the next start.
@Suite struct LostAnswerTests {
    /// One kind of resource of the API: how one is created, and a change of it.
    struct Noun: CustomTestStringConvertible, Sendable {
        let path: String
        let body: JSON
        let change: JSON

        var testDescription: String { path }
    }

    private static let nouns = [
        Noun(path: "/v1/organizations", body: ["id": "made", "name": "A"], change: ["name": "B"]),
        Noun(path: "/v1/panels", body: ["id": "made", "organization": "acme", "name": "A"], change: ["name": "B"]),
        Noun(
            path: "/v1/doors", body: ["id": "made", "panel": "p-acme", "number": 5, "name": "A"],
            change: ["name": "B"]),
        Noun(path: "/v1/keys", body: ["role": "reporter", "organization": "acme", "name": "A"], change: ["name": "B"]),
        Noun(path: "/v1/triggers", body: ["organization": "acme", "name": "A"], change: ["name": "B"]),
        Noun(
            path: "/v1/subscriptions",
            body: [
                "id": "made", "organization": "acme", "name": "A", "dialect": "plain",
                "url": "https://receiver.example/in",
            ], change: ["name": "B"]),
    ]

    private static let changes: Set<StoreOperation> = [
        .applyChange, .append, .addSubscription, .changeSubscription, .deleteSubscription,
    ]

    private static func names(_ noun: Noun, _ server: TestServer) async throws -> [String: String] {
        let items = try await server.get("\(noun.path)?limit=100").items
        return Dictionary(
            items.compactMap { item in item["id"]?.text.map { ($0, item["name"]?.text ?? "") } },
            uniquingKeysWith: { first, _ in first })
    }

    @Test(arguments: nouns)
    func changeIsKnownAtOnceAfterALostAnswer(noun: Noun) async throws {
        let server = try await TestServer()
        let before = try await Self.names(noun, server)
        server.gate.fail(call: 1, .after, of: Self.changes)
        #expect(try await server.post(noun.path, noun.body).status == 503)
        server.gate.rest()
        let made = try await Self.names(noun, server)
        let id = try #require(made.keys.first { before[$0] == nil }, "\(made)")
        let path = "\(noun.path)/\(id)"

        server.gate.fail(call: 1, .after, of: Self.changes)
        #expect(try await server.send(TestRequest(.patch, path, json: noun.change)).status == 503)
        server.gate.rest()
        #expect(try await Self.names(noun, server)[id] == "B")
        let again = try await server.send(TestRequest(.patch, path, json: ["name": "C"]))
        #expect(again.status == 200, "no later change is refused for the one that was made: \(again.text)")

        server.gate.fail(call: 1, .after, of: Self.changes)
        #expect(try await server.send(TestRequest(.delete, path)).status == 503)
        server.gate.rest()
        #expect(try await server.get(path).status == 404)
        #expect(try await Self.names(noun, server) == before)
    }

    @Test func deletedKeyGivesNoAccessAfterALostAnswer() async throws {
        let server = try await TestServer()
        let made = try await server.post("/v1/keys", ["role": "reporter", "organization": "acme", "name": "k"])
        let (id, credential) = (try #require(made.json?["id"]?.text), try #require(made.json?["key"]?.text))
        #expect(try await server.get("/v1/doors", credential).status == 200)
        server.gate.fail(call: 1, .after, of: Self.changes)
        #expect(try await server.send(TestRequest(.delete, "/v1/keys/\(id)")).status == 503)
        server.gate.rest()
        #expect(try await server.get("/v1/doors", credential).status == 401)
    }
}
