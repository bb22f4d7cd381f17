public import HTTPTypes

/// A vendor's own API for subscriptions, as data: the server serves it, proves the caller's key, asks its role, bounds
/// its rate, and reads the body; what is left is the contract.
public struct ManageAPI: Sendable {
    /// The routes in the order of the vendor's manual.
    public let routes: [Route]
    /// The paths below which everything is the vendor's: what is refused there has the vendor's shape, also where no
    /// route is and where the connection refuses. Of the roots that fit a path the longest one counts.
    public let roots: [String]
    /// How often one key may call; nil where the contract has no word on it, and tells of none.
    public let rate: Rate?
    /// The cookie in which clients carry the token of their session, beside `Authorization: Bearer`; nil for none.
    public let sessionCookie: String?
    /// The paths by which a trigger of that id and secret is called, without the host, each with its query; nil where
    /// the contract has no triggers.
    public let triggerPaths: (@Sendable (TriggerID, Secret) -> [String])?
    /// The contract's words for fields of the native API that have another name here, each by its path there.
    public let words: [String: String]
    /// A refusal, whoever refuses, in the vendor's shape and with the vendor's status.
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
        /// The path, `{…}` for what a caller fills in.
        public let pattern: String
        /// Who may call, and what answers.
        public let access: Access
        /// The query parameters that the route knows; others are passed over.
        public let query: DeclaredNames
        /// The properties that requests' bodies may have, others being passed over; nil where no body is read.
        public let body: DeclaredNames?

        /// Whether requests bring an object.
        public var takesBody: Bool { body != nil }

        /// Describes a route for those whose role allows an action.
        public init(
            _ method: HTTPRequest.Method, _ pattern: String, _ action: Role.Action, query: [String] = [],
            body: DeclaredNames? = nil, handler: @escaping @Sendable (Request) async throws -> Answer
        ) {
            self.init(method, pattern, .keyed(action, handler), query: query, body: body)
        }

        /// Describes a route for every caller: where clients log in and out, and what may be known before.
        public init(
            _ method: HTTPRequest.Method, _ pattern: String, query: [String] = [], body: DeclaredNames? = nil,
            open handler: @escaping @Sendable (OpenRequest) async throws -> Answer
        ) {
            self.init(method, pattern, .open(handler), query: query, body: body)
        }

        /// Describes a route for those who know a secret URL: its id stands at `{trigger}`, its secret at `{secret}` or
        /// in the query's parameter `secret`.
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

    /// Who may call a route, and what answers; what the handlers throw becomes a ``Problem``.
    public enum Access: Sendable {
        /// Those whose role allows the action.
        case keyed(Role.Action, @Sendable (Request) async throws -> Answer)
        /// Every caller.
        case open(@Sendable (OpenRequest) async throws -> Answer)
        /// Those who know the secret URL of a trigger, which acts for its organization.
        case triggered(@Sendable (Trigger, Request) async throws -> Answer)
    }

    /// A request that need not prove a key.
    public struct OpenRequest: Sendable {
        /// The query's parameters that the route knows, decoded, by their declared names.
        public let query: [String: String]
        /// The body's properties that the route knows, by their declared names; nil where none is read.
        public let body: JSONObject?
        /// The token that was presented, as bearer or in the cookie; nil where none was.
        public let token: String?
        /// Where sessions are opened and closed.
        public let front: any SessionService
        /// Whether the client speaks TLS, to the gateway or to a proxy before it.
        public var isSecure = false

        /// Joins the parts.
        public init(query: [String: String], body: JSONObject?, token: String?, front: any SessionService) {
            self.query = query
            self.body = body
            self.token = token
            self.front = front
        }
    }

    /// The field that gives a browser the token of its session (RFC 6265): no script reads it, no page of another site
    /// has it sent, and where the client speaks TLS it is sent over TLS alone.
    public static func cookie(
        _ name: String, of session: Session, for duration: Duration, isSecure: Bool
    ) -> HTTPFields {
        let age = duration.components.seconds
        let secure = isSecure ? "; Secure" : ""
        let value = "\(name)=\(session.token.revealed); Path=/; Max-Age=\(age); HttpOnly; SameSite=Strict\(secure)"
        return [.setCookie: value]
    }

    /// How many requests in how long, told in `X-RateLimit-*` with every answer.
    public struct Rate: Hashable, Sendable {
        /// How many requests.
        public let requests: Int
        /// In how long.
        public let window: Duration

        /// Joins the two.
        public init(_ requests: Int, in window: Duration) {
            self.requests = requests
            self.window = window
        }
    }

    /// A request that proved a key whose role allows it, or a trigger.
    public struct Request: Sendable {
        /// What stands in the places of the pattern, decoded.
        public let names: [String]
        /// The URL as it came, without its query: an absolute one where the gateway knows its own address.
        public let url: String
        /// The query's parameters that the route knows, decoded, by their declared names.
        public let query: [String: String]
        /// The body's properties that the route knows, by their declared names; nil where none is read.
        public let body: JSONObject?
        /// What may be asked of the gateway.
        public let context: any ManageContext
        /// Whether the query or the body had names that the route does not know: what seems to be left out may stand
        /// there under another name.
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

    /// What is answered.
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

        /// Answers with text that the contract calls `text/html`. It is escaped on its way out, and no browser runs
        /// anything that it says.
        public init(_ status: HTTPResponse.Status, page text: String) {
            self.status = status
            self.body = .page(text)
            self.headers = HTTPFields()
        }

        /// What an answer brings.
        public enum Body: Sendable {
            case none
            case json(JSON)
            /// Plain text, not yet escaped.
            case page(String)
        }
    }

    /// Why a request is refused, by the route itself or by the server before it.
    public struct Problem: Error, Sendable {
        /// The status that the native API would answer with.
        public let status: HTTPResponse.Status
        /// What is wrong with the request, in the native API's words; empty where it is not the request's fault.
        public let faults: ValidationErrors
        /// What is wrong in one sentence.
        public let sentence: String
        /// Whether no route has the path, so that nothing that the contract knows is missing.
        public let isOfUnknownPath: Bool
        /// Whether the body came in a Content-Encoding that is not read, so that its media type is not the question.
        public var isOfCoding = false

        /// What is said of a path below a vendor's roots that no route has.
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

        /// All that is wrong in one text, for a contract that has one: each fault behind its field, by the contract's
        /// word for it, and how many more there are.
        public func text(calling word: (_ field: String) -> String) -> String {
            let told = faults.map { fault in fault.field.map { "\(word($0)): \(fault.sentence)" } ?? fault.sentence }
            let all = told + [faults.rest].compactMap(\.self)
            return all.isEmpty ? sentence : all.joined(separator: "; ")
        }
    }
}
