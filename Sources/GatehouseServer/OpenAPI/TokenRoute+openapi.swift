internal import GatehouseCore
internal import HTTPTypes

extension TokenRoute {
    /// The document's part about tokens.
    static let subject = Subject(
        "Tokens",
        "Tokens stand for a key for five minutes (RFC 6749 section 4.4). The vendors' routes take them; those under "
            + "`/v1` take keys alone.",
        schemas: [
            ("TokenRequest", .record(request)), ("Token", .record(token)), ("TokenRefusal", .record(refusal)),
            ("Issuer", .record(issuer)), ("TokenKeys", .record(keys)),
        ],
        operations: operations)

    // swift-format-ignore
    private static let operations: [Operation] = [
        issuing,
        .get("/.well-known/openid-configuration", "showIssuer", "How a client finds its way (OpenID Connect Discovery 1.0)").answers("Issuer", issuerSample).fails(.malformed),
        .get("/.well-known/jwks.json", "listTokenKeys", "The keys that verify tokens (RFC 7517)").answers("TokenKeys", keysSample),
    ]

    private static let issuing: Operation = {
        let sent = Operation.Media(
            "application/x-www-form-urlencoded", .ref("TokenRequest"), [("", ["grant_type": "client_credentials"])])
        let given = Operation.Media("application/json", .ref("Token"), [("", tokenSample)])
        var operation = Operation.post("/oauth2/token", "issueToken", "Gives the holder of a key a token").provingClient
            .takes([sent]).answers(.init(.ok, "The token, twice: clients look under either name.", [given]))
        let statuses = Set(OAuthProblem.Code.allCases.map(\.status)).sorted { $0.code < $1.code }
        for status in statuses { operation = operation.answers(answer(status)) }
        return operation
    }()

    /// The refusals of the route, in the form of RFC 6749 section 5.2.
    private static func answer(_ status: HTTPResponse.Status) -> Operation.Answer {
        let codes = OAuthProblem.Code.allCases.filter { $0.status == status }
        let words = Schema.record([.must("error", .word(codes.map(\.rawValue)))])
        let samples: [(String, JSON)] = codes.map { code in
            (code.rawValue, ["error": .string(code.rawValue), "error_description": "what would be right"])
        }
        var answer = Operation.Answer(
            status, codes.map(\.rawValue).joined(separator: ", or: "),
            [.init("application/json", .all(of: [.ref("TokenRefusal"), words]), samples)])
        if status == .unauthorized { answer.headers = ["WWW-Authenticate"] }
        if status == .serviceUnavailable || status == .tooManyRequests { answer.headers = ["Retry-After"] }
        return answer
    }

    // swift-format-ignore
    private static let request: [Property] = [
        .must("grant_type", .word(["client_credentials"]), "The one grant there is."),
        .may ("scope",      .word(["openid"]),             "The one scope there is."),
    ]

    // swift-format-ignore
    private static let token: [Property] = [
        .must("token_type",   .always("Bearer")),
        .must("access_token", .text(), "A signed token (RFC 7519)."),
        .must("id_token",     .text(), "The same."),
        .must("expires_in",   .count,  "For how many seconds it stands."),
    ]

    // swift-format-ignore
    private static let refusal: [Property] = [
        .must("error",             .word(OAuthProblem.Code.allCases.map(\.rawValue)), "What sort of refusal it is."),
        .must("error_description", .text(), "What is wrong and what would be right."),
    ]

    private static let texts = Schema.list(of: .text())
    private static let route = "token_" + "endpoint"

    // swift-format-ignore
    private static let issuer: [Property] = [
        .must("issuer",                                .text(), "Who issues tokens."),
        .must(route,                                   .text(), "Where a token is asked for."),
        .must("jwks_uri",                              .text(), "Where the keys are."),
        .must("grant_types_supported",                 texts),
        .must("response_types_supported",              texts),
        .must("subject_types_supported",               texts),
        .must("id_token_signing_alg_values_supported", texts),
        .must(route + "_auth_methods_supported",       texts),
        .must("scopes_supported",                      texts),
    ]

    // swift-format-ignore
    private static let key: [Property] = [
        .must("kty", .text()), .must("crv", .text()), .must("x", .text()), .must("y", .text()),
        .must("kid", .text()), .must("alg", .text()), .must("use", .text()),
    ]

    private static let keys: [Property] = [.must("keys", .list(of: .record(key)), "The newest first.")]

    private static let tokenSample: JSON = [
        "token_type": "Bearer", "access_token": "eyJhbGciOiJFUzI1NiJ9.…", "id_token": "eyJhbGciOiJFUzI1NiJ9.…",
        "expires_in": .integer(IDTokens.lifetime.components.seconds),
    ]

    private static let issuerSample = JSON.object(
        JSONObject([
            .init("issuer", "https://gatehouse.example.com"),
            .init(route, "https://gatehouse.example.com/oauth2/token"),
            .init("jwks_uri", "https://gatehouse.example.com/.well-known/jwks.json"),
            .init("grant_types_supported", ["client_credentials"]), .init("response_types_supported", []),
            .init("subject_types_supported", ["public"]),
            .init("id_token_signing_alg_values_supported", [.string(SigningKey.algorithm)]),
            .init(route + "_auth_methods_supported", ["client_secret_basic"]), .init("scopes_supported", ["openid"]),
        ]))

    private static let keysSample: JSON = ["keys": []]
}
