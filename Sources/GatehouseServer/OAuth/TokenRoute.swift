internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// `POST /oauth2/token`: the client credentials grant of RFC 6749 section 4.4, which gives the owner of a key a token
/// that is valid for five minutes.
struct TokenRoute: Sendable {
    let keys: KeyRegistry
    let tokens: IDTokens
    let failedProofs: FailedProofs
    let firstUse: FirstUse

    /// Its path.
    static let pattern = "/oauth2/token"

    /// Issues a token, or refuses in the form of RFC 6749 section 5.2.
    func issue(_ call: OpenCall) async throws -> Response {
        do {
            return try await answer(call)
        } catch let refusal as OAuthProblem {
            return refusal.response
        } catch let error as StoreError {
            call.logger.warning("no key to sign tokens with", metadata: ["error": "\(error)"])
            return OAuthProblem(error).response
        }
    }

    private func answer(_ call: OpenCall) async throws -> Response {
        let presented = ClientCredentials(call.request.headers)
        guard let client = presented, let key = client.key(in: keys, at: call.now) else {
            throw try await refusal(of: presented, call)
        }
        keys.noteUse(of: key, at: call.now)
        call.connection?.noteProof()
        try await TokenRequest(call.request, call.reader(for: key)).check(for: client)
        let token = try await tokens.token(for: key.id, issuer: call.ownAddress, at: call.now)
        await firstUse.note(by: Author(key: key, client: call.client, now: call.now), call.logger)
        let json: JSON = [
            "token_type": "Bearer", "access_token": .string(token), "id_token": .string(token),
            "expires_in": .integer(IDTokens.lifetime.components.seconds),
        ]
        return Response(.ok, json: json, headers: [.cacheControl: "no-store"])
    }
}

extension TokenRoute {
    /// The answer to a client that is not proved: at once if it presents nothing, otherwise after its hold.
    ///
    /// - Throws: ``OAuthProblem`` if too many wrong credentials wait for their answer.
    private func refusal(of presented: ClientCredentials?, _ call: OpenCall) async throws(OAuthProblem)
        -> OAuthProblem
    {
        if call.request.headers[.authorization] != nil {
            let asked = presented.flatMap { keys.key(named: $0.id) }
            do {
                try await failedProofs.hold(
                    FailedProof(interface: .client, client: call.client, asked: .init(asked)))
            } catch {
                throw OAuthProblem(.tooManyGuesses, error.detail, headers: error.headers)
            }
        }
        return presented == nil
            ? OAuthProblem(.invalidClient, "prove the client by HTTP Basic of its id and secret, form-encoded")
            : OAuthProblem(.invalidClient, "no client fits what the Authorization field presents")
    }
}
