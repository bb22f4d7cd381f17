import Crypto
import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// A vendor's clients log in with a key's id and secret, and use a session until it ends.
@Suite struct VendorSessionTests {
    private static let path = "/plain/acme/wishes"

    private func logIn(_ server: TestServer, _ credential: String) async throws -> String {
        let id = try #require(Credential.keyID(in: credential))
        let answer = try await server.get("/plain/login?user=\(id)&password=\(credential)", nil)
        try #require(answer.status == 200, "\(answer.text)")
        return try #require(answer.json?.text)
    }

    @Test func sessionHasTheRightsOfItsKeyAsBearerAndAsCookie() async throws {
        let server = try await TestServer()
        let token = try await logIn(server, server.credential(.reporter))
        #expect(try await server.get(Self.path, token).status == 200)
        #expect(try await server.send(TestRequest(.delete, Self.path, token)).status == 403)
        var request = TestRequest(.get, Self.path, nil)
        request.headers[.cookie] = "theme=dark; Plain.Auth=\(token)"
        #expect(try await server.send(request).status == 200)
        #expect(try await server.get("/v1/doors", token).status == 401, "the native API knows no sessions")
    }

    @Test func passwordMayBeItsMD5InEitherCase() async throws {
        let server = try await TestServer()
        let credential = try await server.credential(.manager)
        let id = try #require(Credential.keyID(in: credential))
        let secret = try #require(credential.split(separator: "_").last.map(String.init))
        for text in [credential, secret] {
            let digest = Hex.text(Insecure.MD5.hash(data: Array(text.utf8)))
            for spelled in [digest, digest.uppercased()] {
                let answer = try await server.get("/plain/login?user=\(id)&md5=\(spelled)", nil)
                #expect(answer.status == 200)
            }
        }
        let reopened = try await KeyRegistry(opening: server.store, now: server.parts.clock.now)
        #expect(reopened[id]?.md5Digests?.count == 64)
    }

    @Test func wrongNameOrPasswordOpensNoSession() async throws {
        let server = try await TestServer()
        let credential = try await server.credential(.manager)
        let other = try await server.credential(.manager)
        let id = try #require(Credential.keyID(in: credential))
        for query in [
            "user=\(id)&password=\(other)", "user=\(id)&password=", "user=\(id)", "user=key_0&password=\(credential)",
            "user=&password=\(credential)", "user=\(id)&md5=\(credential)", "user=\(id)&md5=",
        ] {
            #expect(try await server.get("/plain/login?\(query)", nil).status == 400, "\(query)")
        }
        #expect(server.gate.count(of: .addSession) == 0)
    }

    @Test func sessionEndsByTimeByLogoutAndWithItsKey() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock)
        let credential = try await server.credential(.reporter)
        let (first, second) = (try await logIn(server, credential), try await logIn(server, credential))
        #expect(try await server.get("/plain/logout", first).status == 204)
        #expect(try await server.get(Self.path, first).status == 401)
        #expect(try await server.get(Self.path, second).status == 200)
        clock.advance(by: .seconds(7200))
        #expect(try await server.get(Self.path, second).status == 401)
        let third = try await logIn(server, credential)
        let id = try #require(Credential.keyID(in: credential))
        _ = try await server.send(TestRequest(.delete, "/v1/keys/\(id)"))
        #expect(try await server.get(Self.path, third).status == 401)
    }

    @Test(arguments: ["no-token", "6f1c2a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b"])
    func logoutWithoutASessionWritesNothing(token: String) async throws {
        let server = try await TestServer()
        #expect(try await server.get("/plain/logout", token).status == 204)
        #expect(server.gate.count(of: .removeSession) == 0)
        let own = try await logIn(server, server.credential(.reporter))
        #expect(try await server.get("/plain/logout", own).status == 204)
        #expect(server.gate.count(of: .removeSession) == 1)
    }

    @Test func storeOutageIsReported() async throws {
        let server = try await TestServer()
        let token = try await logIn(server, server.credential(.reporter))
        server.gate.goAway()
        #expect(try await server.get(Self.path, token).status == 503)
        let id = try #require(server.parts.keys.keys.first?.id)
        #expect(try await server.get("/plain/login?user=\(id)&password=x", nil).status == 400)
    }

    @Test func requestWithoutAnOrganizationActsInTheCallersOwn() async throws {
        let server = try await TestServer()
        let north = try await server.credential(.reporter, of: "acme-north")
        #expect(try await server.get("/plain/home", north).json == "acme-north")
        let refused = try await server.get("/plain/home")
        #expect(refused.status == 400)
        #expect(refused.text.contains("gatehouse-organization"))
        var request = TestRequest(.get, "/plain/home")
        request.headers[try #require(HTTPField.Name("gatehouse-organization"))] = "other"
        #expect(try await server.send(request).json == "other")
        request.credential = north
        #expect(try await server.send(request).status == 403)
    }
}
