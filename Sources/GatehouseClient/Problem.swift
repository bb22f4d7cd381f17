internal import GatehouseCore

/// What a gateway refused and why, read from its problem+json (RFC 9457).
public struct Problem: Hashable, Sendable {
    /// One thing that is wrong.
    public struct FieldError: Hashable, Sendable {
        /// The stable type, `/problems/unknown-door`; nil where the gateway names none.
        public let type: String?
        /// The field, where it is one field's fault.
        public let field: String?
        /// What is wrong and what would be right, in the gateway's words.
        public let sentence: String
        /// The place in the batch, from 0.
        public let index: Int?
    }

    /// The status code.
    public let status: Int
    /// What is wrong; at least one.
    public let complaints: [FieldError]
    /// How many complaints there are beyond these, where they are more than the gateway tells one by one.
    public let untold: Int
    /// By which the gateway's log has it.
    public let requestID: String?
    /// After how many seconds to come again, where the gateway says so.
    public let retryAfter: Int?

    /// The stable type of the first complaint, `/problems/unknown-door`.
    public var type: String? { complaints.first?.type }
    /// The first complaint's field.
    public var field: String? { complaints.first?.field }
    /// The first complaint in the gateway's words.
    public var sentence: String { complaints.first?.sentence ?? "the gateway answered \(status)" }
    /// The first complaint's place in the batch, from 0.
    public var index: Int? { complaints.first?.index }
    /// Whether the same request may well be taken a little later.
    public var isPassing: Bool { [408, 429, 502, 503, 504].contains(status) }

    /// Reads an answer that was no success; what is no problem+json has its status alone.
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

    /// Whether it is the gateway that refused, and not something in between.
    var isGateways: Bool { type?.hasPrefix("/problems/") ?? false }
}
