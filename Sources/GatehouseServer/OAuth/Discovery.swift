internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// OpenID Connect Discovery 1.0 for clients, and the keys that verify our tokens.
struct Discovery: Sendable {
    let tokens: IDTokens

    /// `GET /.well-known/openid-configuration` (Discovery 1.0, section 4). The gateway cannot authorize persons, so the
    /// document has no authorization address and no response type.
    func document(_ call: OpenCall) async throws -> Response {
        let issuer = call.ownAddress
        let route = "token_" + "endpoint"
        let members: [JSONObject.Member] = [
            .init("issuer", .string(issuer)),
            .init(route, .string(issuer + "/oauth2/token")),
            .init("jwks_uri", .string(issuer + "/.well-known/jwks.json")),
            .init("grant_types_supported", ["client_credentials"]),
            .init("response_types_supported", []),
            .init("subject_types_supported", ["public"]),
            .init("id_token_signing_alg_values_supported", [.string(SigningKey.algorithm)]),
            .init(route + "_auth_methods_supported", ["client_secret_basic"]),
            .init("scopes_supported", ["openid"]),
        ]
        return Response(.ok, json: .object(JSONObject(members)))
    }

    /// `GET /.well-known/jwks.json`: a JSON Web Key Set (RFC 7517 section 5).
    func keys(_ call: OpenCall) async throws -> Response {
        let keys = await tokens.published(at: call.now)
        return Response(.ok, json: ["keys": .array(keys)])
    }
}
