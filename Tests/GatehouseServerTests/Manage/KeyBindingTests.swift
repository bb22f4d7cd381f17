import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// A source's key may be restricted to panels and sources, and posts nothing beyond them.
@Suite struct KeyBindingTests {
    private func make(_ server: TestServer, _ more: JSON) async throws -> (credential: String, id: String) {
        var body: JSONObject = ["name": "K", "role": "source", "organization": "acme"]
        for member in more.object?.members ?? [] { body[member.key] = member.value }
        let made = try await server.post("/v1/keys", .object(body))
        try #require(made.status == 201, "\(made.text)")
        return (try #require(made.json?["key"]?.text), try #require(made.json?["id"]?.text))
    }

    private static func event(_ id: String, source: String, _ data: JSON) -> JSON {
        ["specversion": "1.0", "id": .string(id), "source": .string(source), "type": "door.opened", "data": data]
    }

    private func patch(_ server: TestServer, _ id: String, _ body: JSON) async throws -> TestAnswer {
        try await server.send(TestRequest(.patch, "/v1/keys/\(id)", json: body))
    }

    @Test func restrictedKeyCannotUseIDsOfAnotherSource() async throws {
        let server = try await TestServer()
        let key = try await make(server, ["panels": ["p-acme"], "sources": ["/panels/p-acme*"]])
        let own = Self.event("1", source: "/panels/p-acme", ["door": "d-acme"])
        #expect(try await server.post("/v1/events", own, key.credential).status == 202)
        let squatting = Self.event("2", source: "/panels/p-other", ["door": "d-acme"])
        try await server.post("/v1/events", squatting, key.credential).expectProblem(403, "forbidden", field: "source")
        let batch = JSON.array([own, squatting])
        try await server.post("/v1/events", batch, key.credential).expectProblem(403, "forbidden", index: 1)
        #expect(try await server.taken().count == 1)
    }

    @Test func restrictionsOfAKeyAreShownAndChanged() async throws {
        let server = try await TestServer()
        let key = try await make(server, ["panels": ["p-acme", "p-acme-north", "p-acme"], "sources": ["a*"]])
        let shown = try await server.get("/v1/keys/\(key.id)").json
        #expect(shown?["panels"] == ["p-acme", "p-acme-north"] && shown?["sources"] == ["a*"])
        #expect(try await patch(server, key.id, ["sources": nil]).json?["sources"] == JSON.null)
        let beyond = Self.event("1", source: "s", ["panel": "p-acme"])
        #expect(try await server.post("/v1/events", beyond, key.credential).status == 202)
        let narrowed = try await patch(server, key.id, ["panels": ["p-acme-north"]])
        #expect(narrowed.json?["panels"] == ["p-acme-north"])
        try await server.post("/v1/events", Self.event("2", source: "s", ["door": "d-acme"]), key.credential)
            .expectProblem(403, "forbidden", field: "data.panel")
        let freed = try await patch(server, key.id, ["panels": nil])
        #expect(freed.json?["panels"] == JSON.null)
        #expect(try await server.post("/v1/events", Self.event("2", source: "s", [:]), key.credential).status == 202)
        let plain = try await make(server, [:])
        #expect(try await server.get("/v1/keys/\(plain.id)").json?["panels"] == JSON.null)
    }

    private static let wrong: [(JSON, String, String)] = [
        (["panels": []], "out-of-bounds", "panels"), (["panels": ["p9"]], "unknown-panel", "panels[0]"),
        (["panels": ["p-acme", "p-other"]], "unknown-panel", "panels[1]"),
        (["panels": "p-acme"], "wrong-type", "panels"),
        (["panels": [7]], "unknown-panel", "panels[0]"), (["sources": []], "out-of-bounds", "sources"),
        (["sources": [""]], "out-of-bounds", "sources[0]"), (["sources": ["a", 7]], "out-of-bounds", "sources[1]"),
        (["sources": ["a\u{1}"]], "out-of-bounds", "sources[0]"),
        (["role": "reporter", "panels": ["p-acme"]], "out-of-bounds", "panels"),
        (["role": "admin", "sources": ["a"]], "out-of-bounds", "sources"),
    ]

    @Test(arguments: wrong)
    func invalidRestrictionIsNamed(fields: JSON, slug: String, field: String) async throws {
        let server = try await TestServer()
        let key = try await make(server, [:])
        try await patch(server, key.id, fields).expectProblem(422, slug, field: field)
        var body: JSONObject = ["name": "K", "role": "source", "organization": "acme"]
        for member in fields.object?.members ?? [] { body[member.key] = member.value }
        try await server.post("/v1/keys", .object(body)).expectProblem(422, slug, field: field)
        #expect(server.parts.keys.keys.count == 1)
    }

    @Test func restrictedKeyCannotChangeItsRole() async throws {
        let server = try await TestServer()
        let key = try await make(server, ["panels": ["p-acme"]])
        try await patch(server, key.id, ["role": "admin"]).expectProblem(422, "out-of-bounds", field: "panels")
        #expect(try await patch(server, key.id, ["role": "admin", "panels": nil]).status == 200)
    }
}
