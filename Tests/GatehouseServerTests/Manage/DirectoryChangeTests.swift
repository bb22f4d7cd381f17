import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// Organizations, panels and doors: updated and deleted by the keys that may, within their rights.
@Suite struct DirectoryChangeTests {
    private static let changes: [(path: String, body: JSON, shown: JSON)] = [
        (
            "/v1/organizations/acme-north", ["name": "N", "timeZone": "America/Sao_Paulo"],
            ["name": "N", "timeZone": "America/Sao_Paulo"]
        ),
        ("/v1/organizations/acme-north", ["parent": "acme", "id": "acme-north"], ["parent": "acme"]),
        (
            "/v1/panels/p-acme", ["name": "Q", "number": 9, "timeZone": "UTC"],
            ["name": "Q", "number": 9, "timeZone": "UTC"]
        ),
        ("/v1/panels/p-acme", ["number": nil, "timeZone": nil], ["number": nil, "timeZone": nil, "name": "Panel"]),
        (
            "/v1/doors/d-acme", ["name": "E", "number": 4, "attendance": true],
            ["name": "E", "number": 4, "attendance": true]
        ),
        ("/v1/doors/d-acme", [:], ["name": "Door", "number": 1, "panel": "p-acme"]),
        // A required value stays if a change says null.
        (
            "/v1/doors/d-acme", ["name": nil, "number": nil, "panel": nil, "id": nil],
            ["name": "Door", "number": 1, "panel": "p-acme"]
        ),
        ("/v1/organizations/acme", ["name": nil, "id": nil], ["name": "acme", "id": "acme"]),
    ]

    @Test(arguments: changes)
    func namedFieldIsChanged(path: String, body: JSON, shown: JSON) async throws {
        let server = try await TestServer()
        let changed = try await server.send(TestRequest(.patch, path, json: body))
        #expect(changed.status == 200)
        for member in try #require(shown.object).members { #expect(changed.json?[member.key] == member.value) }
        #expect(try await server.get(path).body == changed.body)
        let reopened = try await DirectoryRegistry(opening: server.store).directory
        #expect(reopened.doors == server.parts.directory.directory.doors)
        #expect(reopened.panels == server.parts.directory.directory.panels)
        #expect(reopened.organizations == server.parts.directory.directory.organizations)
    }

    private static let wrong: [(path: String, body: JSON, field: String)] = [
        ("/v1/organizations/acme", ["name": ""], "name"), ("/v1/organizations/acme", ["timeZone": "Mars"], "timeZone"),
        ("/v1/organizations/acme", ["parent": "other"], "parent"), ("/v1/organizations/acme", ["id": "x"], "id"),
        ("/v1/organizations/acme", ["colour": "red"], "colour"),
        ("/v1/organizations/acme-north", ["parent": nil], "parent"),
        ("/v1/panels/p-acme", ["number": -1], "number"),
        ("/v1/panels/p-acme", ["organization": "other"], "organization"),
        ("/v1/panels/p-acme", ["id": "x"], "id"), ("/v1/panels/p-acme", ["name": 5], "name"),
        ("/v1/doors/d-acme", ["panel": "p-other"], "panel"),
        ("/v1/doors/d-acme", ["attendance": 1], "attendance"), ("/v1/doors/d-acme", ["driver": [:]], "driver.type"),
        ("/v1/doors/d-acme", ["name": "", "number": 2], "name"),
    ]

    @Test(arguments: wrong)
    func wrongChangeIsNamedAndChangesNothing(path: String, body: JSON, field: String) async throws {
        let server = try await TestServer()
        let before = try await server.get(path).body
        try await server.send(TestRequest(.patch, path, json: body)).expectProblem(422, field: field)
        #expect(try await server.get(path).body == before)
    }

    @Test func usedNumberIsAConflict() async throws {
        let server = try await TestServer()
        let second: JSON = ["id": "d2", "panel": "p-acme", "number": 2, "name": "Second"]
        #expect(try await server.post("/v1/doors", second).status == 201)
        try await server.send(TestRequest(.patch, "/v1/doors/d2", json: ["number": 1])).expectProblem(409)
        #expect(try await server.get("/v1/doors/d2").json?["number"] == 2)
    }

    @Test func treeIsDeletedFromItsLeaves() async throws {
        let server = try await TestServer()
        for path in ["/v1/organizations/acme", "/v1/organizations/acme-north", "/v1/panels/p-acme-north"] {
            try await server.send(TestRequest(.delete, path)).expectProblem(409)
        }
        for path in ["/v1/doors/d-acme-north", "/v1/panels/p-acme-north", "/v1/organizations/acme-north"] {
            #expect(try await server.send(TestRequest(.delete, path)).status == 204)
            try await server.get(path).expectProblem(404)
            try await server.send(TestRequest(.delete, path)).expectProblem(404)
        }
    }

    @Test func resourceOfAnotherTreeIsNotFound() async throws {
        let server = try await TestServer()
        let own = try await server.credential(.admin)
        for path in ["/v1/organizations/other", "/v1/panels/p-other", "/v1/doors/d-other"] {
            try await server.send(TestRequest(.delete, path, own)).expectProblem(404)
            try await server.send(TestRequest(.patch, path, own, json: ["name": "N"])).expectProblem(404)
        }
        try await server.send(TestRequest(.delete, "/v1/organizations/acme", own)).expectProblem(409)
    }

    @Test func organizationChoosesAmongEqualIdentifiers() async throws {
        let server = try await TestServer()
        let twin: JSON = ["id": "p-acme", "organization": "other", "name": "Twin"]
        #expect(try await server.post("/v1/panels", twin).status == 201)
        try await server.send(TestRequest(.delete, "/v1/panels/p-acme")).expectProblem(409)
        #expect(try await server.send(TestRequest(.delete, "/v1/panels/p-acme?organization=other")).status == 204)
        #expect(try await server.get("/v1/panels/p-acme").json?["organization"] == "acme")
    }

    @Test func storeOutageChangesNothing() async throws {
        let server = try await TestServer()
        server.gate.goAway()
        try await server.send(TestRequest(.patch, "/v1/doors/d-acme", json: ["name": "E"])).expectProblem(503)
        try await server.send(TestRequest(.delete, "/v1/doors/d-acme")).expectProblem(503)
        server.gate.comeBack()
        #expect(try await server.get("/v1/doors/d-acme").json?["name"] == "Door")
    }

    /// After a hundred changes in any order, the memory is equal to the store.
    @Test func simultaneousChangesLeaveMemoryEqualToTheStore() async throws {
        let server = try await TestServer()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<100 {
                group.addTask {
                    try await server.send(
                        TestRequest(.patch, "/v1/doors/d-acme", json: ["name": .string("Door \(number)")])
                    ).status
                }
            }
            for try await status in group { #expect(status == 200) }
        }
        let stored = try await server.store.directory()
        #expect(stored.doors == server.parts.directory.directory.doors)
    }
}
