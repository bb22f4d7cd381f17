import HTTPTypes

/// What has been read of one final answer.
struct AnswerReading: Sendable {
    var status = 0
    var retryAfter: String?
    var headers = HTTPFields()
    var body: [UInt8] = []
    /// Whether the body that is kept is not all of it.
    var isTruncated = false
}

/// The bounds on one answer. What goes over them before the head is whole makes the answer unreadable; a body that goes
/// over is simply not read any further.
struct AnswerBounds: Sendable {
    /// Bytes of status line and header fields together.
    var headBytes = 16 << 10
    /// Header fields.
    var headerCount = 100
    /// Informational answers before the final one.
    var informational = 8
    /// Bytes after the head, framing included.
    var bodyBytes = 64 << 10
    /// Bytes of the body that are kept.
    var bodyKept = 1024
    /// Whether header fields are kept; Retry-After always is.
    var keepsHeaders = false
}
