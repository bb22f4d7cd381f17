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
        let id = path.split(separator: "/").last.map(String.init)
        let lines = try await server.audit().filter { $0.id == id && $0.action == .change }
        let named = lines.map { $0.details["changed"]?.items?.compactMap(\.text) ?? [] }
        #expect(named.sorted { ($0.first ?? "") < ($1.first ?? "") } == noun.fields.keys.sorted().map { [$0] })
    }
}
