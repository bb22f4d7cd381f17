internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

/// A refusal in the form of RFC 6749 section 5.2, which clients' libraries read; they do not understand our own
/// problems.
struct OAuthProblem: Error {
    /// The codes of that section; the two of section 4.1.2.1 for faults that are not the client's; and one of our own
    /// for a case with a status in RFC 6585, but no code.
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

    /// The code of the refusal.
    let code: Code
    /// The fault and how to correct it, in ASCII without quotation marks and backslashes.
    let sentence: String
    /// Header fields that belong to the refusal, such as `Retry-After`.
    let headers: HTTPFields

    /// A refusal.
    init(_ code: Code, _ sentence: String, headers: HTTPFields = HTTPFields()) {
        self.code = code
        self.sentence = sentence
        self.headers = headers
    }

    /// The refusal if the store gave no signing key.
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
