internal import Crypto
internal import Foundation
internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseGateway
internal import GatehouseServer
internal import GatehouseTesting
internal import HTTPTypes
import Testing

/// The answers of the contract's own routes to a token that was valid once, or is valid elsewhere.
@Suite struct ProdataKeyTokenTests {
    private static let issuer = "https://gatehouse.example"

    /// The parts of a token, to change it and sign it again with the gateway's own key.
    private struct Token {
        let header: String
        var claims: JSONObject
        let pair: P256.Signing.PrivateKey

        init(_ text: String, signedBy stored: TokenKey) throws {
            let parts = text.split(separator: ".")
            try #require(parts.count == 3)
            header = String(parts[0])
            let body = try #require(Self.bytes(parts[1]))
            claims = try #require(try JSONParser.parse(body).object)
            pair = try P256.Signing.PrivateKey(pemRepresentation: stored.privateKey.revealed)
        }

        func saying(_ more: JSONObject) throws -> String {
            var claims = claims
            for member in more.members { claims[member.key] = member.value }
            let head = header + "." + Self.text(Data(JSON.object(claims).bytes))
            return head + "." + Self.text(try pair.signature(for: Data(head.utf8)).rawRepresentation)
        }

        private static func bytes(_ part: Substring) -> [UInt8]? {
            let standard = part.replacing("-", with: "+").replacing("_", with: "/")
            let padding = String(repeating: "=", count: (4 - standard.count % 4) % 4)
            return Data(base64Encoded: standard + padding).map { Array($0) }
        }

        private static func text(_ data: Data) -> String {
            data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }
    }

    /// A gateway with a webhook, a genuine token for it, and the store with the key that signed the token.
    private func withGateway(
        _ test: (_ gateway: LiveGateway.Client, _ path: String, _ token: Token) async throws -> Void
    ) async throws {
        try await LiveGateway.with(Dialects.all, { $0.server.publicURL = Self.issuer }) { gateway in
            try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
            let key = try await gateway.make(
                "/v1/keys", ["name": "K", "role": "manager", "organization": "acme", "privacyLevel": 0])
            let made = try await gateway.make(ProdataKeyManageTests.hooks, ProdataKeyManageTests.created)
            let text = try await token(for: key, gateway)
            let token = try Token(text, signedBy: #require(try await gateway.store.tokenKeys().last))
            try await test(gateway, "\(ProdataKeyManageTests.hooks)/\(made["id"]?.text ?? "")", token)
        }
    }

    private func token(for key: JSON, _ gateway: LiveGateway.Client) async throws -> String {
        let pair = "\(key["id"]?.text ?? ""):\(key["key"]?.text ?? "")"
        let answer = try await gateway.send(
            .post, "/oauth2/token", key: nil,
            headers: [
                .authorization: "Basic " + Data(pair.utf8).base64EncodedString(),
                .contentType: "application/x-www-form-urlencoded",
            ], body: Array("grant_type=client_credentials".utf8))
        try #require(answer.status == 200, "\(answer.text)")
        return try #require(answer.json["id_token"]?.text)
    }

    private func expectUnauthorized(_ answer: LiveGateway.Client.Answer, _ what: String) {
        #expect(answer.status == 401, "\(what): \(answer.text)")
        #expect(answer.json.object?.members.map(\.key) == ["statusCode", "error", "message"], "\(what)")
        #expect(answer.json["statusCode"] == 401 && answer.json["error"] == "Unauthorized", "\(what)")
        #expect(answer.headers[.wwwAuthenticate] == "Bearer", "\(what)")
    }

    /// Each of the five routes, by the method and the path.
    private func ask(
        _ gateway: LiveGateway.Client, _ path: String, bearing token: String
    ) async throws -> [(what: String, answer: LiveGateway.Client.Answer)] {
        let list = ProdataKeyManageTests.hooks
        let renamed = ProdataKeyManageTests.with(ProdataKeyManageTests.updated, ["name": "Taken over"])
        return [
            ("create", try await gateway.post(list, ProdataKeyManageTests.created, key: token)),
            ("list", try await gateway.get(list, key: token)),
            ("retrieve", try await gateway.get(path, key: token)),
            ("update", try await gateway.put(path, renamed, key: token)),
            ("delete", try await gateway.send(.delete, path, key: token)),
        ]
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("expired an hour ago", ["exp": -3600, "iat": -3900]), ("expired this very second", ["exp": 0]),
            ("issued in an hour", ["exp": 3900, "iat": 3600]),
        ] as [(String, [String: Int64])])
    func expiredTokenIsRefusedAndNothingChanges(_ what: String, _ times: [String: Int64]) async throws {
        try await withGateway { gateway, path, token in
            let now = Int64(Date().timeIntervalSince1970)
            let claims = times.map { JSONObject.Member($0.key, .integer(now + $0.value)) }
            try await expectNothingDone(by: try token.saying(JSONObject(claims)), what, gateway, path)
        }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("another issuer", ["iss": "https://elsewhere.example"]),
            ("another audience", ["aud": "key_of_somebody_else"]), ("another subject", ["sub": "key_configuration"]),
        ] as [(String, JSONObject)])
    func tokenForAnotherAudienceIsRefusedAndNothingChanges(_ what: String, _ claims: JSONObject) async throws {
        try await withGateway { gateway, path, token in
            try await expectNothingDone(by: try token.saying(claims), what, gateway, path)
        }
    }

    /// The same signer and the same key without a change is accepted: so the others are refused because of their
    /// changes.
    @Test(.timeLimit(.minutes(1)))
    func unchangedTokenIsAcceptedEverywhere() async throws {
        try await withGateway { gateway, path, token in
            let answers = try await ask(gateway, path, bearing: try token.saying([:]))
            #expect(answers.map(\.answer.status) == [201, 200, 200, 204, 204])
        }
    }

    private func expectNothingDone(
        by token: String, _ what: String, _ gateway: LiveGateway.Client, _ path: String
    ) async throws {
        let before = try await gateway.get(ProdataKeyManageTests.hooks).text
        for (route, answer) in try await ask(gateway, path, bearing: token) {
            expectUnauthorized(answer, "\(what), \(route)")
        }
        #expect(try await gateway.get(ProdataKeyManageTests.hooks).text == before, "\(what)")
    }
}
