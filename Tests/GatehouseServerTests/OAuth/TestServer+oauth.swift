import Foundation
import GatehouseCore
import HTTPTypes
import Testing

@testable import GatehouseServer

extension TestServer {
    /// Requests a token with an id and a secret in their form in the header before base64.
    func askForToken(
        _ pair: String, body: String = "grant_type=client_credentials",
        type: String = "application/x-www-form-urlencoded", at path: String = "/oauth2/token"
    ) async throws -> TestAnswer {
        var request = TestRequest(.post, path, nil, type: type, body)
        request.headers[.authorization] = "Basic " + Data(pair.utf8).base64EncodedString()
        return try await send(request)
    }

    /// The token for a credential.
    func token(for credential: String) async throws -> String {
        let id = try #require(Credential.keyID(in: credential))
        let answer = try await askForToken("\(id):\(credential)")
        try #require(answer.status == 200, "\(answer.text)")
        return try #require(answer.json?["access_token"]?.text)
    }

    /// The names of the published keys, the newest first.
    func publishedKeys() async throws -> [String] {
        let answer = try await get("/.well-known/jwks.json", nil)
        try #require(answer.status == 200)
        let keys = try #require(answer.json?["keys"]?.items)
        return keys.compactMap { $0["kid"]?.text }
    }

    /// The key that a text after `Bearer` proves at a vendor's route.
    func proves(_ text: String, settings: ServerSettings = ServerSettings()) async -> Key? {
        try? await BearerProof(
            keys: parts.keys, tokens: api.services.proofs.tokens, sessions: api.state.sessions, clock: parts.clock,
            issuer: settings.publicURL
        ).key(bearing: text)
    }
}

/// The name of the key in a token's header.
func signer(of token: String) throws -> String {
    let key = try TokenParts(token).key
    return try #require(key)
}
