public import HTTPTypes

/// A vendor's own API for subscriptions, as data. The server serves it, proves the caller's key, checks its role,
/// limits its rate, and reads the body; the rest is the contract.
public struct ManageAPI: Sendable {
    /// The routes in the order of the vendor's manual.
    public let routes: [Route]
    /// The paths of the vendor. A refusal below them has the vendor's shape, also for an unknown route or a refused
    /// connection. If several roots match a path, the longest one counts.
    public let roots: [String]
    /// How often one key may call; nil if the contract does not say, and then no answer gives a rate.
    public let rate: Rate?
    /// The cookie in which clients carry the token of their session, beside `Authorization: Bearer`; nil for none.
    public let sessionCookie: String?
    /// The paths for calling a trigger of that id and secret, without the host, each with its query; nil if the
    /// contract has no triggers.
    public let triggerPaths: (@Sendable (TriggerID, Secret) -> [String])?
    /// The contract's names for fields of the native API that have another name here, by their path there.
    public let words: [String: String]
    /// A refusal, of the route or of the server, in the vendor's shape and with the vendor's status.
    public let answer: @Sendable (Problem) -> Answer

    /// Joins the parts.
    public init(
        routes: [Route], roots: [String], rate: Rate? = nil, sessionCookie: String? = nil,
        triggerPaths: (@Sendable (TriggerID, Secret) -> [String])? = nil, words: [String: String] = [:],
        answer: @escaping @Sendable (Problem) -> Answer
    ) {
        self.triggerPaths = triggerPaths
        self.sessionCookie = sessionCookie
        self.routes = routes
        self.roots = roots
        self.rate = rate
        self.words = words
        self.answer = answer
    }

    /// One route of the vendor's manual.
    public struct Route: Sendable {
        /// The method.
        public let method: HTTPRequest.Method
        /// The path, with `{…}` for each part that the caller fills in.
        public let pattern: String
        /// Who may call, and the handler.
        public let access: Access
        /// The query parameters that the route knows; others are ignored.
        public let query: DeclaredNames
        /// The properties that a request's body may have, others being ignored; nil if no body is read.
        public let body: DeclaredNames?

        /// Whether a request has a body, an object.
        public var takesBody: Bool { body != nil }

        /// Describes a route for callers whose role allows an action.
        public init(
            _ method: HTTPRequest.Method, _ pattern: String, _ action: Role.Action, query: [String] = [],
            body: DeclaredNames? = nil, handler: @escaping @Sendable (Request) async throws -> Answer
        ) {
            self.init(method, pattern, .keyed(action, handler), query: query, body: body)
        }

        /// Describes a route for every caller: login, logout, and public information.
        public init(
            _ method: HTTPRequest.Method, _ pattern: String, query: [String] = [], body: DeclaredNames? = nil,
            open handler: @escaping @Sendable (OpenRequest) async throws -> Answer
        ) {
            self.init(method, pattern, .open(handler), query: query, body: body)
        }

        /// Describes a route for callers with a secret URL: the trigger's id is at `{trigger}`, its secret at
        /// `{secret}` or in the query parameter `secret`.
        public init(
            _ method: HTTPRequest.Method, _ pattern: String, query: [String] = [], body: DeclaredNames? = nil,
            triggered handler: @escaping @Sendable (Trigger, Request) async throws -> Answer
        ) {
            self.init(method, pattern, .triggered(handler), query: query + ["secret"], body: body)
        }

        private init(
            _ method: HTTPRequest.Method, _ pattern: String, _ access: Access, query: [String], body: DeclaredNames?
        ) {
            self.method = method
            self.pattern = pattern
            self.access = access
            self.query = DeclaredNames(query)
            self.body = body
        }
    }

    /// Who may call a route, and the handler; an error of the handler becomes a ``Problem``.
    public enum Access: Sendable {
        /// Callers whose role allows the action.
        case keyed(Role.Action, @Sendable (Request) async throws -> Answer)
        /// Every caller.
        case open(@Sendable (OpenRequest) async throws -> Answer)
        /// Callers with the secret URL of a trigger, which acts for its organization.
        case triggered(@Sendable (Trigger, Request) async throws -> Answer)
    }

    /// A request that need not prove a key.
    public struct OpenRequest: Sendable {
        /// The query's parameters that the route knows, decoded, by their declared names.
        public let query: [String: String]
        /// The body's properties that the route knows, by their declared names; nil if no body is read.
        public let body: JSONObject?
        /// The presented token, as bearer or in the cookie; nil if there was none.
        public let token: String?
        /// Opens and closes sessions.
        public let front: any SessionService
        /// Whether the client uses TLS, to the gateway or to a proxy in front of it.
        public var isSecure = false

        /// Joins the parts.
        public init(query: [String: String], body: JSONObject?, token: String?, front: any SessionService) {
            self.query = query
            self.body = body
            self.token = token
            self.front = front
        }
    }

    /// The field that gives a browser the token of its session (RFC 6265): scripts cannot read it, requests from other
    /// sites do not send it, and if the client uses TLS it is sent over TLS only.
    public static func cookie(
        _ name: String, of session: Session, for duration: Duration, isSecure: Bool
    ) -> HTTPFields {
        let age = duration.components.seconds
        let secure = isSecure ? "; Secure" : ""
        let value = "\(name)=\(session.token.revealed); Path=/; Max-Age=\(age); HttpOnly; SameSite=Strict\(secure)"
        return [.setCookie: value]
    }

    /// A rate limit; every answer gives it in `X-RateLimit-*`.
    public struct Rate: Hashable, Sendable {
        /// The number of requests.
        public let requests: Int
        /// The length of the window.
        public let window: Duration

        /// Joins the two.
        public init(_ requests: Int, in window: Duration) {
            self.requests = requests
            self.window = window
        }
    }

    /// A request with a proved key whose role allows it, or of a trigger.
    public struct Request: Sendable {
        /// The values of the pattern's parts, decoded.
        public let names: [String]
        /// The requested URL without its query; absolute if the gateway knows its own address.
        public let url: String
        /// The query's parameters that the route knows, decoded, by their declared names.
        public let query: [String: String]
        /// The body's properties that the route knows, by their declared names; nil if no body is read.
        public let body: JSONObject?
        /// The operations of the gateway that a route may use.
        public let context: any ManageContext
        /// Whether the query or the body had unknown names: a field that seems to be missing may be there under another
        /// name.
        public var isPartial = false

        /// Joins the parts.
        public init(
            names: [String], url: String, query: [String: String], body: JSONObject?, context: any ManageContext
        ) {
            self.names = names
            self.url = url
            self.query = query
            self.body = body
            self.context = context
        }
    }

    /// The answer to a request.
    public struct Answer: Sendable {
        /// The status.
        public let status: HTTPResponse.Status
        /// The body.
        public let body: Body
        /// The header fields beside the content type.
        public let headers: HTTPFields

        /// Joins the three.
        public init(_ status: HTTPResponse.Status, _ body: JSON? = nil, headers: HTTPFields = HTTPFields()) {
            self.status = status
            self.body = body.map { .json($0) } ?? .none
            self.headers = headers
        }

        /// Answers with text that the contract calls `text/html`. The text is escaped on output, so that no browser
        /// runs it.
        public init(_ status: HTTPResponse.Status, page text: String) {
            self.status = status
            self.body = .page(text)
            self.headers = HTTPFields()
        }

        /// The body of an answer.
        public enum Body: Sendable {
            /// No body.
            case none
            /// JSON, sent as `application/json`.
            case json(JSON)
            /// Plain text, not yet escaped.
            case page(String)
        }
    }

    /// The reason for a refusal, by the route itself or by the server before it.
    public struct Problem: Error, Sendable {
        /// The native API's status for it.
        public let status: HTTPResponse.Status
        /// The faults of the request, in the native API's words; empty if the request is not at fault.
        public let faults: ValidationErrors
        /// The reason in one sentence.
        public let sentence: String
        /// Whether the path is unknown, rather than something that the contract knows.
        public let isOfUnknownPath: Bool
        /// Whether the body has an unsupported Content-Encoding, so that its media type does not matter.
        public var isOfCoding = false

        /// The refusal of an unknown path below a vendor's roots.
        public static let unknownPath = Problem(.notFound, "there is no such route", isOfUnknownPath: true)

        /// Joins the three.
        public init(_ status: HTTPResponse.Status, _ sentence: String, faults: ValidationErrors = ValidationErrors()) {
            self.init(status, sentence, faults: faults, isOfUnknownPath: false)
        }

        private init(
            _ status: HTTPResponse.Status, _ sentence: String, faults: ValidationErrors = ValidationErrors(),
            isOfUnknownPath: Bool
        ) {
            self.status = status
            self.sentence = sentence
            self.faults = faults
            self.isOfUnknownPath = isOfUnknownPath
        }

        /// All faults in one text, for a contract with a single text: each fault after its field, under the contract's
        /// name for it, and the number of further ones.
        public func text(calling word: (_ field: String) -> String) -> String {
            let told = faults.map { fault in fault.field.map { "\(word($0)): \(fault.sentence)" } ?? fault.sentence }
            let all = told + [faults.rest].compactMap(\.self)
            return all.isEmpty ? sentence : all.joined(separator: "; ")
        }
    }
}
