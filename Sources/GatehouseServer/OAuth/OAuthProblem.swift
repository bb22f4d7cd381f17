internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

/// A refusal in the words of RFC 6749 section 5.2, which clients' libraries read; a problem in our own form says
/// nothing to them.
struct OAuthProblem: Error {
    /// The codes of that section, of section 4.1.2.1 the two for what is not the client's fault, and one of ours for
    /// whom RFC 6585 has a status and no code.
    enum Code: String, CaseIterable, Sendable {
        case invalidRequest = "invalid_request"
        case invalidClient = "invalid_client"
        case unsupportedGrantType = "unsupported_grant_type"
        case invalidScope = "invalid_scope"
        case temporarilyUnavailable = "temporarily_unavailable"
        case serverError = "server_error"
        case tooManyGuesses = "too_many_guesses"

        /// The status that goes with it.
        var status: HTTPResponse.Status {
            switch self {
            case .invalidRequest, .unsupportedGrantType, .invalidScope: .badRequest
            case .invalidClient: .unauthorized
            case .temporarilyUnavailable: .serviceUnavailable
            case .serverError: .internalServerError
            case .tooManyGuesses: .tooManyRequests
            }
        }
    }

    /// What sort of refusal it is.
    let code: Code
    /// What is wrong and what would be right, in ASCII without quotation marks and backslashes.
    let sentence: String
    /// Header fields that belong to the refusal, such as `Retry-After`.
    let headers: HTTPFields

    /// Describes a refusal.
    init(_ code: Code, _ sentence: String, headers: HTTPFields = HTTPFields()) {
        self.code = code
        self.sentence = sentence
        self.headers = headers
    }

    /// What a client is told of a store that gave no signing key.
    init(_ error: StoreError) {
        switch error {
        case .unavailable, .overloaded, .conflict, .urlTaken, .missing, .fenced:
            self.init(.temporarilyUnavailable, "no token can be signed at present; ask again")
        case .corrupt:
            self.init(.serverError, "no token can be signed; the operator of the gateway must look at its log")
        }
    }

    /// The answer. It is never cached (RFC 6749 section 5.1).
    var response: Response {
        var headers = headers
        headers[.cacheControl] = "no-store"
        switch code {
        case .invalidClient: headers[.wwwAuthenticate] = "Basic realm=\"gatehouse\""
        case .temporarilyUnavailable: headers[.retryAfter] = "1"
        case .invalidRequest, .unsupportedGrantType, .invalidScope, .serverError, .tooManyGuesses: break
        }
        let json: JSON = ["error": .string(code.rawValue), "error_description": .string(sentence)]
        return Response(code.status, json: json, headers: headers)
    }
}
