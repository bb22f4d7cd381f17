internal import GatehouseCore

/// What a gateway refused and why, read from its problem+json (RFC 9457).
public struct Problem: Hashable, Sendable {
    /// One fault.
    public struct FieldError: Hashable, Sendable {
        /// The stable type, `/problems/unknown-door`; nil if the gateway names none.
        public let type: String?
        /// The field, if one field is at fault.
        public let field: String?
        /// What is wrong and what would be right, in the gateway's words.
        public let sentence: String
        /// The place in the batch, from 0.
        public let index: Int?
    }

    /// The status code.
    public let status: Int
    /// The faults; at least one.
    public let complaints: [FieldError]
    /// How many more faults there are than the gateway lists.
    public let untold: Int
    /// The request's id in the gateway's log.
    public let requestID: String?
    /// How many seconds to wait before the next call, if the gateway says so.
    public let retryAfter: Int?

    /// The stable type of the first fault, `/problems/unknown-door`.
    public var type: String? { complaints.first?.type }
    /// The first fault's field.
    public var field: String? { complaints.first?.field }
    /// The first fault, in the gateway's words.
    public var sentence: String { complaints.first?.sentence ?? "the gateway answered \(status)" }
    /// The first fault's place in the batch, from 0.
    public var index: Int? { complaints.first?.index }
    /// Whether the same request may succeed a little later.
    public var isPassing: Bool { [408, 429, 502, 503, 504].contains(status) }

    /// Reads an unsuccessful answer; if it is not problem+json, only its status is known.
    init(_ answer: APIClient.Answer) {
        self.status = answer.status
        self.requestID = answer.requestID
        self.retryAfter = answer.retryAfter
        let problem = answer.json
        let faults = problem["faults"]?.items ?? []
        self.untold = problem["moreFaults"]?.integer.flatMap { Int(exactly: $0) } ?? 0
        self.complaints = (faults.isEmpty ? [problem] : faults).map { fault in
            FieldError(
                type: fault["type"]?.text, field: fault["field"]?.text,
                sentence: fault["detail"]?.text ?? "the gateway answered \(answer.status)",
                index: fault["index"]?.integer.flatMap { Int(exactly: $0) })
        }
    }

    /// Whether the gateway itself refused, and not a proxy.
    var isGateways: Bool { type?.hasPrefix("/problems/") ?? false }
}
