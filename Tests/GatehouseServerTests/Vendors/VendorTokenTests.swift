import Crypto
import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// A vendor's clients send a token or a plain key; any other credential is 401 in the vendor's form, and nothing
/// changes.
@Suite struct VendorTokenTests {
    private static let path = "/plain/acme/wishes"
    private static let wish: JSON = ["name": "Ours", "url": "https://receiver.example/in"]

    private func expectUnauthorized(_ answer: TestAnswer, _ what: String) {
        #expect(answer.status == 401, "\(what): \(answer.text)")
        #expect(answer.json?["no"]?.text?.isEmpty == false, "\(what)")
        #expect(answer.headers[.wwwAuthenticate] == "Bearer")
    }

    @Test func tokenHasTheRightsOfItsKey() async throws {
        let server = try await TestServer()
        let manager = try await server.token(for: server.credential(.manager))
        let reporter = try await server.token(for: server.credential(.reporter))
        let foreign = try await server.token(for: server.credential(.manager, of: "other"))
        #expect(try await server.post(Self.path, Self.wish, manager).status == 201)
        #expect(try await server.get(Self.path, reporter).json == ["Ours"])
        #expect(try await server.post(Self.path, Self.wish, reporter).status == 403)
        #expect(try await server.get(Self.path, foreign).status == 403)
        #expect(try await server.get("/v1/doors", manager).status == 401, "the native API takes keys alone")
    }

    @Test func tokenRequestAcceptsItsKeyOnce() async throws {
        let server = try await TestServer()
        let ana = Key.Owner(id: "u1", firstName: "Ana", lastName: "Reis", email: "ana@example.com")
        let token = try await server.token(for: server.credential(.reporter, owner: ana))
        #expect(try await server.taken().map(\.kind) == [.permissionAccepted])
        for _ in 0..<2 { _ = try await server.get(Self.path, token) }
        #expect(try await server.taken().map(\.kind) == [.permissionAccepted])
    }

    @Test func foreignOrExpiredTokenIsRefused() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock)
        let other = try await TestServer()
        let credential = try await server.credential(.manager)
        let token = try await server.token(for: credential)
        let forgery = try await Forgery(of: token, in: server)
        var unsigned = forgery
        unsigned.header["alg"] = "none"
        var promoted = forgery
        promoted.claims["sub"] = "key_configuration"
        let presented = [
            ("foreign", try await other.token(for: other.credential(.manager))),
            ("tampered", try forgery.signed(by: P256.Signing.PrivateKey())),
            ("alg none", unsigned.head + "."), ("cut", String(token.dropLast(4))), ("garbage", "a.b.c"),
            ("another's claims", promoted.head + "." + (token.split(separator: ".").last.map(String.init) ?? "")),
        ]
        for (what, text) in presented {
            expectUnauthorized(try await server.post(Self.path, Self.wish, text), what)
            expectUnauthorized(try await server.send(TestRequest(.delete, Self.path, text)), what)
        }
        clock.advance(by: .seconds(301))
        expectUnauthorized(try await server.post(Self.path, Self.wish, token), "expired")
        let fresh = try await server.token(for: credential)
        let id = try #require(Credential.keyID(in: credential))
        _ = try await server.send(TestRequest(.delete, "/v1/keys/\(id)"))
        expectUnauthorized(try await server.post(Self.path, Self.wish, fresh), "revoked")
        #expect(server.parts.subscriptions.index.all.isEmpty)
    }
}
