import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// Organizations, panels and doors: created, shown, listed, and hidden from keys that they do not concern.
@Suite struct DirectoryRouteTests {
    @Test func treeIsCreatedAndShown() async throws {
        let server = try await TestServer()
        let made = try await server.post(
            "/v1/organizations", ["id": "new", "name": "New", "timeZone": "America/Sao_Paulo"])
        #expect(made.status == 201)
        #expect(made.headers[.location] == "/v1/organizations/new")
        #expect(
            try await server.post("/v1/panels", ["id": "1070000", "organization": "new", "name": "P"]).status == 201)
        let door = try await server.post(
            "/v1/doors", ["id": "lobby", "panel": "1070000", "number": 3, "name": "Lobby", "attendance": true])
        #expect(door.status == 201)
        let shown = try await server.get("/v1/doors/lobby")
        #expect(
            shown.text
                == #"{"id":"lobby","organization":"new","panel":"1070000","number":3,"name":"Lobby","#
                + #""attendance":true,"driver":null}"#
        )
        #expect(
            try await server.get("/v1/panels/1070000").text
                == #"{"id":"1070000","organization":"new","name":"P","number":null,"timeZone":null,"#
                + #""vendorNumber":1070000}"#)
        #expect(
            try await server.get("/v1/organizations/new").text
                == #"{"id":"new","name":"New","parent":null,"timeZone":"America/Sao_Paulo","vendorNumber":1000000001}"#)
        let location = try #require(door.headers[.location])
        #expect(try await server.get(location).body == shown.body)
    }

    @Test func directoryIsShownDuringAStoreOutage() async throws {
        let server = try await TestServer()
        #expect(
            try await server.post("/v1/panels", ["id": "p", "organization": "acme", "name": "P"]).status == 201)
        server.gate.goAway()
        for path in ["/v1/panels/p", "/v1/organizations/acme"] {
            let shown = try await server.get(path)
            #expect(shown.status == 200 && shown.json?["vendorNumber"] == .null, "\(shown.text)")
        }
    }

    @Test func missingIdentifierIsCreated() async throws {
        let server = try await TestServer()
        let made = try await server.post("/v1/organizations", ["name": "Nameless"])
        let id = try #require(made.json?["id"]?.text)
        #expect(IdentifierRule.allows(id))
        #expect(try await server.get("/v1/organizations/\(id)").status == 200)
    }

    @Test func onlyAKeyAboveAllTreesCreatesATree() async throws {
        let server = try await TestServer()
        let bound = try await server.credential(.admin)
        try await server.post("/v1/organizations", ["id": "x", "name": "X"], bound)
            .expectProblem(403, "forbidden", field: "parent")
        #expect(
            try await server.post("/v1/organizations", ["id": "x", "name": "X", "parent": "acme"], bound).status == 201)
        try await server.post("/v1/organizations", ["id": "y", "name": "Y", "parent": "other"], bound)
            .expectProblem(422, "unknown-organization", field: "parent")
    }

    @Test func usedIDIsAConflict() async throws {
        let server = try await TestServer()
        try await server.post("/v1/organizations", ["id": "acme", "name": "A"]).expectProblem(409, "conflict")
        try await server.post("/v1/panels", ["id": "p-acme", "organization": "acme", "name": "P"])
            .expectProblem(409, "conflict")
        try await server.post("/v1/doors", ["id": "new", "panel": "p-acme", "number": 1, "name": "D"])
            .expectProblem(409, "conflict")
    }

    private static let wrong: [(path: String, body: JSON, slug: String, field: String)] = [
        ("/v1/organizations", ["id": "x"], "missing-field", "name"),
        ("/v1/organizations", ["name": 1], "wrong-type", "name"),
        ("/v1/organizations", ["name": ""], "out-of-bounds", "name"),
        ("/v1/organizations", ["name": "a\nb"], "out-of-bounds", "name"),
        ("/v1/organizations", ["name": .string(String(repeating: "x", count: 201))], "out-of-bounds", "name"),
        // One visible character may consist of several characters.
        ("/v1/organizations", ["name": .string(String(repeating: "e\u{301}", count: 101))], "out-of-bounds", "name"),
        ("/v1/organizations", ["name": "N", "id": "a/b"], "out-of-bounds", "id"),
        ("/v1/organizations", ["name": "N", "id": ""], "out-of-bounds", "id"),
        ("/v1/organizations", ["name": "N", "id": .string(String(repeating: "x", count: 129))], "out-of-bounds", "id"),
        ("/v1/organizations", ["name": "N", "id": 7], "wrong-type", "id"),
        ("/v1/organizations", ["name": "N", "timeZone": "Mars/Base"], "out-of-bounds", "timeZone"),
        ("/v1/organizations", ["name": "N", "timeZone": "EST"], "out-of-bounds", "timeZone"),
        ("/v1/organizations", ["name": "N", "timeZone": "GMT+3"], "out-of-bounds", "timeZone"),
        ("/v1/organizations", ["name": "N", "timeZone": "../../etc/passwd"], "out-of-bounds", "timeZone"),
        ("/v1/organizations", ["name": "N", "parent": "nope"], "unknown-organization", "parent"),
        ("/v1/organizations", ["name": "N", "colour": "red"], "unknown-field", "colour"),
        ("/v1/panels", ["name": "N"], "missing-field", "organization"),
        ("/v1/panels", ["name": "N", "organization": "nope"], "unknown-organization", "organization"),
        ("/v1/panels", ["name": "N", "organization": "acme", "number": "7"], "wrong-type", "number"),
        ("/v1/panels", ["name": "N", "organization": "acme", "number": -1], "out-of-bounds", "number"),
        ("/v1/panels", ["name": "N", "organization": "acme", "number": .fraction(1.5)], "out-of-bounds", "number"),
        ("/v1/doors", ["name": "N", "number": 1], "missing-field", "panel"),
        ("/v1/doors", ["name": "N", "number": 1, "panel": "nope"], "unknown-panel", "panel"),
        ("/v1/doors", ["name": "N", "panel": "p-acme"], "missing-field", "number"),
        ("/v1/doors", ["name": "N", "panel": "p-acme", "number": 2, "attendance": "yes"], "wrong-type", "attendance"),
        (
            "/v1/doors", ["name": "N", "panel": "p-acme", "number": 2, "driver": ["type": "http"]], "not-built",
            "driver.type"
        ),
        ("/v1/keys", ["name": "N", "organization": "acme"], "missing-field", "role"),
        ("/v1/keys", ["name": "N", "organization": "acme", "role": "root"], "out-of-bounds", "role"),
        ("/v1/keys", ["name": "N", "role": "admin"], "missing-field", "organization"),
        ("/v1/keys", ["name": "N", "role": "admin", "organization": "nope"], "unknown-organization", "organization"),
        (
            "/v1/keys", ["name": "N", "role": "source", "organization": "acme", "privacyLevel": 3], "out-of-bounds",
            "privacyLevel"
        ),
    ]

    @Test(arguments: wrong)
    func wrongFieldIsNamed(path: String, body: JSON, slug: String, field: String) async throws {
        try await TestServer().post(path, body).expectProblem(422, slug, field: field)
    }

    @Test func allFaultsAreReportedTogether() async throws {
        let answer = try await TestServer().post("/v1/doors", ["name": 5, "number": "x", "panel": "nope", "colour": 1])
        answer.expectProblem(422)
        let fields = answer.json?["faults"]?.items?.compactMap { $0["field"]?.text }
        #expect(fields.map(Set.init) == ["name", "number", "panel", "colour"])
    }

    @Test(arguments: ["/v1/organizations", "/v1/panels", "/v1/doors", "/v1/keys", "/v1/subscriptions"])
    func bodyThatIsNotAJSONObjectIsRefused(path: String) async throws {
        let server = try await TestServer()
        for body in ["", "{", "[]", "null", "7", "{}x", #"{"a":1,"a":2}"#, "{\"a\":\"\u{1}\"}", #"{"name":"\ud800"}"#] {
            try await server.send(TestRequest(.post, path, type: "application/json", body)).expectProblem(
                400, "malformed")
        }
        var raw = TestRequest(.post, path, type: "application/json", "")
        raw.body = Array(#"{"name":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)
        try await server.send(raw).expectProblem(400, "malformed")
        for type in ["text/plain", "application/xml", "application/json; charset=latin1", "multipart/form-data"] {
            try await server.send(TestRequest(.post, path, type: type, "{}")).expectProblem(415, "unsupported-media")
        }
        try await server.send(TestRequest(.post, path)).expectProblem(415, "unsupported-media")
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        try await server.send(TestRequest(.post, path, type: "application/json", "{\"a\":\(deep)}"))
            .expectProblem(413, "too-large")
        let long = "{\"name\":\"" + String(repeating: "x", count: 300 * 1024) + "\"}"
        try await server.send(TestRequest(.post, path, type: "application/json", long)).expectProblem(413, "too-large")
    }

    @Test func foreignResourceIsNotFound() async throws {
        let server = try await TestServer()
        for role in [Role.admin, .manager, .reporter] {
            let credential = try await server.credential(role)
            for path in ["/v1/organizations/other", "/v1/panels/p-other", "/v1/doors/d-other"] {
                let foreign = try await server.get(path, credential)
                foreign.expectProblem(404, "not-found")
                let absent = try await server.get(path.replacing("other", with: "never"), credential)
                #expect(foreign.text.replacing("other", with: "never") == absent.text)
            }
            for path in [
                "/v1/panels?organization=other", "/v1/doors?organization=other", "/v1/doors/d-acme?organization=other",
            ] {
                try await server.get(path, credential).expectProblem(404, "not-found")
            }
            for path in ["/v1/organizations", "/v1/panels", "/v1/doors"] {
                let answer = try await server.get(path, credential)
                #expect(answer.items.count == 2)
                #expect(!answer.text.contains("other"))
            }
        }
        try await server.post(
            "/v1/doors", ["panel": "p-other", "number": 9, "name": "D"], try await server.credential(.manager)
        )
        .expectProblem(422, "unknown-panel", field: "panel")
    }

    @Test func keySeesBelowItsOrganizationButNotAbove() async throws {
        let server = try await TestServer()
        let north = try await server.credential(.reporter, of: "acme-north")
        #expect(try await server.get("/v1/doors/d-acme-north", north).status == 200)
        try await server.get("/v1/doors/d-acme", north).expectProblem(404)
        try await server.get("/v1/organizations/acme", north).expectProblem(404)
    }

    @Test func organizationChoosesBetweenTwoDoors() async throws {
        let server = try await TestServer()
        _ = try await server.post("/v1/doors", ["id": "lobby", "panel": "p-acme", "number": 5, "name": "A"])
        _ = try await server.post("/v1/doors", ["id": "lobby", "panel": "p-other", "number": 5, "name": "O"])
        let both = try await server.get("/v1/doors/lobby")
        both.expectProblem(409, "ambiguous")
        #expect(both.json?["detail"]?.text?.contains("acme, other") == true)
        #expect(try await server.get("/v1/doors/lobby?organization=other").json?["name"]?.text == "O")
        #expect(
            try await server.get("/v1/doors/lobby", try await server.credential(.reporter)).json?["name"]?.text == "A")
    }

    @Test func doorAtAPanelOfTwoOrganizationsNeedsTheOrganization() async throws {
        let server = try await TestServer()
        for organization in ["acme", "acme-north"] as [JSON] {
            _ = try await server.post("/v1/panels", ["id": "twin", "organization": organization, "name": "T"])
        }
        try await server.post("/v1/doors", ["panel": "twin", "number": 1, "name": "D"])
            .expectProblem(422, "ambiguous", field: "panel")
        let chosen: JSON = ["panel": "twin", "number": 1, "name": "D", "organization": "acme-north"]
        #expect(try await server.post("/v1/doors", chosen).json?["organization"]?.text == "acme-north")
    }

    @Test func listIsPagedWithoutGapsOrRepeats() async throws {
        let server = try await TestServer()
        for number in 10..<35 {
            let id = JSON.string("door-\(number)")
            _ = try await server.post(
                "/v1/doors", ["id": id, "panel": "p-acme", "number": .integer(number), "name": "D"])
        }
        var seen: [String] = []
        var path = "/v1/doors?limit=4"
        for _ in 0..<20 {
            let page = try await server.get(path)
            #expect(page.items.count <= 4)
            seen += page.items.compactMap { $0["id"]?.text }
            guard let next = page.json?["next"]?.text else { break }
            path = "/v1/doors?limit=4&cursor=\(next)"
        }
        #expect(seen.count == 28)
        #expect(Set(seen).count == 28)
    }

    @Test func treeDepthIsBounded() async throws {
        let server = try await TestServer()
        var parent = "acme"
        for level in 2...DirectoryService.deepestTree {
            let made = try await server.post(
                "/v1/organizations", ["id": .string("l\(level)"), "name": "L", "parent": .string(parent)])
            #expect(made.status == 201)
            parent = "l\(level)"
        }
        try await server.post("/v1/organizations", ["name": "L", "parent": .string(parent)])
            .expectProblem(422, "out-of-bounds", field: "parent")
    }

    @Test func storeOutageIs503AndCreatesNothing() async throws {
        let server = try await TestServer()
        server.gate.goAway()
        for (path, body) in [
            ("/v1/organizations", ["id": "n", "name": "N"]),
            ("/v1/panels", ["id": "n", "organization": "acme", "name": "N"]),
            ("/v1/doors", ["id": "n", "panel": "p-acme", "number": 2, "name": "N"]),
            ("/v1/keys", ["name": "N", "role": "source", "organization": "acme"]),
        ] as [(String, JSON)] {
            let answer = try await server.post(path, body)
            answer.expectProblem(503, "store-away")
            #expect(answer.headers[.retryAfter] == "1")
            #expect(!answer.text.contains("switched off"))
        }
        server.gate.comeBack()
        for path in ["/v1/organizations/n", "/v1/panels/n", "/v1/doors/n"] {
            try await server.get(path).expectProblem(404)
        }
    }
}
