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
        let reopened = try await KeyRing(opening: house.store, now: house.parts.clock.now)
        #expect(reopened.key(provenBy: credential)?.role == .manager)
        #expect(reopened.key(provenBy: House.admin) == nil)
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

    @Test func aKeyIsNotProvedByAPartOfItsCredential() async throws {
        let house = try await House()
        let credential = try await house.credential(.admin)
        for length in [0, 3, 20, credential.count - 1] {
            #expect(house.parts.keys.key(provenBy: String(credential.prefix(length))) == nil)
        }
        #expect(house.parts.keys.key(provenBy: credential + " ") == nil)
        #expect(house.parts.keys.key(provenBy: credential.uppercased()) == nil)
    }
}
