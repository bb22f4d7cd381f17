import HTTPTypes

/// The parts that were read of one final answer.
struct AnswerReading: Sendable {
    var status = 0
    /// `Retry-After`, unchanged (RFC 9110 section 10.2.3); nil if it is longer than any date.
    var retryAfter: String?
    /// `Location`, unchanged, if the answer is a redirect.
    var location: String?
    /// The header fields in order; nil if ``AnswerBounds/keepsFields`` does not request them.
    var fields: HTTPFields?
    var body: [UInt8] = []
    /// Whether the kept body is incomplete.
    var isTruncated = false
}

/// The bounds on one answer. An answer that exceeds them before its status is unreadable; after the status, reading
/// just stops.
struct AnswerBounds: Sendable {
    /// Bytes of all heads together, with informational ones.
    var headBytes = 64 << 10
    /// Header fields of the final answer.
    var fields = 200
    /// Informational answers before the final one.
    var informational = 8
    /// Bytes of body that are read. The framing may use the bytes that the heads left, so that the whole answer is
    /// never longer than both bounds together.
    var bodyBytes = 64 << 10
    /// Bytes of the body that are kept.
    var bodyKept = 1024
    /// Whether the header fields are kept.
    var keepsFields = false
}
