import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// `/v1/triggers`: secret URLs, and their rights.
@Suite struct TriggerRouteTests {
    private func make(_ server: TestServer, _ more: [(String, JSON)] = []) async throws -> TestAnswer {
        var body = JSONObject([.init("name", "Cameras"), .init("organization", "acme")])
        for (name, value) in more { body[name] = value }
        return try await server.post("/v1/triggers", .object(body))
    }

    @Test func newTriggersURLIsShownOnce() async throws {
        let server = try await TestServer()
        let made = try await make(server)
        #expect(made.status == 201, "\(made.text)")
        let id = try #require(made.json?["id"]?.text)
        #expect(id.wholeMatch(of: #/trig-[A-Za-z0-9~]{8}/#) != nil)
        let url = try #require(made.json?["url"]?.text)
        #expect(
            url.wholeMatch(of: #/http://127\.0\.0\.1:8080/plain/pull/trig-.{8}/[A-Za-z0-9_\-]{43}/#) != nil, "\(url)")
        #expect(made.headers[.location] == "/v1/triggers/\(id)")
        let secret = String(url.suffix(43))
        for path in ["/v1/triggers/\(id)", "/v1/triggers"] {
            let shown = try await server.get(path)
            #expect(shown.status == 200 && !shown.text.contains(secret) && shown.json?["url"] == nil)
        }
        let other = try #require(try await make(server).json?["url"]?.text)
        #expect(other.suffix(43) != secret)
    }

    @Test func unsetLevelIsTheStrictest() async throws {
        let shown = try #require(try await make(try await TestServer()).json)
        #expect(shown["doors"] == JSON.null && shown["rate"] == JSON.null)
        #expect(shown["mayRegister"] == true && shown["mayUnlock"] == false)
        #expect(shown["doorsEnvelope"] == false && shown["active"] == true)
    }

    @Test func triggerIsChangedListedAndDeleted() async throws {
        let server = try await TestServer()
        let made = try await make(server, [("doors", ["d-acme"]), ("rate", 60)])
        let url = try #require(made.json?["url"]?.text)
        let path = "/v1/triggers/\(made.json?["id"]?.text ?? "")"
        let change: JSON = ["name": "Doors", "doors": .null, "rate": .null, "mayUnlock": true, "active": false]
        let changed = try await server.send(TestRequest(.patch, path, json: change))
        #expect(changed.status == 200)
        #expect(changed.json?["name"] == "Doors" && changed.json?["doors"] == JSON.null)
        #expect(changed.json?["mayUnlock"] == true && changed.json?["active"] == false)
        #expect(try await server.get("/v1/triggers").items == [try #require(changed.json)])
        let call = String(url.dropFirst("http://127.0.0.1:8080".count))
        #expect(try await server.get(call, nil).status == 404)
        _ = try await server.send(TestRequest(.patch, path, json: ["active": true]))
        #expect(try await server.get(call, nil).text == #""Doors""#)
        #expect(try await server.send(TestRequest(.delete, path)).status == 204)
        #expect(try await server.get(path).status == 404)
        #expect(try await server.get(call, nil).status == 404)
    }

    @Test(
        arguments: [
            ("name", .null, "missing-field"), ("name", "", "out-of-bounds"), ("name", 5, "wrong-type"),
            ("organization", "nowhere", "unknown-organization"), ("doors", [], "out-of-bounds"),
            ("doors", "d-acme", "wrong-type"), ("mayRegister", 1, "wrong-type"), ("mayUnlock", "yes", "wrong-type"),
            ("rate", 0, "out-of-bounds"), ("rate", 60_001, "out-of-bounds"), ("rate", "1", "wrong-type"),
            ("secret", "mine", "unknown-field"), ("id", "trig-mine", "unknown-field"),
        ] as [(String, JSON, String)])
    func invalidTriggerFieldIsNamed(field: String, value: JSON, slug: String) async throws {
        let server = try await TestServer()
        try await make(server, [(field, value)]).expectProblem(422, slug, field: field)
        #expect(try await server.get("/v1/triggers").items.isEmpty)
    }

    @Test(arguments: ["d-nowhere", "d-acme-north", "d-other"])
    func missingDoorIsNamed(door: JSON) async throws {
        try await make(try await TestServer(), [("doors", ["d-acme", door])])
            .expectProblem(422, "unknown-door", field: "doors[1]")
    }

    @Test func changeOfAFixedFieldIsRefused() async throws {
        let server = try await TestServer()
        let path = "/v1/triggers/\(try await make(server).json?["id"]?.text ?? "")"
        for field in ["id", "organization"] {
            try await server.send(
                TestRequest(.patch, path, json: JSON.object(JSONObject([.init(field, "acme-north")])))
            )
            .expectProblem(422, "out-of-bounds", field: field)
        }
    }

    @Test func foreignTriggerIsNotFound() async throws {
        let server = try await TestServer()
        let path = "/v1/triggers/\(try await make(server).json?["id"]?.text ?? "")"
        let stranger = try await server.credential(.admin, of: "other")
        #expect(try await server.get("/v1/triggers", stranger).items.isEmpty)
        for method in [HTTPRequest.Method.get, .delete] {
            try await server.send(TestRequest(method, path, stranger)).expectProblem(404)
        }
        try await server.post("/v1/triggers", ["name": "N", "organization": "acme"], stranger)
            .expectProblem(422, "unknown-organization")
        #expect(try await server.get(path).status == 200)
    }

    @Test func organizationWithATriggerCannotBeDeleted() async throws {
        let server = try await TestServer()
        _ = try await server.post("/v1/organizations", ["id": "new", "name": "New"])
        let made = try await server.post("/v1/triggers", ["name": "N", "organization": "new"])
        try await server.send(TestRequest(.delete, "/v1/organizations/new")).expectProblem(409)
        _ = try await server.send(TestRequest(.delete, "/v1/triggers/\(made.json?["id"]?.text ?? "")"))
        #expect(try await server.send(TestRequest(.delete, "/v1/organizations/new")).status == 204)
    }

    @Test func storeOutageChangesNothing() async throws {
        let server = try await TestServer()
        server.gate.goAway()
        try await make(server).expectProblem(503, "store-away")
        server.gate.comeBack()
        #expect(try await server.get("/v1/triggers").items.isEmpty)
    }

    // MARK: Secrets stay secret

    @Test func logContainsNoSecret() async throws {
        let server = try await TestServer()
        let url = try #require(try await make(server).json?["url"]?.text)
        let secret = String(url.suffix(43))
        let path = String(url.dropFirst("http://127.0.0.1:8080".count))
        for (method, path) in [
            (HTTPRequest.Method.get, path), (.put, path), (.get, path + "/further"), (.get, "/" + path),
            (.get, path.replacing("/", with: "//")), (.get, path.replacing(secret.prefix(1), with: "%41")),
            (.get, "/x?secret=\(secret)"),
        ] {
            _ = try await server.send(TestRequest(method, path, nil))
        }
        #expect(!server.log.lines.isEmpty)
        for line in server.log.lines {
            let text = line.text + line.metadata.description
            #expect(!text.contains(secret) && !text.contains(secret.dropFirst()), "\(text)")
        }
    }

    @Test func callIsCountedByItsPattern() async throws {
        let server = try await TestServer()
        let url = try #require(try await make(server).json?["url"]?.text)
        _ = try await server.get(String(url.dropFirst("http://127.0.0.1:8080".count)), nil)
        let page = try await server.get("/metrics").text
        #expect(page.contains("/plain/pull/{trigger}/{secret}") && !page.contains(url.suffix(43)))
    }
}
