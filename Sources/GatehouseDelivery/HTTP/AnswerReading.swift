import HTTPTypes

/// What has been read of one final answer.
struct AnswerReading: Sendable {
    var status = 0
    /// `Retry-After` as it came (RFC 9110 section 10.2.3); nil where it is longer than any date.
    var retryAfter: String?
    /// `Location` as it came, where the answer is a redirect.
    var location: String?
    /// The header fields in order; nil where ``AnswerBounds/keepsFields`` says that they are not asked for.
    var fields: HTTPFields?
    var body: [UInt8] = []
    /// Whether the body that is kept is not all of it.
    var isTruncated = false
}

/// The bounds on one answer. What goes over them before there is a status makes the answer unreadable; a head or a body
/// that goes over them later is not read any further.
struct AnswerBounds: Sendable {
    /// Bytes of all heads together, informational ones included.
    var headBytes = 64 << 10
    /// Header fields of the final answer.
    var fields = 200
    /// Informational answers before the final one.
    var informational = 8
    /// Bytes of body that are read. The framing has what the heads left of theirs, so that the whole answer is never
    /// longer than both bounds together.
    var bodyBytes = 64 << 10
    /// Bytes of the body that are kept.
    var bodyKept = 1024
    /// Whether the header fields are kept.
    var keepsFields = false
}
