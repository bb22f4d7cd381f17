import GatehouseCore
import HTTPTypes
import Testing

@testable import GatehouseServer

/// A key's login name: unique, and accepted in place of its id at every login by name.
@Suite struct KeyLoginTests {
    private static func draft(login: String = "admin", of organization: String = "acme") -> JSON {
        [
            "name": "K", "role": "manager", "organization": .string(organization), "login": .string(login),
        ]
    }

    @Test func keyLogsInByItsNameAndByItsID() async throws {
        let server = try await TestServer()
        let made = try await server.post("/v1/keys", Self.draft())
        #expect(made.status == 201 && made.json?["login"] == "admin", "\(made.text)")
        let (id, key) = (try #require(made.json?["id"]?.text), try #require(made.json?["key"]?.text))
        for name in ["admin", id] {
            #expect(try await server.get("/plain/login?user=\(name)&password=\(key)", nil).status == 200)
            #expect(try await server.askForToken("\(name):\(key)").status == 200)
            let body = "grant_type=client_credentials&client_id=\(name)"
            #expect(try await server.askForToken("\(name):\(key)", body: body).status == 200)
            #expect(try await server.get("/plain/login?user=\(name)&password=wrong", nil).status == 400)
        }
        for name in ["Admin", "admin%00", "%20admin", "adm%C4%B1n"] {
            #expect(try await server.get("/plain/login?user=\(name)&password=\(key)", nil).status == 400, "\(name)")
        }
    }

    @Test func loginNameIsChangedAndRemoved() async throws {
        let server = try await TestServer()
        let made = try await server.post("/v1/keys", Self.draft())
        let (id, key) = (try #require(made.json?["id"]?.text), try #require(made.json?["key"]?.text))
        func logsIn(_ name: String) async throws -> Bool {
            try await server.get("/plain/login?user=\(name)&password=\(key)", nil).status == 200
        }
        let renamed = try await server.send(TestRequest(.patch, "/v1/keys/\(id)", json: ["login": "ana"]))
        #expect(renamed.json?["login"] == "ana")
        #expect(try await logsIn("ana"))
        #expect(try await logsIn("admin") == false)
        #expect(try await server.send(TestRequest(.patch, "/v1/keys/\(id)", json: ["login": nil])).status == 200)
        #expect(try await logsIn(id))
        #expect(try await logsIn("ana") == false)
        let changes = try await server.get("/v1/audit").items.filter { $0["deed"] == "change" }
        #expect(changes.count == 2 && changes.allSatisfy { $0["details"]?["changed"] == ["login"] })
        _ = try await server.send(TestRequest(.patch, "/v1/keys/\(id)", json: ["login": "ana"]))
        _ = try await server.send(TestRequest(.delete, "/v1/keys/\(id)"))
        #expect(try await server.post("/v1/keys", Self.draft(login: "ana")).status == 201)
    }

    @Test func loginNameIsUnique() async throws {
        let server = try await TestServer()
        #expect(try await server.post("/v1/keys", Self.draft()).status == 201)
        try await server.post("/v1/keys", Self.draft(login: "admin", of: "other")).expectProblem(
            409, "conflict", field: "login")
        let other = try await server.post("/v1/keys", Self.draft(login: "other", of: "other"))
        let id = try #require(other.json?["id"]?.text)
        try await server.send(TestRequest(.patch, "/v1/keys/\(id)", json: ["login": "admin"]))
            .expectProblem(409, "conflict", field: "login")
        #expect(try await server.send(TestRequest(.patch, "/v1/keys/\(id)", json: ["login": "other"])).status == 200)
    }

    @Test(arguments: ["", "key_0123456789abcdef", "key_configuration", "a b", "a:b", "é", "ab\u{0}"])
    func invalidLoginNameIsRefused(_ name: String) async throws {
        let server = try await TestServer()
        try await server.post("/v1/keys", Self.draft(login: name)).expectProblem(422, "out-of-bounds", field: "login")
    }

    @Test func keyMayChangeItsOwnLoginName() async throws {
        let server = try await TestServer()
        let own = try await server.credential(.admin)
        let id = try #require(Credential.keyID(in: own))
        #expect(try await server.send(TestRequest(.patch, "/v1/keys/\(id)", own, json: ["login": "me"])).status == 200)
    }
}
