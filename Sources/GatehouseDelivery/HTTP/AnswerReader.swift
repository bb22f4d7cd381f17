import GatehouseCore
import HTTPTypes

/// Reads one answer after the other from the bytes of a connection, within bounds. It only computes: bytes come in
/// pieces of any size, and the pieces do not change the result.
///
/// A status decides a delivery. So once a complete head has a status, no fault of the answer is a failure: a
/// malformed or too long rest ends the reading and the connection (docs/decisions/0037-the-status-decides.md). It is a
/// failure if the bytes are not an answer, or end before the head is complete.
struct AnswerReader {
    /// The progress of the reading.
    enum Progress: Equatable {
        /// More bytes are needed.
        case unfinished
        /// The answer is complete, or as much of it as will be read.
        case finished(keepsConnection: Bool)
        /// The bytes are not an answer; the reason says why.
        case failed(reason: String)
    }

    /// The position of the next byte in the answer.
    private enum Place {
        case statusLine, fields
        /// In a body with this many bytes left; nil if the connection's end is the body's end.
        case body(left: Int?)
        case chunkSize
        case chunk(left: Int)
        case chunkEnd, trailers
    }

    private(set) var reading = AnswerReading()
    /// Whether there is a status that counts, independent of later bytes.
    private(set) var hasHead = false

    /// Whether any byte has come.
    var hasBegun: Bool { bytesRead > 0 }

    private var bounds = AnswerBounds()
    private var method = HTTPRequest.Method.post
    private var head = AnswerHead()
    private var place = Place.statusLine
    /// The beginning of an incomplete line.
    private var begun: [UInt8] = []
    private var informational = 0
    private var fields = 0
    /// All bytes of this answer, and those of its body.
    private var bytesRead = 0
    private var bodyBytes = 0

    /// Forgets the last answer and prepares for the answer to the next request.
    mutating func begin(_ method: HTTPRequest.Method, bounds: AnswerBounds) {
        self.bounds = bounds
        self.method = method
        reading = AnswerReading()
        hasHead = false
        head = AnswerHead(keepsFields: bounds.keepsFields)
        place = .statusLine
        begun.removeAll()
        informational = 0
        fields = 0
        bytesRead = 0
        bodyBytes = 0
    }

    /// Takes the next bytes of the connection. Not to be called again after any result but ``Progress/unfinished``.
    mutating func read(_ bytes: UnsafeRawBufferPointer) -> Progress {
        var rest = bytes
        while !rest.isEmpty {
            switch takeSome(of: &rest) {
            case .unfinished: continue
            // Bytes that belong to no answer would be read as the next request's answer.
            case .finished(let keeps): return .finished(keepsConnection: keeps && rest.isEmpty)
            case .failed(let reason): return .failed(reason: reason)
            }
        }
        return .unfinished
    }

    /// The connection was closed: complete if the body ends with the connection, otherwise cut; no answer before the
    /// head.
    mutating func readEnd() -> Progress {
        if case .body(left: nil) = place { return .finished(keepsConnection: false) }
        return readNoMore()
    }

    /// The connection failed: a complete head still counts.
    mutating func readNoMore() -> Progress {
        hasHead ? finishedCut() : .failed(reason: "the connection was closed before an answer was complete")
    }

    /// The time is up: a complete head still counts.
    mutating func cut() {
        reading.isTruncated = true
    }

    private mutating func finishedCut() -> Progress {
        cut()
        return .finished(keepsConnection: false)
    }

    /// How many more bytes may be read.
    private var space: Int { bounds.headBytes + (hasHead ? bounds.bodyBytes : 0) - bytesRead }

    private mutating func takeSome(of rest: inout UnsafeRawBufferPointer) -> Progress {
        switch place {
        case .body(let left): takeBody(&rest, left)
        case .chunk(let left): takeBody(&rest, left)
        case .statusLine, .fields, .chunkSize, .chunkEnd, .trailers: takeLine(&rest)
        }
    }

    /// The result of an answer that exceeds the bounds: the status counts if there is one.
    private mutating func overrun() -> Progress {
        if case .fields = place, !head.isInformational { conclude() }
        return hasHead
            ? finishedCut() : .failed(reason: "the header of the answer is longer than \(bounds.headBytes) bytes")
    }

    /// From here on the status counts.
    private mutating func conclude() {
        hasHead = true
        reading.status = head.status
        reading.retryAfter = head.retryAfter
        if (300..<400).contains(head.status), head.status != 304 { reading.location = head.location }
        reading.fields = head.fields
    }
}

// MARK: Lines

extension AnswerReader {
    /// Takes bytes up to the end of a line, which may be a line feed alone (RFC 9112 section 2.2), or all there are.
    private mutating func takeLine(_ rest: inout UnsafeRawBufferPointer) -> Progress {
        let end = rest.firstIndex(of: 0x0A)
        let count = end.map { $0 + 1 } ?? rest.count
        guard count <= space else { return overrun() }
        bytesRead += count
        let piece = UnsafeRawBufferPointer(rebasing: rest[..<count])
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        guard begun.isEmpty, end != nil else {
            begun.append(contentsOf: piece)
            guard end != nil else { return beginsWrongly ? Self.noAnswer(begun) : .unfinished }
            let whole = begun
            begun.removeAll()
            return whole.withUnsafeBytes { take(line: $0) }
        }
        return take(line: piece)
    }

    /// Whether the first bytes cannot begin an answer, so that their line end need not be awaited.
    private var beginsWrongly: Bool {
        guard case .statusLine = place, begun.first != 0x0D else { return false }
        return zip(begun, "HTTP/".utf8).contains { $0 != $1 }
    }

    /// A server that expects TLS answers plain HTTP with a TLS record, usually an alert (RFC 8446 section 5.1).
    private static func noAnswer(_ line: some Collection<UInt8>) -> Progress {
        let isTLS = line.first.map { (20...22).contains($0) } == true && (line.dropFirst().first ?? 3) == 3
        return .failed(
            reason: isTLS
                ? "the answer to plain HTTP is TLS: set https in the URL, or correct its port"
                : "the answer is not HTTP/1.1: correct the port of the URL, or check which program listens there")
    }

    private mutating func take(line: UnsafeRawBufferPointer) -> Progress {
        let end = line.count - (line.count > 1 && line[line.count - 2] == 0x0D ? 2 : 1)
        let text = UnsafeRawBufferPointer(rebasing: line[..<end])
        if end + 2 != line.count || text.contains(where: { $0 == 0 || $0 == 0x0D }) { head.isClean = false }
        switch place {
        case .statusLine: return take(statusLine: text)
        case .fields: return take(field: text)
        case .chunkSize: return take(chunkSize: text)
        case .chunkEnd:
            place = .chunkSize
            return text.isEmpty ? .unfinished : finishedCut()
        case .trailers: return text.isEmpty ? .finished(keepsConnection: head.keepsConnection) : .unfinished
        case .body, .chunk: return .unfinished
        }
    }

    private mutating func take(statusLine line: UnsafeRawBufferPointer) -> Progress {
        guard !line.isEmpty else {
            // Some servers end the previous answer with one line break too many.
            head.isClean = false
            return .unfinished
        }
        guard head.takeStatus(line) else { return Self.noAnswer(line) }
        guard head.status != 101 else {
            return .failed(reason: "the receiver switched to another protocol (101), which was not asked for")
        }
        place = .fields
        return .unfinished
    }

    private mutating func take(field line: UnsafeRawBufferPointer) -> Progress {
        guard !line.isEmpty else { return head.isInformational ? skipInformational() : endHead() }
        fields += 1
        if fields > bounds.fields, !head.isInformational { return overrun() }
        head.takeField(line)
        return .unfinished
    }

    private mutating func skipInformational() -> Progress {
        informational += 1
        guard informational <= bounds.informational else {
            return .failed(reason: "more than \(bounds.informational) informational answers came first")
        }
        let isClean = head.isClean
        head = AnswerHead(keepsFields: bounds.keepsFields)
        head.isClean = isClean
        fields = 0
        place = .statusLine
        return .unfinished
    }

    private mutating func endHead() -> Progress {
        conclude()
        switch head.framing(answering: method) {
        case .nothing: return .finished(keepsConnection: head.keepsConnection)
        case .length(let count): place = .body(left: count)
        case .chunked: place = .chunkSize
        case .connection: place = .body(left: nil)
        case .unclear: return finishedCut()
        }
        return .unfinished
    }

    private mutating func take(chunkSize line: UnsafeRawBufferPointer) -> Progress {
        guard let size = line.chunkSize else { return finishedCut() }
        place = size == 0 ? .trailers : .chunk(left: size)
        return .unfinished
    }
}

// MARK: Bodies

extension AnswerReader {
    /// Takes the available part of a body or a chunk; `left` is nil if the connection's end is the body's end.
    private mutating func takeBody(_ rest: inout UnsafeRawBufferPointer, _ left: Int?) -> Progress {
        let most = min(bounds.bodyBytes - bodyBytes, space)
        let count = min(rest.count, left ?? most, most)
        keep(UnsafeRawBufferPointer(rebasing: rest[..<count]))
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        bytesRead += count
        bodyBytes += count
        let remains = left.map { $0 - count }
        if remains == 0 {
            guard case .chunk = place else { return .finished(keepsConnection: head.keepsConnection) }
            place = .chunkEnd
            return .unfinished
        }
        if count == most { return finishedCut() }
        if case .chunk = place, let remains { place = .chunk(left: remains) } else { place = .body(left: remains) }
        return .unfinished
    }

    private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
        let kept = min(bytes.count, max(0, bounds.bodyKept - reading.body.count))
        if kept > 0 { reading.body.append(contentsOf: bytes.prefix(kept)) }
        if kept < bytes.count { reading.isTruncated = true }
    }
}
