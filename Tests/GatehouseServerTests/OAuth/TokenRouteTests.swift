import Foundation
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// `POST /oauth2/token` by RFC 6749.
@Suite struct TokenRouteTests {
    /// An id and the two parts of a credential, for tables of header fields.
    struct Client: Sendable {
        let id: String
        let whole: String
        var secret: String { String(whole.split(separator: "_")[2]) }

        init(_ server: TestServer, _ role: Role = .manager, of organization: String = "acme") async throws {
            whole = try await server.credential(role, of: organization)
            id = try #require(Credential.keyID(in: whole)).text
        }
    }

    private func expectRefusal(_ answer: TestAnswer, _ status: Int, _ error: String) {
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.json?["error"]?.text == error, "\(answer.text)")
        let sentence = answer.json?["error_description"]?.text ?? ""
        #expect(
            !sentence.isEmpty && sentence.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C })
        #expect(answer.json?.object?.members.map(\.key) == ["error", "error_description"])
        #expect(answer.headers[.contentType] == "application/json")
        #expect(answer.headers[.cacheControl] == "no-store")
        #expect((answer.headers[.wwwAuthenticate] == "Basic realm=\"gatehouse\"") == (status == 401))
    }

    @Test func answerHasItsMembersInOrderAndIsNotCached() async throws {
        let server = try await TestServer()
        let client = try await Client(server)
        let answer = try await server.askForToken("\(client.id):\(client.whole)")
        #expect(answer.status == 200)
        let token = try #require(answer.json?["access_token"]?.text)
        #expect(
            answer.text == """
                {"token_type":"Bearer","access_token":"\(token)","id_token":"\(token)","expires_in":300}
                """)
        #expect(answer.headers[.cacheControl] == "no-store")
        #expect(answer.headers[.contentType] == "application/json")
        #expect(await server.proves(token)?.id.text == client.id)
        #expect(try await server.token(for: client.whole) != token)
    }

    @Test(
        arguments: [
            { "\($0.id):\($0.whole)" }, { "\($0.id):\($0.secret)" },
            { $0.id.replacing("_", with: "%5f") + ":" + $0.whole.replacing("_", with: "%5F") },
            { _ in "key_configuration:\(TestServer.admin)" }, { _ in "key%5Fconfiguration:\(TestServer.admin)" },
        ] as [@Sendable (Client) -> String])
    func clientSecretIsTheWholeCredentialOrItsSecretPart(pair: @Sendable (Client) -> String) async throws {
        let server = try await TestServer()
        #expect(try await server.askForToken(pair(try await Client(server))).status == 200)
    }

    @Test func everyRoleGetsAToken() async throws {
        let server = try await TestServer()
        for role in Role.allCases {
            let token = try await server.token(for: try await server.credential(role))
            #expect(await server.proves(token)?.role == role)
        }
    }

    @Test(
        arguments: [
            { $0.id + ":" + $0.whole.dropLast() + ($0.whole.hasSuffix("0") ? "1" : "0") }, { "\($0.id):" }, { $0.id },
            { "\($0.id):\($0.secret.dropLast())" }, { "\($0.id): \($0.secret)" }, { "\($0.id):\($0.secret) " },
            { "\($0.id):\($0.secret):" }, { "key_0011:\($0.whole)" }, { ":\($0.whole)" }, { "\($0.whole):\($0.id)" },
            { "key_configuration:\($0.whole)" }, { "\($0.id):\(TestServer.admin)" }, { _ in "key_configuration:0001" },
            { _ in "key_configuration:configured-admin-credential-0002" }, { _ in "key_configuration:" },
            { "\($0.id):%zz" }, { "%ff:\($0.whole)" }, { _ in ":" }, { _ in "" }, { _ in "\u{0}:\u{0}" },
        ] as [@Sendable (Client) -> String])
    func unprovedClientIsRefused(pair: @Sendable (Client) -> String) async throws {
        let server = try await TestServer()
        let answer = try await server.askForToken(pair(try await Client(server)))
        expectRefusal(answer, 401, "invalid_client")
        #expect(try await server.store.tokenKeys().isEmpty)
    }

    @Test func anotherKeysSecretProvesNothing() async throws {
        let server = try await TestServer()
        let (one, two) = (try await Client(server), try await Client(server))
        for secret in [two.whole, two.secret] {
            expectRefusal(try await server.askForToken("\(one.id):\(secret)"), 401, "invalid_client")
        }
    }

    @Test(arguments: [
        nil, "", "Basic", "Basic !", "Basic Og==", "Basic YTpi YTpi", "Bearer \(TestServer.admin)", "YTpi",
    ])
    func onlyBasicIsAccepted(field: String?) async throws {
        let server = try await TestServer()
        var request = TestRequest(
            .post, "/oauth2/token", nil, type: "application/x-www-form-urlencoded", "grant_type=client_credentials")
        request.headers[.authorization] = field
        expectRefusal(try await server.send(request), 401, "invalid_client")
    }

    @Test(arguments: [
        ("grant_type=password", "unsupported_grant_type"), ("grant_type=authorization_code", "unsupported_grant_type"),
        ("grant_type=CLIENT_CREDENTIALS", "unsupported_grant_type"), ("", "invalid_request"), ("&&", "invalid_request"),
        ("grant_type=", "invalid_request"), ("grant_type", "invalid_request"), ("scope=openid", "invalid_request"),
        ("grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        ("grant_type=client_credentials&x=1&x=2", "invalid_request"),
        ("grant_type=client_credentials&grant%5Ftype=", "invalid_request"),
        ("grant_type=client_credentials&x=%zz", "invalid_request"), ("%ff=1", "invalid_request"),
        ("grant_type=client_credentials&client_secret=x", "invalid_request"),
        ("grant_type=client_credentials&client_id=key_00", "invalid_request"),
        ("grant_type=client_credentials&scope=admin", "invalid_scope"),
        ("grant_type=client_credentials&scope=openid+profile", "invalid_scope"),
        ("{\"grant_type\":\"client_credentials\"}", "invalid_request"),
    ])
    func otherTokenRequestIsRefused(body: String, error: String) async throws {
        let server = try await TestServer()
        let client = try await Client(server)
        expectRefusal(try await server.askForToken("\(client.id):\(client.whole)", body: body), 400, error)
        #expect(try await server.store.tokenKeys().isEmpty)
    }

    @Test(arguments: [
        "grant_type=client_credentials&scope=openid", "scope=&grant_type=client_credentials",
        "&grant_type=client_credentials&", "grant%5Ftype=client%5fcredentials", "grant_type=client_credentials&foo=bar",
    ])
    func supportedTokenRequestIsAccepted(body: String) async throws {
        let server = try await TestServer()
        let client = try await Client(server)
        let type = "Application/X-WWW-Form-URLEncoded; charset=UTF-8"
        #expect(try await server.askForToken("\(client.id):\(client.whole)", body: body, type: type).status == 200)
        let named = body + "&client_id=\(client.id)"
        #expect(try await server.askForToken("\(client.id):\(client.whole)", body: named).status == 200)
    }

    @Test(arguments: ["application/json", "text/plain", "", "application/x-www-form-urlencoded; charset=latin1"])
    func anotherMediaTypeIsRefused(type: String) async throws {
        let server = try await TestServer()
        let client = try await Client(server)
        expectRefusal(
            try await server.askForToken("\(client.id):\(client.whole)", type: type), 400, "invalid_request")
    }

    @Test(arguments: [true, false])
    func bodyBeyondTheBoundIsRefused(isLengthAnnounced: Bool) async throws {
        let server = try await TestServer()
        let client = try await Client(server)
        for (bytes, status) in [(8 * 1024, 200), (8 * 1024 + 1, 400)] {
            let start = "grant_type=client_credentials&x="
            let body = start + String(repeating: "x", count: bytes - start.utf8.count)
            var request = TestRequest(
                .post, "/oauth2/token", nil, type: "application/x-www-form-urlencoded", body)
            request.isLengthAnnounced = isLengthAnnounced
            let pair = "\(client.id):\(client.whole)"
            request.headers[.authorization] = "Basic " + Data(pair.utf8).base64EncodedString()
            let answer = try await server.send(request)
            if status == 400 { expectRefusal(answer, 400, "invalid_request") } else { #expect(answer.status == 200) }
        }
    }

    @Test func bodyThatIsNotTextIsRefused() async throws {
        let server = try await TestServer()
        let client = try await Client(server)
        var request = TestRequest(.post, "/oauth2/token", nil, type: "application/x-www-form-urlencoded", "")
        request.body = [0xFF, 0xFE, 0x00]
        for pair in [Data("\(client.id):\(client.whole)".utf8), Data([0xFF, 0x3A, 0xFF])] {
            request.headers[.authorization] = "Basic " + pair.base64EncodedString()
            #expect([400, 401].contains(try await server.send(request).status))
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func mutatedRequestsAreAnsweredBelow500(seed: UInt64) async throws {
        var random = Dice(state: seed)
        let server = try await TestServer()
        let client = try await Client(server)
        func mutated(_ text: String) -> [UInt8] {
            var bytes = Array(text.utf8)
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let place = Int.random(in: 0...bytes.count, using: &random)
                let piece = ["%", "%f", "+", "&", "=", ":", "\u{0}", "é", "&grant_type"].randomElement(using: &random)
                bytes.insert(contentsOf: Array((piece ?? "").utf8), at: place)
                if Bool.random(using: &random) { bytes.remove(at: Int.random(in: 0..<bytes.count, using: &random)) }
            }
            return bytes
        }
        for round in 0..<300 {
            var request = TestRequest(.post, "/oauth2/token", nil, type: "application/x-www-form-urlencoded", "")
            request.body = mutated("grant_type=client_credentials&scope=openid")
            let pair = Data(mutated("\(client.id):\(client.whole)"))
            request.headers[.authorization] = "Basic " + pair.base64EncodedString()
            let answer = try await server.send(request)
            #expect([200, 400, 401].contains(answer.status), "seed \(seed), round \(round): \(answer.text)")
        }
    }

    @Test func storeOutageIsReportedAndChangesNothing() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock)
        let client = try await Client(server)
        server.gate.goAway()
        let answer = try await server.askForToken("\(client.id):\(client.whole)")
        expectRefusal(answer, 503, "temporarily_unavailable")
        #expect(answer.headers[.retryAfter] == "1")
        #expect(try await server.publishedKeys().isEmpty)
        server.gate.comeBack()
        #expect(try await server.store.tokenKeys().isEmpty)
        let token = try await server.token(for: client.whole)
        server.gate.goAway()
        #expect(try await server.askForToken("\(client.id):\(client.whole)").status == 200)
        #expect(await server.proves(token) != nil)
        clock.advance(by: .seconds(24 * 3600))
        expectRefusal(
            try await server.askForToken("\(client.id):\(client.whole)"), 503, "temporarily_unavailable")
        #expect(try await server.publishedKeys() == [try signer(of: token)])
    }

    @Test func logContainsNoSecretOrToken() async throws {
        let server = try await TestServer()
        let client = try await Client(server)
        let token = try await server.token(for: client.whole)
        _ = try await server.askForToken("\(client.id):\(client.secret)x")
        server.gate.goAway()
        _ = await server.proves(token + "x")
        let all = server.log.lines.map { "\($0.text) \($0.metadata)" }.joined()
        #expect(all.contains("/oauth2/token"))
        for secret in [client.secret, token, Data("\(client.id):\(client.whole)".utf8).base64EncodedString()] {
            #expect(!all.contains(secret))
        }
    }

    /// Vendors' clients may add a slash to every path.
    @Test func slashAtTheEndIsIgnored() async throws {
        let server = try await TestServer()
        let client = try await Client(server)
        for (pair, status) in [("\(client.id):\(client.secret)", 200), ("\(client.id):x", 401)] {
            let answer = try await server.askForToken(pair, at: "/oauth2/token/")
            #expect(answer.status == status && (status == 200 || answer.json?["error"] == "invalid_client"))
        }
        try await server.get("/oauth2/token/", nil).expectProblem(405, "wrong-method")
        try await server.get("/.well-known/jwks.json/", nil).expectProblem(404, "not-found")
    }

    @Test func onlyPostIsAccepted() async throws {
        let server = try await TestServer()
        try await server.get("/oauth2/token", nil).expectProblem(405, "wrong-method")
        try await server.post("/.well-known/jwks.json", [:], nil).expectProblem(405, "wrong-method")
    }
}
