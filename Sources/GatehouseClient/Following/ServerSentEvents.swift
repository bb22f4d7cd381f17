/// Reads the lines of server-sent events (HTML, section 9.2.6); the bytes may come in pieces of any size.
struct ServerSentEvents {
    /// One event of a stream.
    struct Message: Hashable, Sendable {
        /// The id after which to continue; nil if the stream has sent none yet.
        var id: String?
        /// The type of the event.
        var kind = ""
        /// The data of the event.
        var data = ""
    }

    /// The longest line that is read: an event of the largest size, with space for escapes.
    static let longestLine = 4 << 20

    /// The id after which to continue, from the last event or sent by itself.
    private(set) var lastID: String?
    private var line: [UInt8] = []
    private var kind = ""
    private var data: [String] = []
    private var isAfterReturn = false

    /// Begins after an id.
    init(lastID: String?) {
        self.lastID = lastID
    }

    /// Takes bytes, and returns the messages that they complete; nil if a line is longer than the stream may have.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [Message]? {
        var messages: [Message] = []
        var rest = Array(bytes)[...]
        guard !rest.isEmpty else { return [] }
        if isAfterReturn, rest.first == UInt8(ascii: "\n") { rest = rest.dropFirst() }
        isAfterReturn = false
        while let end = rest.firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            line += rest[..<end]
            let isReturn = rest[end] == UInt8(ascii: "\r")
            rest = rest[(end + 1)...]
            isAfterReturn = isReturn && rest.isEmpty
            if isReturn, rest.first == UInt8(ascii: "\n") { rest = rest.dropFirst() }
            if let message = endLine() { messages.append(message) }
        }
        line += rest
        return line.count <= Self.longestLine ? messages : nil
    }

    private mutating func endLine() -> Message? {
        defer { line = [] }
        guard !line.isEmpty else { return dispatch() }
        let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count > 1 ? parts[1] : []
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        let text = String(decoding: value, as: UTF8.self)
        switch String(decoding: parts[0], as: UTF8.self) {
        case "id": lastID = text
        case "event": kind = text
        case "data": data.append(text)
        default: break
        }
        return nil
    }

    private mutating func dispatch() -> Message? {
        defer { (kind, data) = ("", []) }
        guard !data.isEmpty else { return nil }
        return Message(id: lastID, kind: kind, data: data.joined(separator: "\n"))
    }
}
