public import GatehouseCore

extension APIClient {
    /// One request of the native API, for operations without a typed call.
    public struct Call: Sendable {
        /// The methods of the API.
        public enum Method: String, Sendable {
            /// Reads.
            case get = "GET"
            /// Adds, or does what the path names.
            case post = "POST"
            /// Changes the fields that the body names (RFC 7396).
            case patch = "PATCH"
            /// Deletes.
            case delete = "DELETE"
        }

        /// When a request may be repeated.
        public enum Repetition: Sendable {
            /// Whenever no answer came: repeating it has no further effect.
            case harmless
            /// Only if the gateway certainly did nothing: it was not reached, or it refused for the moment.
            case whereNothingWasTaken
        }

        /// The method.
        public let method: Method
        /// The path, `/v1/doors/lobby`.
        public let path: String
        /// The query; nil values are left out.
        public var query: [(name: String, value: String?)] = []
        /// The body; empty for none.
        public var body: [UInt8] = []
        /// The body's content type.
        public var type: String?
        /// Identifies the command, so that it is carried out once although it is sent several times.
        public var idempotencyKey: String?
        /// How long one try may take; nil for the client's ``GatehouseClient/Settings/answerTimeout``.
        public var timeout: Duration?
        /// When it may be repeated.
        public var repetition: Repetition

        /// Describes a request. A POST is repeated only if the gateway did nothing, every other method always.
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

        /// The path of one resource by its identifier.
        ///
        /// - Throws: ``GatehouseError/misuse(_:)`` if the text cannot be an identifier, so that no other path can be
        ///   built from it.
        static func path(_ collection: String, _ id: String, _ rest: String = "") throws(GatehouseError) -> String {
            try insistOnText(id)
            guard IdentifierRule.allows(id) else {
                throw .misuse("'\(id)' is not an id: an id has \(IdentifierRule.sentence)")
            }
            return "\(collection)/\(id)\(rest)"
        }

        /// Ensures that an identifier is not empty, because without it the path would be another one.
        static func insistOnText(_ id: String) throws(GatehouseError) {
            if id.isEmpty { throw .misuse("the id is empty: name one") }
        }

        /// Path and query, as in the request line.
        var target: String {
            let given = query.compactMap { name, value in value.map { "\(name)=\(Self.escaped($0))" } }
            return given.isEmpty ? path : path + "?" + given.joined(separator: "&")
        }

        /// A text, percent-encoded for a query or a path segment.
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

    /// The gateway's answer.
    public struct Answer: Sendable {
        /// The status code.
        public let status: Int
        /// The body, unchanged.
        public let body: [UInt8]
        /// How many seconds to wait before the next call, if the gateway says so.
        public var retryAfter: Int?
        /// The request's id in the gateway's log.
        public var requestID: String?

        /// Combines the parts of an answer.
        public init(status: Int, body: [UInt8], retryAfter: Int? = nil, requestID: String? = nil) {
            self.status = status
            self.body = body
            self.retryAfter = retryAfter
            self.requestID = requestID
        }

        /// Whether the gateway did what was asked.
        public var isSuccess: Bool { (200..<300).contains(status) }
        /// The body as JSON; null if there is none.
        public var json: JSON { body.isEmpty ? .null : (try? JSONParser.parse(body, depthLimit: 64)) ?? .null }
        /// What the gateway refused and why, if it did.
        public var refusal: Problem { Problem(self) }
    }
}
