internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// `POST /oauth2/token`: the client credentials grant of RFC 6749 section 4.4, by which the holder of a key gets a
/// token that stands for it for five minutes.
enum TokenRoute {
    /// Issues a token, or refuses in the form of RFC 6749 section 5.2.
    static func issue(_ call: OpenCall) async throws -> Response {
        do {
            return try await answer(call)
        } catch let refusal as OAuthRefusal {
            return refusal.response
        } catch let error as StoreError {
            call.logger.warning("no key to sign tokens with", metadata: ["error": "\(error)"])
            return OAuthRefusal(error).response
        }
    }

    private static func answer(_ call: OpenCall) async throws -> Response {
        guard let client = ClientCredentials(call.request.headers) else {
            throw OAuthRefusal(.invalidClient, "prove the client by HTTP Basic of its id and secret, form-encoded")
        }
        guard let key = client.key(in: call.parts.keys, at: call.now) else {
            throw OAuthRefusal(.invalidClient, "no client fits what the Authorization field presents")
        }
        call.parts.keys.noteUse(of: key, at: call.now)
        try await TokenRequest(call.request).check(for: key.id)
        let issuer: String
        do {
            issuer = try Issuer.text(of: call)
        } catch {
            throw OAuthRefusal(.invalidRequest, "the Host field is no host and port")
        }
        let token = try await call.parts.tokens.token(for: key.id, issuer: issuer, at: call.now)
        await FirstUse(parts: call.parts, client: call.client, now: call.now, logger: call.logger).note(key)
        let json: JSON = [
            "token_type": "Bearer", "access_token": .string(token), "id_token": .string(token),
            "expires_in": .integer(IDTokens.lifetime.components.seconds),
        ]
        return Response(.ok, json: json, headers: [.cacheControl: "no-store"])
    }
}

/// The address under which the gateway issues tokens.
enum Issuer {
    /// The public address where the settings have one, else the request's own host.
    ///
    /// - Throws: a fault where the host is needed and is none: it would stand in a token and in addresses.
    static func text(of call: OpenCall) throws(Fault) -> String {
        try text(of: call.request, call.settings)
    }

    /// The same for a request on its way elsewhere.
    static func text(of request: Request, _ settings: ServerSettings) throws(Fault) -> String {
        if let address = settings.publicURL { return address }
        let authority = request.head.authority ?? ""
        let text = (settings.identity == nil ? "http://" : "https://") + authority
        guard !authority.contains("/"), !authority.contains("?"), TargetURL(text) != nil else {
            throw Fault(.malformed, field: "host", "the Host field names a host, and a port where it is not 80")
        }
        return text
    }
}
