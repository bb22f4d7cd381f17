import Crypto
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// A vendor's clients log in by a key's id and secret, and carry a session until it ends.
@Suite struct VendorSessionTests {
    private static let path = "/plain/acme/wishes"

    private func logIn(_ house: House, _ credential: String) async throws -> String {
        let id = try #require(Credential.keyID(in: credential))
        let answer = try await house.get("/plain/login?user=\(id)&password=\(credential)", nil)
        try #require(answer.status == 200, "\(answer.text)")
        return try #require(answer.json?.text)
    }

    @Test func aSessionDoesWhatItsKeyMayAsBearerAndAsCookie() async throws {
        let house = try await House()
        let token = try await logIn(house, house.credential(.reporter))
        #expect(try await house.get(Self.path, token).status == 200)
        #expect(try await house.send(TestRequest(.delete, Self.path, token)).status == 403)
        var request = TestRequest(.get, Self.path, nil)
        request.headers[.cookie] = "theme=dark; Plain.Auth=\(token)"
        #expect(try await house.send(request).status == 200)
        #expect(try await house.get("/v1/doors", token).status == 401, "the native API knows no sessions")
    }

    @Test func aPasswordMayComeAsItsMD5InEitherCase() async throws {
        let house = try await House()
        let credential = try await house.credential(.manager)
        let id = try #require(Credential.keyID(in: credential))
        let secret = try #require(credential.split(separator: "_").last.map(String.init))
        for text in [credential, secret] {
            let digest = Hex.text(Insecure.MD5.hash(data: Array(text.utf8)))
            for spelled in [digest, digest.uppercased()] {
                let answer = try await house.get("/plain/login?user=\(id)&md5=\(spelled)", nil)
                #expect(answer.status == 200)
            }
        }
        let reopened = try await KeyRegistry(opening: house.store, now: house.parts.clock.now)
        #expect(reopened[id]?.md5Digests?.count == 64)
    }

    @Test func aWrongNameOrPasswordOpensNothing() async throws {
        let house = try await House()
        let credential = try await house.credential(.manager)
        let other = try await house.credential(.manager)
        let id = try #require(Credential.keyID(in: credential))
        for query in [
            "user=\(id)&password=\(other)", "user=\(id)&password=", "user=\(id)", "user=key_0&password=\(credential)",
            "user=&password=\(credential)", "user=\(id)&md5=\(credential)", "user=\(id)&md5=",
        ] {
            #expect(try await house.get("/plain/login?\(query)", nil).status == 400, "\(query)")
        }
        #expect(house.gate.count(of: .addSession) == 0)
    }

    @Test func aSessionEndsByTimeByHandAndWithItsKey() async throws {
        let clock = ManualClock()
        let house = try await House(clock: clock)
        let credential = try await house.credential(.reporter)
        let (first, second) = (try await logIn(house, credential), try await logIn(house, credential))
        #expect(try await house.get("/plain/logout", first).status == 204)
        #expect(try await house.get(Self.path, first).status == 401)
        #expect(try await house.get(Self.path, second).status == 200)
        clock.advance(by: .seconds(7200))
        #expect(try await house.get(Self.path, second).status == 401)
        let third = try await logIn(house, credential)
        let id = try #require(Credential.keyID(in: credential))
        _ = try await house.send(TestRequest(.delete, "/v1/keys/\(id)"))
        #expect(try await house.get(Self.path, third).status == 401)
    }

    @Test(arguments: ["no-token", "6f1c2a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b"])
    func theEndOfNoSessionWritesNothing(token: String) async throws {
        let house = try await House()
        #expect(try await house.get("/plain/logout", token).status == 204)
        #expect(house.gate.count(of: .removeSession) == 0)
        let own = try await logIn(house, house.credential(.reporter))
        #expect(try await house.get("/plain/logout", own).status == 204)
        #expect(house.gate.count(of: .removeSession) == 1)
    }

    @Test func aStoreThatIsAwayIsSaidSo() async throws {
        let house = try await House()
        let token = try await logIn(house, house.credential(.reporter))
        house.gate.goAway()
        #expect(try await house.get(Self.path, token).status == 503)
        let id = try #require(house.parts.keys.keys.first?.id)
        #expect(try await house.get("/plain/login?user=\(id)&password=x", nil).status == 400)
    }

    @Test func anAPIWithoutAnOrganizationActsInTheCallersOwn() async throws {
        let house = try await House()
        let north = try await house.credential(.reporter, of: "acme-north")
        #expect(try await house.get("/plain/home", north).json == "acme-north")
        let refused = try await house.get("/plain/home")
        #expect(refused.status == 400)
        #expect(refused.text.contains("gatehouse-organization"))
        var request = TestRequest(.get, "/plain/home")
        request.headers[try #require(HTTPField.Name("gatehouse-organization"))] = "other"
        #expect(try await house.send(request).json == "other")
        request.credential = north
        #expect(try await house.send(request).status == 403)
    }
}
