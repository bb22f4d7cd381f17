import HTTPTypes
import NIOHTTP1

/// What has been read of one final answer.
struct AnswerReading: Sendable {
    var status = 0
    /// The header fields as the decoder gave them; ``fields`` and ``retryAfter`` read them when they are asked for.
    var headers = HTTPHeaders()
    var body: [UInt8] = []
    /// Whether the body that is kept is not all of it.
    var isTruncated = false

    /// `Retry-After` as it came (RFC 9110 §10.2.3); nil where it is longer than any date.
    var retryAfter: String? {
        guard let value = headers.first(name: "Retry-After")?.trimmingBlanks, value.utf8.count <= 64 else { return nil }
        return value
    }

    /// The header fields in order, for whoever wants them all.
    var fields: HTTPFields {
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        return fields
    }
}

extension String {
    /// Without the spaces and tabs that may stand around a field's value (RFC 9110 §5.5), which the decoder leaves at
    /// its end.
    fileprivate var trimmingBlanks: String {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        guard let start = utf8.firstIndex(where: { !isBlank($0) }), let end = utf8.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(self[start...end])
    }
}

/// The bounds on one answer. What goes over them before the head is whole makes the answer unreadable; a body that goes
/// over is simply not read any further.
struct AnswerBounds: Sendable {
    /// Bytes of all heads together, informational ones included.
    var headBytes = 16 << 10
    /// Informational answers before the final one.
    var informational = 8
    /// Bytes of body that are read. The framing has what the heads left of theirs, so that the whole answer is never
    /// longer than both bounds together.
    var bodyBytes = 64 << 10
    /// Bytes of the body that are kept.
    var bodyKept = 1024
}
