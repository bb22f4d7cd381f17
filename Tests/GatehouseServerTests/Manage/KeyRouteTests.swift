import GatehouseControl
import GatehouseCore
import HTTPTypes
import Testing

@testable import GatehouseServer

/// Keys: shown once, kept as hashes, bound to their organizations.
@Suite struct KeyRouteTests {
    @Test func newKeyIsShownOnceAndWorksAtOnce() async throws {
        let server = try await TestServer()
        let made = try await server.post("/v1/keys", ["name": "Reader", "role": "reporter", "organization": "acme"])
        #expect(made.status == 201)
        let credential = try #require(made.json?["key"]?.text)
        let id = try #require(made.json?["id"]?.text)
        #expect(try await server.get("/v1/organizations/acme", credential).status == 200)
        let secret = try #require(credential.split(separator: "_").last)
        for path in ["/v1/keys", "/v1/keys/\(id)"] {
            let shown = try await server.get(path)
            #expect(shown.status == 200)
            #expect(!shown.text.contains(secret))
            #expect(!shown.text.contains(Hex.text(Credential.hash(credential))))
        }
    }

    @Test func keySurvivesARestart() async throws {
        let server = try await TestServer()
        let credential = try await server.credential(.manager)
        let reopened = try await KeyRegistry(opening: server.store, now: server.parts.clock.now)
        #expect(reopened.key(provenBy: credential, at: server.parts.clock.now)?.role == .manager)
        #expect(reopened.key(provenBy: TestServer.admin, at: server.parts.clock.now) == nil)
        #expect(!reopened.isEmpty)
    }

    @Test func configuredKeyIsNotListed() async throws {
        let server = try await TestServer()
        #expect(try await server.get("/v1/keys").items.isEmpty)
        try await server.get("/v1/keys/key_configuration").expectProblem(404)
    }

    @Test func foreignAndHigherKeysAreNotFound() async throws {
        let server = try await TestServer()
        let foreign = try await server.credential(.admin, of: "other")
        let above = try await server.credential(.admin, of: nil)
        let own = try await server.credential(.admin)
        for credential in [foreign, above] {
            let id = try #require(Credential.keyID(in: credential))
            try await server.get("/v1/keys/\(id)", own).expectProblem(404)
        }
        #expect(try await server.get("/v1/keys", own).items.count == 1)
        #expect(try await server.get("/v1/keys", above).items.count == 3)
        try await server.post("/v1/keys", ["name": "N", "role": "admin", "organization": "other"], own)
            .expectProblem(422, "unknown-organization", field: "organization")
    }

    @Test func revokedKeyIsRefused() async throws {
        let server = try await TestServer()
        let credential = try await server.credential(.reporter)
        let id = try #require(Credential.keyID(in: credential))
        #expect(try await server.get("/v1/doors", credential).status == 200)
        #expect(try await server.send(TestRequest(.delete, "/v1/keys/\(id)")).status == 204)
        try await server.get("/v1/doors", credential).expectProblem(401)
        try await server.get("/v1/keys/\(id)").expectProblem(404)
        try await server.send(TestRequest(.delete, "/v1/keys/\(id)")).expectProblem(404)
    }

    @Test func changedRoleAppliesAtOnce() async throws {
        let server = try await TestServer()
        let credential = try await server.credential(.reporter)
        let id = try #require(Credential.keyID(in: credential))
        try await server.get("/v1/keys", credential).expectProblem(403)
        let changed = try await server.send(
            TestRequest(.patch, "/v1/keys/\(id)", json: ["role": "admin", "name": "Chief"]))
        #expect(changed.status == 200)
        #expect(changed.json?["role"] == "admin" && changed.json?["name"] == "Chief")
        #expect(try await server.get("/v1/keys", credential).status == 200)
    }

    private static let wrong: [(body: JSON, status: Int, field: String)] = [
        (["role": "king"], 422, "role"), (["name": ""], 422, "name"), (["organization": "other"], 422, "organization"),
        (["id": "key_x"], 422, "id"), (["key": "gk_x"], 422, "key"), (["owner": ["id": "u1"]], 422, "owner.firstName"),
        (["organization": nil], 422, "organization"),
    ]

    @Test(arguments: wrong)
    func wrongChangeIsNamedAndChangesNothing(body: JSON, status: Int, field: String) async throws {
        let server = try await TestServer()
        let id = try #require(Credential.keyID(in: try await server.credential(.reporter)))
        let before = try await server.get("/v1/keys/\(id)").body
        try await server.send(TestRequest(.patch, "/v1/keys/\(id)", json: body)).expectProblem(status, field: field)
        #expect(try await server.get("/v1/keys/\(id)").body == before)
    }

    @Test func callerCannotRevokeItsOwnKey() async throws {
        let server = try await TestServer()
        let own = try await server.credential(.admin)
        let id = try #require(Credential.keyID(in: own))
        try await server.send(TestRequest(.delete, "/v1/keys/\(id)", own)).expectProblem(409)
        try await server.send(TestRequest(.patch, "/v1/keys/\(id)", own, json: ["role": "reporter"]))
            .expectProblem(409)
        let renamed = try await server.send(TestRequest(.patch, "/v1/keys/\(id)", own, json: ["name": "Me"]))
        #expect(renamed.status == 200)
    }

    @Test func foreignKeysAreNotChanged() async throws {
        let server = try await TestServer()
        let own = try await server.credential(.admin)
        for foreign in [
            try await server.credential(.source, of: "other"), try await server.credential(.admin, of: nil),
        ] {
            let id = try #require(Credential.keyID(in: foreign))
            try await server.send(TestRequest(.delete, "/v1/keys/\(id)", own)).expectProblem(404)
            try await server.send(TestRequest(.patch, "/v1/keys/\(id)", own, json: ["name": "N"]))
                .expectProblem(404)
        }
    }

    @Test func partOfACredentialProvesNoKey() async throws {
        let server = try await TestServer()
        let credential = try await server.credential(.admin)
        let now = server.parts.clock.now
        for length in [0, 3, 20, credential.count - 1] {
            #expect(server.parts.keys.key(provenBy: String(credential.prefix(length)), at: now) == nil)
        }
        #expect(server.parts.keys.key(provenBy: credential + " ", at: now) == nil)
        #expect(server.parts.keys.key(provenBy: credential.uppercased(), at: now) == nil)
    }
}
