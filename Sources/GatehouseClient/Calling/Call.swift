public import GatehouseCore

extension APIClient {
    /// One request of the native API, for what has no typed call.
    public struct Call: Sendable {
        /// The methods that the API has.
        public enum Method: String, Sendable {
            case get = "GET"
            case post = "POST"
            case patch = "PATCH"
            case delete = "DELETE"
        }

        /// When a request may be sent a second time.
        public enum Repetition: Sendable {
            /// Whenever no answer came: twice is as good as once.
            case harmless
            /// Only where it is known that nothing was taken: not reached, or refused for the moment.
            case whereNothingWasTaken
        }

        /// The method.
        public let method: Method
        /// The path, `/v1/doors/lobby`.
        public let path: String
        /// The query; what is nil is left out.
        public var query: [(name: String, value: String?)] = []
        /// The body; empty for none.
        public var body: [UInt8] = []
        /// The body's content type.
        public var type: String?
        /// Stands for the wish, so that it is carried out once however often it is told.
        public var idempotencyKey: String?
        /// How long one try may take; nil for the client's ``GatehouseClient/Settings/answerTimeout``.
        public var timeout: Duration?
        /// When it may be sent a second time.
        public var repetition: Repetition

        /// Describes a request. What is posted is repeated only where nothing was taken, everything else always.
        public init(_ method: Method, _ path: String, _ query: [(String, String?)] = []) {
            self.method = method
            self.path = path
            self.query = query.map { (name: $0.0, value: $0.1) }
            self.repetition = method == .post ? .whereNothingWasTaken : .harmless
        }

        /// Describes a request with a JSON body.
        public init(_ method: Method, _ path: String, _ query: [(String, String?)] = [], json: JSON) {
            self.init(method, path, query)
            self.body = json.bytes
            self.type = "application/json"
        }

        /// The path of one thing by its identifier.
        ///
        /// - Throws: ``GatehouseError/misuse(_:)`` where the text can be none, so that none is smuggled into the path.
        static func path(_ collection: String, _ id: String, _ rest: String = "") throws(GatehouseError) -> String {
            guard IdentifierRule.allows(id) else {
                throw .misuse("'\(id)' is no id: an id has \(IdentifierRule.sentence)")
            }
            return "\(collection)/\(id)\(rest)"
        }

        /// Path and query as they go into the request line.
        var target: String {
            let given = query.compactMap { name, value in value.map { "\(name)=\(Self.escaped($0))" } }
            return given.isEmpty ? path : path + "?" + given.joined(separator: "&")
        }

        /// A text as it stands in a query, or between two slashes of a path.
        static func escaped(_ value: String) -> String {
            value.utf8.map { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: "~"):
                    String(UnicodeScalar(byte))
                default: "%" + Hex.text([byte]).uppercased()
                }
            }.joined()
        }
    }

    /// What a gateway answered.
    public struct Answer: Sendable {
        /// The status code.
        public let status: Int
        /// The body, as it came.
        public let body: [UInt8]
        /// After how many seconds to come again, where the gateway says so.
        public var retryAfter: Int?
        /// By which the gateway's log has it.
        public var requestID: String?

        /// Puts an answer together.
        public init(status: Int, body: [UInt8], retryAfter: Int? = nil, requestID: String? = nil) {
            self.status = status
            self.body = body
            self.retryAfter = retryAfter
            self.requestID = requestID
        }

        /// Whether the gateway did what it was asked to.
        public var isSuccess: Bool { (200..<300).contains(status) }
        /// The body as JSON; null where there is none.
        public var json: JSON { body.isEmpty ? .null : (try? JSONParser.parse(body, depthLimit: 64)) ?? .null }
        /// What the gateway refused and why, where it did.
        public var refusal: Problem { Problem(self) }
    }
}
