import GatehouseCore
import HTTPTypes
import Testing

@testable import GatehouseServer

/// Keys: shown once, kept as hashes, bound to their organizations.
@Suite struct KeyRouteTests {
    @Test func aKeyIsShownOnceAndWorksAtOnce() async throws {
        let house = try await House()
        let made = try await house.post("/v1/keys", ["name": "Reader", "role": "reporter", "organization": "acme"])
        #expect(made.status == 201)
        let credential = try #require(made.json?["key"]?.text)
        let id = try #require(made.json?["id"]?.text)
        #expect(try await house.get("/v1/organizations/acme", credential).status == 200)
        let secret = try #require(credential.split(separator: "_").last)
        for path in ["/v1/keys", "/v1/keys/\(id)"] {
            let shown = try await house.get(path)
            #expect(shown.status == 200)
            #expect(!shown.text.contains(secret))
            #expect(!shown.text.contains(Hex.text(Credential.hash(credential))))
        }
    }

    @Test func aKeySurvivesARestart() async throws {
        let house = try await House()
        let credential = try await house.credential(.manager)
        let reopened = try await KeyRegistry(opening: house.store, now: house.parts.clock.now)
        #expect(reopened.key(provenBy: credential, at: house.parts.clock.now)?.role == .manager)
        #expect(reopened.key(provenBy: House.admin, at: house.parts.clock.now) == nil)
        #expect(!reopened.isEmpty)
    }

    @Test func theKeyOfTheConfigurationIsListedNowhere() async throws {
        let house = try await House()
        #expect(try await house.get("/v1/keys").items.isEmpty)
        try await house.get("/v1/keys/key_configuration").expectProblem(404)
    }

    @Test func foreignKeysAndThoseAboveAreNotThere() async throws {
        let house = try await House()
        let foreign = try await house.credential(.admin, of: "other")
        let above = try await house.credential(.admin, of: nil)
        let own = try await house.credential(.admin)
        for credential in [foreign, above] {
            let id = try #require(Credential.keyID(in: credential))
            try await house.get("/v1/keys/\(id)", own).expectProblem(404)
        }
        #expect(try await house.get("/v1/keys", own).items.count == 1)
        #expect(try await house.get("/v1/keys", above).items.count == 3)
        try await house.post("/v1/keys", ["name": "N", "role": "admin", "organization": "other"], own)
            .expectProblem(422, "unknown-organization", field: "organization")
    }

    @Test func aRevokedKeyLetsNobodyIn() async throws {
        let house = try await House()
        let credential = try await house.credential(.reporter)
        let id = try #require(Credential.keyID(in: credential))
        #expect(try await house.get("/v1/doors", credential).status == 200)
        #expect(try await house.send(TestRequest(.delete, "/v1/keys/\(id)")).status == 204)
        try await house.get("/v1/doors", credential).expectProblem(401)
        try await house.get("/v1/keys/\(id)").expectProblem(404)
        try await house.send(TestRequest(.delete, "/v1/keys/\(id)")).expectProblem(404)
    }

    @Test func aRoleIsChangedAndHoldsAtOnce() async throws {
        let house = try await House()
        let credential = try await house.credential(.reporter)
        let id = try #require(Credential.keyID(in: credential))
        try await house.get("/v1/keys", credential).expectProblem(403)
        let changed = try await house.send(
            TestRequest(.patch, "/v1/keys/\(id)", json: ["role": "admin", "name": "Chief"]))
        #expect(changed.status == 200)
        #expect(changed.json?["role"] == "admin" && changed.json?["name"] == "Chief")
        #expect(try await house.get("/v1/keys", credential).status == 200)
    }

    private static let wrong: [(body: JSON, status: Int, field: String)] = [
        (["role": "king"], 422, "role"), (["name": ""], 422, "name"), (["organization": "other"], 422, "organization"),
        (["id": "key_x"], 422, "id"), (["key": "gk_x"], 422, "key"), (["owner": ["id": "u1"]], 422, "owner.firstName"),
        (["organization": nil], 422, "organization"),
    ]

    @Test(arguments: wrong)
    func aWrongChangeIsNamedAndChangesNothing(body: JSON, status: Int, field: String) async throws {
        let house = try await House()
        let id = try #require(Credential.keyID(in: try await house.credential(.reporter)))
        let before = try await house.get("/v1/keys/\(id)").body
        try await house.send(TestRequest(.patch, "/v1/keys/\(id)", json: body)).expectProblem(status, field: field)
        #expect(try await house.get("/v1/keys/\(id)").body == before)
    }

    @Test func nobodyLocksTheDoorBehindHimself() async throws {
        let house = try await House()
        let own = try await house.credential(.admin)
        let id = try #require(Credential.keyID(in: own))
        try await house.send(TestRequest(.delete, "/v1/keys/\(id)", own)).expectProblem(409)
        try await house.send(TestRequest(.patch, "/v1/keys/\(id)", own, json: ["role": "reporter"]))
            .expectProblem(409)
        let renamed = try await house.send(TestRequest(.patch, "/v1/keys/\(id)", own, json: ["name": "Me"]))
        #expect(renamed.status == 200)
    }

    @Test func foreignKeysAreNotChanged() async throws {
        let house = try await House()
        let own = try await house.credential(.admin)
        for foreign in [try await house.credential(.source, of: "other"), try await house.credential(.admin, of: nil)] {
            let id = try #require(Credential.keyID(in: foreign))
            try await house.send(TestRequest(.delete, "/v1/keys/\(id)", own)).expectProblem(404)
            try await house.send(TestRequest(.patch, "/v1/keys/\(id)", own, json: ["name": "N"]))
                .expectProblem(404)
        }
    }

    @Test func aKeyIsNotProvedByAPartOfItsCredential() async throws {
        let house = try await House()
        let credential = try await house.credential(.admin)
        let now = house.parts.clock.now
        for length in [0, 3, 20, credential.count - 1] {
            #expect(house.parts.keys.key(provenBy: String(credential.prefix(length)), at: now) == nil)
        }
        #expect(house.parts.keys.key(provenBy: credential + " ", at: now) == nil)
        #expect(house.parts.keys.key(provenBy: credential.uppercased(), at: now) == nil)
    }
}
