internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

/// The parameters of a token request (RFC 6749 section 4.4.2), apart from the client's credentials.
struct TokenRequest: Sendable {
    /// The largest body, in bytes; the known parameters fill about a hundred.
    static let longest = 8 * 1024

    private let values: [String: String]

    /// Reads the body. A parameter without a value counts as missing, and an unknown one is ignored, as RFC 6749
    /// section 3.2 requires.
    ///
    /// - Throws: ``OAuthProblem`` for another media type, a body beyond the bound, one that is not a form, or a
    ///   repeated parameter; ``ConnectionBroken`` if the caller left.
    init(_ request: Request, _ reader: BodyReader) async throws {
        let wanted = "application/x-www-form-urlencoded"
        guard let type = ContentType(request.headers), type.essence == wanted else {
            throw OAuthProblem(.invalidRequest, "the Content-Type of the body is \(wanted)")
        }
        let bytes: [UInt8]
        do {
            bytes = try await reader.body(upTo: Self.longest).bytes
        } catch is ValidationError {
            throw OAuthProblem(.invalidRequest, "the body is cut off or has more than \(Self.longest) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Self.unreadable }
        var values: [String: String] = [:]
        for part in text.split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = FormEncoding.decode(pair[0]),
                let value = FormEncoding.decode(pair.count > 1 ? pair[1] : "")
            else { throw Self.unreadable }
            guard values.updateValue(value, forKey: name) == nil else {
                throw OAuthProblem(.invalidRequest, "a parameter stands twice")
            }
        }
        self.values = values.filter { !$0.value.isEmpty }
    }

    private static let unreadable = OAuthProblem(.invalidRequest, "the body is no form in UTF-8")

    /// Checks the parameters: there is one grant, one scope, and one method of client authentication.
    func check(for client: ClientCredentials) throws(OAuthProblem) {
        guard let grant = values["grant_type"] else {
            throw OAuthProblem(.invalidRequest, "grant_type is missing; it is client_credentials")
        }
        guard grant == "client_credentials" else {
            throw OAuthProblem(.unsupportedGrantType, "the one grant_type here is client_credentials")
        }
        guard values["client_secret"] == nil, values["client_id"] ?? client.id == client.id else {
            throw OAuthProblem(.invalidRequest, "the client names and proves itself in the Authorization field alone")
        }
        guard values["scope"] ?? "openid" == "openid" else {
            throw OAuthProblem(.invalidScope, "the one scope is openid; what a key may do, its role says")
        }
    }
}
