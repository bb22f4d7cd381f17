import Crypto
import Foundation
import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// The rights of a token, and tokens that prove nothing.
@Suite struct IDTokensTests {
    private static let issuer = "https://gatehouse.example"

    private static var settings: ServerSettings {
        var settings = ServerSettings()
        settings.publicURL = issuer
        return settings
    }

    @Test func tokenAndKeyProveTheSameKey() async throws {
        let server = try await TestServer()
        let credential = try await server.credential(.manager)
        let id = try #require(Credential.keyID(in: credential))
        #expect(await server.proves(credential)?.id == id)
        #expect(await server.proves(try await server.token(for: credential)) == server.parts.keys[id])
        #expect(await server.proves(TestServer.admin)?.organization == nil)
    }

    @Test func configuredKeyGetsTokensToo() async throws {
        let server = try await TestServer()
        let answer = try await server.askForToken("key_configuration:\(TestServer.admin)")
        let token = try #require(answer.json?["id_token"]?.text)
        let key = try #require(await server.proves(token))
        #expect(key.id.text == "key_configuration" && key.role == .admin && key.organization == nil)
    }

    @Test func nativeRoutesAcceptOnlyPlainKeys() async throws {
        let server = try await TestServer()
        let token = try await server.token(for: try await server.credential(.admin))
        try await server.get("/v1/organizations", token).expectProblem(401, "unknown-key")
    }

    @Test func tokenExpiresAfterFiveMinutes() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock)
        let token = try await server.token(for: try await server.credential(.reporter))
        clock.advance(by: .seconds(299))
        #expect(await server.proves(token) != nil)
        clock.advance(by: .seconds(1))
        #expect(await server.proves(token) == nil)
    }

    @Test func tokensOfARevokedKeyAreRefused() async throws {
        let server = try await TestServer()
        let credential = try await server.credential(.reporter)
        let id = try #require(Credential.keyID(in: credential))
        let token = try await server.token(for: credential)
        #expect(await server.proves(token) != nil)
        #expect(try await server.send(TestRequest(.delete, "/v1/keys/\(id)")).status == 204)
        #expect(await server.proves(token) == nil)
    }

    @Test func tokenHasThePresentRoleOfItsKey() async throws {
        let server = try await TestServer()
        let credential = try await server.credential(.admin)
        let id = try #require(Credential.keyID(in: credential))
        let token = try await server.token(for: credential)
        #expect(await server.proves(token)?.role == .admin)
        let change = TestRequest(.patch, "/v1/keys/\(id)", json: ["role": "reporter"])
        #expect(try await server.send(change).status == 200)
        #expect(await server.proves(token)?.role == .reporter)
    }

    /// Changes to a token that the gateway's own key then signs.
    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable (inout Forgery) -> Void

        init(_ name: String, _ make: @escaping @Sendable (inout Forgery) -> Void) {
            testDescription = name
            self.make = make
        }
    }

    private static let start = ManualClock().now.seconds

    @Test(arguments: [
        Change("nothing") { _ in }, Change("issued a minute ahead") { $0.claims["iat"] = .integer(start + 60) },
        Change("a claim more") { $0.claims["nonce"] = "x" }, Change("no typ") { $0.header["typ"] = nil },
    ])
    func validTokenOfTheGatewaysKeyIsAccepted(change: Change) async throws {
        #expect(try await proof(of: change) != nil)
    }

    @Test(arguments: [
        Change("alg none") { $0.header["alg"] = "none" }, Change("alg None") { $0.header["alg"] = "None" },
        Change("alg RS256") { $0.header["alg"] = "RS256" }, Change("alg HS256") { $0.header["alg"] = "HS256" },
        Change("alg es256") { $0.header["alg"] = "es256" }, Change("no alg") { $0.header["alg"] = nil },
        Change("alg null") { $0.header["alg"] = .null }, Change("no kid") { $0.header["kid"] = nil },
        Change("another kid") { $0.header["kid"] = "00112233" }, Change("kid a number") { $0.header["kid"] = 1 },
        Change("kid empty") { $0.header["kid"] = "" }, Change("crit") { $0.header["crit"] = ["exp"] },
        Change("expired") { $0.claims["exp"] = .integer(start) }, Change("no exp") { $0.claims["exp"] = nil },
        Change("exp text") { $0.claims["exp"] = .string("\(start + 300)") },
        Change("exp huge") { $0.claims["exp"] = .fraction(1e300) }, Change("iat null") { $0.claims["iat"] = .null },
        Change("issued in the future") { $0.claims["iat"] = .integer(start + 61) },
        Change("another aud") { $0.claims["aud"] = "key_configuration" },
        Change("aud a list") { $0.claims["aud"] = .array([$0.claims["sub"] ?? .null]) },
        Change("no aud") { $0.claims["aud"] = nil }, Change("another sub") { $0.claims["sub"] = "key_configuration" },
        Change("a key that is not there") {
            $0.claims["sub"] = "key_00"
            $0.claims["aud"] = "key_00"
        },
        Change("another issuer") { $0.claims["iss"] = "https://gatehouse.example.evil" },
        Change("the issuer with a slash") { $0.claims["iss"] = "https://gatehouse.example/" },
        Change("no issuer") { $0.claims["iss"] = nil }, Change("no claims") { $0.claims = JSONObject() },
    ])
    func invalidTokenOfTheGatewaysKeyIsRefused(change: Change) async throws {
        #expect(try await proof(of: change) == nil)
    }

    private func proof(of change: Change) async throws -> Key? {
        let server = try await TestServer(settings: Self.settings, clock: ManualClock())
        let token = try await server.token(for: try await server.credential(.manager))
        var forgery = try await Forgery(of: token, in: server)
        change.make(&forgery)
        return await server.proves(try forgery.signed(), settings: Self.settings)
    }

    @Test func issuerIsNotCheckedWithoutAPublicAddress() async throws {
        let server = try await TestServer()
        var forgery = try await Forgery(
            of: try await server.token(for: try await server.credential(.manager)), in: server)
        forgery.claims["iss"] = "http://another.name"
        #expect(await server.proves(try forgery.signed()) != nil)
    }

    @Test func publicKeySignsNothing() async throws {
        let server = try await TestServer()
        var forgery = try await Forgery(
            of: try await server.token(for: try await server.credential(.manager)), in: server)
        #expect(await server.proves(forgery.head + ".") == nil)
        #expect(await server.proves(forgery.head) == nil)
        #expect(await server.proves(try forgery.signed(by: P256.Signing.PrivateKey())) == nil)
        let open = forgery.pair.publicKey
        for algorithm in ["HS256", "ES256"] {
            forgery.header["alg"] = .string(algorithm)
            let secrets = [
                Data(open.pemRepresentation.utf8), open.derRepresentation, open.rawRepresentation,
                open.x963Representation, Data(),
            ]
            for secret in secrets { #expect(await server.proves(forgery.signed(with: secret)) == nil) }
        }
        forgery.header["alg"] = "none"
        for end in ["", ".", ".AA", "." + String(repeating: "A", count: 86)] {
            #expect(await server.proves(forgery.head + end) == nil)
        }
    }

    @Test func tokenOfAnotherGatewayIsRefused() async throws {
        let (ours, theirs) = (try await TestServer(), try await TestServer())
        let credential = try await theirs.credential(.admin)
        let key = try #require(theirs.parts.keys.key(provenBy: credential, at: theirs.parts.clock.now))
        try await ours.parts.keys.apply(GatehouseCore.Change(.add, .key(key)), through: ours.intake)
        let token = try await theirs.token(for: credential)
        _ = try await ours.token(for: try await ours.credential(.admin))
        #expect(await theirs.proves(token) != nil)
        #expect(await ours.proves(token) == nil)
        var forgery = try await Forgery(of: token, in: theirs)
        let kid = try #require(try await ours.publishedKeys().first)
        forgery.header["kid"] = .string(kid)
        #expect(await ours.proves(try forgery.signed()) == nil)
    }

    @Test func changedCharacterInvalidatesAToken() async throws {
        let server = try await TestServer()
        let token = Array(try await server.token(for: try await server.credential(.manager)).utf8)
        for place in token.indices {
            var other = token
            other[place] = token[place] == UInt8(ascii: "B") ? UInt8(ascii: "C") : UInt8(ascii: "B")
            #expect(await server.proves(String(decoding: other, as: UTF8.self)) == nil, "at \(place)")
        }
        let text = String(decoding: token, as: UTF8.self)
        for other in [
            text + "=", text + "==", text + ".", text + "A", " " + text, text + "\n", "." + text, text + text,
        ] {
            #expect(await server.proves(other) == nil)
        }
        // The last character has four unused bits: other values of them give another text.
        for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" where last != text.last {
            #expect(await server.proves(String(text.dropLast()) + String(last)) == nil)
        }
    }

    @Test func otherTextProvesNothing() async throws {
        let server = try await TestServer()
        _ = try await server.token(for: try await server.credential(.manager))
        var random = SeededRandom.fresh()
        let pieces = ["", ".", "..", "e30", "bnVsbA", "W10", "IiI", "eyJhbGciOiJFUzI1NiJ9", "=", "é", "\u{0}", "-_"]
        for round in 0..<2000 {
            let text = (0..<Int.random(in: 0...6, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            #expect(await server.proves(text) == nil, "seed \(random), round \(round): \(text)")
        }
        let deep = Base64URL.text(Array(String(repeating: "[", count: 4000).utf8))
        #expect(await server.proves("\(deep).e30." + String(repeating: "A", count: 86)) == nil)
    }
}
