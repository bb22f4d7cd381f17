import Foundation
import GatehouseCore
import HTTPTypes
import Testing

@testable import GatehouseServer

/// The gateway's own address, in every place where it prints an absolute URL of its own.
@Suite(.timeLimit(.minutes(1))) struct OwnAddressTests {
    private static func settings(_ publicURL: String? = nil, host: String = "127.0.0.1") -> ServerSettings {
        var settings = ServerSettings()
        settings.publicURL = publicURL
        settings.host = host
        settings.port = 0
        return settings
    }

    private static let evil = "evil.example"

    /// The output of each place, requested with a foreign Host.
    private static func printed(_ server: TestServer) async throws -> [(place: String, url: String)] {
        func ask(_ request: TestRequest) async throws -> TestAnswer {
            var request = request
            request.authority = evil
            request.headers[HTTPField.Name("x-forwarded-host") ?? .userAgent] = evil
            let answer = try await server.send(request)
            #expect(answer.status < 300, "\(request.path): \(answer.text)")
            #expect(!answer.text.contains(evil), "\(request.path): \(answer.text)")
            #expect(!answer.headers.contains { $0.value.contains(evil) }, "\(request.path)")
            return answer
        }
        var found: [(String, String)] = []
        let discovery = try await ask(TestRequest(.get, "/.well-known/openid-configuration", nil))
        for name in ["issuer", "jwks_uri", "token_" + "endpoint"] {
            found.append((name, discovery.json?[name]?.text ?? ""))
        }
        let credential = try await server.credential(.manager)
        var grant = TestRequest(
            .post, "/oauth2/token", nil, type: "application/x-www-form-urlencoded", "grant_type=client_credentials")
        let id = Credential.keyID(in: credential)?.text ?? ""
        grant.headers[.authorization] = "Basic " + Data("\(id):\(credential)".utf8).base64EncodedString()
        let token = try await ask(grant).json?["access_token"]?.text ?? ""
        found.append(("the token's iss", try TokenParts(token).claims["iss"]?.text ?? ""))
        let trigger = try await ask(
            TestRequest(.post, "/v1/triggers", credential, json: ["name": "T", "organization": "acme"]))
        found.append(("the trigger's url", trigger.json?["url"]?.text ?? ""))
        let link = try await ask(TestRequest(.get, "/plain/acme/wishes", credential))
        found.append(("a vendor's link", link.headers[.location] ?? ""))
        return found
    }

    @Test func publicAddressIsUsedEverywhere() async throws {
        let server = try await TestServer(settings: Self.settings("https://gatehouse.example"))
        for (place, url) in try await Self.printed(server) {
            #expect(url.hasPrefix("https://gatehouse.example"), "\(place): \(url)")
            #expect(!url.hasPrefix("https://gatehouse.example:"), "\(place): \(url)")
        }
    }

    @Test func boundAddressIsUsedWithoutAPublicOne() async throws {
        let server = try await TestServer(settings: Self.settings())
        try await server.live { port in
            for (place, url) in try await Self.printed(server) {
                #expect(
                    url == "http://127.0.0.1:\(port)" || url.hasPrefix("http://127.0.0.1:\(port)/"), "\(place): \(url)")
            }
        }
    }

    @Test(arguments: [
        ("127.0.0.1", 8080, "http://127.0.0.1:8080"), ("0.0.0.0", 8080, "http://127.0.0.1:8080"),
        ("::", 8080, "http://[::1]:8080"), ("::1", 8080, "http://[::1]:8080"),
        ("gatehouse.example", 80, "http://gatehouse.example"),
        ("10.0.0.1", 443, "http://10.0.0.1:443"),
    ])
    func boundAddressIsPrintedAsACallableOne(host: String, port: Int, text: String) {
        let address = OwnAddress()
        address.note(port: port)
        #expect(address.text(Self.settings(host: host)) == text)
        var secure = Self.settings(host: host)
        secure.identity = ServerIdentity(certificate: "c", key: "k")
        let wanted = port == 443 ? "https://10.0.0.1" : text.replacing("http://", with: "https://")
        #expect(address.text(secure) == wanted + (port == 80 ? ":80" : ""))
    }

    @Test func onlyAWildcardAddressIsLocal() {
        #expect(OwnAddress.isOnlyLocal(Self.settings(host: "0.0.0.0")))
        #expect(OwnAddress.isOnlyLocal(Self.settings(host: "::")))
        #expect(!OwnAddress.isOnlyLocal(Self.settings(host: "127.0.0.1")))
        #expect(!OwnAddress.isOnlyLocal(Self.settings("https://gatehouse.example", host: "0.0.0.0")))
    }
}
