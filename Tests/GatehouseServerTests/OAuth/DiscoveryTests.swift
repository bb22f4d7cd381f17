import Crypto
import Foundation
import GatehouseCore
import HTTPTypes
import JWTKit
import Testing

@testable import GatehouseServer

/// A client needs only discovery to get a token, and verifies it only with published data.
@Suite struct DiscoveryTests {
    private static func settings(_ publicURL: String?) -> ServerSettings {
        var settings = ServerSettings()
        settings.publicURL = publicURL
        return settings
    }

    @Test(arguments: ["https://gatehouse.example", "https://example.org:8443/doors", nil])
    func clientGetsAVerifiedTokenByDiscovery(publicURL: String?) async throws {
        let server = try await TestServer(settings: Self.settings(publicURL))
        let base = publicURL ?? "http://127.0.0.1:8080"
        let credential = try await server.credential(.manager)
        let id = try #require(Credential.keyID(in: credential)).text
        let found = try await server.get("/.well-known/openid-configuration", nil)
        let document = try #require(found.json)
        #expect(document["issuer"]?.text == base)
        func path(_ member: String) throws -> String {
            let address = try #require(document[member]?.text)
            #expect(address.hasPrefix(base + "/"))
            return String(address.dropFirst(base.count))
        }
        var ask = TestRequest(
            .post, try path("token_" + "endpoint"), nil, type: "application/x-www-form-urlencoded",
            "grant_type=client_credentials")
        ask.headers[.authorization] = "Basic " + Data("\(id):\(credential)".utf8).base64EncodedString()
        let answer = try await server.send(ask)
        let token = try #require(answer.json?["id_token"]?.text)
        let published = try await server.get(try path("jwks_uri"), nil)
        let keys = try #require(published.json?["keys"]?.items)
        #expect(keys.count == 1)
        for key in keys { try verify(token, by: key, issuer: base, client: id) }
        let claims = try await JWTKeyCollection().add(jwksJSON: published.text).verify(token, as: TokenClaims.self)
        #expect(claims.sub == id)
    }

    /// By RFC 7515 and RFC 7518, only with Crypto.
    private func verify(_ token: String, by key: JSON, issuer: String, client: String) throws {
        let parts = try TokenParts(token)
        let point = ["x", "y"].map { key[$0]?.text.flatMap { Base64URL.bytes($0) } ?? [] }
        #expect(point.map(\.count) == [32, 32])
        let publicKey = try P256.Signing.PublicKey(x963Representation: [0x04] + point.joined())
        let signature = try P256.Signing.ECDSASignature(rawRepresentation: parts.signature)
        #expect(publicKey.isValidSignature(signature, for: Data(parts.signed.utf8)))
        #expect(parts.header["alg"]?.text == "ES256" && parts.header["typ"]?.text == "JWT")
        #expect(parts.key == key["kid"]?.text)
        #expect(key["kty"]?.text == "EC" && key["crv"]?.text == "P-256" && key["use"]?.text == "sig")
        #expect(key["d"] == nil)
        #expect(parts.claims["iss"]?.text == issuer)
        #expect(parts.claims["sub"]?.text == client && parts.claims["aud"]?.text == client)
        #expect(parts.claims["iat"]?.integer == StandingClock().now.seconds)
        #expect(parts.claims["exp"]?.integer == StandingClock().now.seconds + 300)
        #expect(parts.claims["jti"]?.text?.count == 32)
    }

    @Test func documentListsTheSupportedFeatures() async throws {
        let server = try await TestServer(settings: Self.settings("https://gatehouse.example"))
        let answer = try await server.get("/.well-known/openid-configuration", nil)
        #expect(answer.headers[.contentType] == "application/json")
        let route = "token_" + "endpoint"
        #expect(
            answer.text == """
                {"issuer":"https://gatehouse.example","\(route)":"https://gatehouse.example/oauth2/token",\
                "jwks_uri":"https://gatehouse.example/.well-known/jwks.json",\
                "grant_types_supported":["client_credentials"],"response_types_supported":[],\
                "subject_types_supported":["public"],"id_token_signing_alg_values_supported":["ES256"],\
                "\(route)_auth_methods_supported":["client_secret_basic"],"scopes_supported":["openid"]}
                """)
    }

    @Test func noKeyIsPublishedBeforeTheFirstToken() async throws {
        let server = try await TestServer()
        #expect(try await server.publishedKeys().isEmpty)
    }

    /// The issuer was once the request's Host: a caller with another Host got tokens of that issuer.
    @Test(arguments: ["gatehouse.example", "evil.example:8443", "127.0.0.1:1", "[::1]:8080", nil])
    func boundAddressIsTheIssuerWithoutAPublicOne(host: String?) async throws {
        let server = try await TestServer()
        var request = TestRequest(.get, "/.well-known/openid-configuration", nil)
        request.authority = host
        #expect(try await server.send(request).json?["issuer"]?.text == "http://127.0.0.1:8080")
    }

    @Test func hostFieldIsIgnoredWithAPublicAddress() async throws {
        let server = try await TestServer(settings: Self.settings("https://gatehouse.example"))
        var request = TestRequest(.get, "/.well-known/openid-configuration", nil)
        request.authority = "evil.example"
        #expect(try await server.send(request).json?["issuer"]?.text == "https://gatehouse.example")
    }
}
