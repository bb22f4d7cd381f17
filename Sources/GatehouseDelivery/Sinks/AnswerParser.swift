import HTTPTypes

/// Reads one HTTP/1.1 answer (RFC 9112) from the bytes of a connection, in pieces of any size, within bounds.
///
/// Its own parser rather than NIOHTTP1's decoder for three reasons: the decoder must be shown every request as a typed
/// head, where ours leaves as one buffer; it makes two strings of every header field, of which a delivery needs at most
/// four fields; and its bounds are fixed at 80 KiB and up. What reads two ways is refused: differing lengths, folded
/// fields, white space before the colon, stray carriage returns, NUL.
///
/// The status decides a delivery, so once the head is whole nothing that is wrong with the body is a failure: the body
/// is cut there and the connection not used again.
struct AnswerParser {
    /// How far the reading is.
    enum Progress: Equatable {
        /// More bytes are needed.
        case unfinished
        /// The answer is whole, or as much of it as will be read.
        case finished(keepsConnection: Bool)
        /// What came is no answer, with the reason.
        case failed(reason: String)
    }

    private(set) var reading = AnswerReading()
    /// Whether the head of the final answer is whole, so that there is a status.
    private(set) var hasHead = false

    private let bounds: AnswerBounds
    private let answersHEAD: Bool
    /// An unfinished head.
    private var pending: [UInt8] = []
    private var informational = 0
    private var bodyBytes = 0
    private var body = BodyParser(framing: .none)
    private var keepsConnection = false

    init(bounds: AnswerBounds, answersHEAD: Bool = false) {
        self.bounds = bounds
        self.answersHEAD = answersHEAD
    }

    /// Takes the next bytes of the connection.
    mutating func read(_ bytes: UnsafeRawBufferPointer) -> Progress {
        hasHead ? readBody(bytes) : readHead(bytes)
    }

    /// The connection ended: whole for a body that ends so, cut for any other, no answer before the head.
    mutating func readEnd() -> Progress {
        guard hasHead else {
            return .failed(reason: "the connection was closed before an answer was complete")
        }
        reading.isTruncated = reading.isTruncated || !body.endsWithConnection
        return .finished(keepsConnection: false)
    }

    /// Time is up: what there is of an answer with a head still counts.
    mutating func cut() {
        reading.isTruncated = true
    }

    private mutating func readHead(_ bytes: UnsafeRawBufferPointer) -> Progress {
        if pending.isEmpty {
            guard let end = HeadScan.end(of: bytes, from: 0) else { return keep(bytes) }
            guard end <= bounds.headBytes else { return tooLong }
            return take(head: bytes[..<end], rest: bytes[end...])
        }
        let from = max(0, pending.count - 2)
        pending.append(contentsOf: bytes.prefix(bounds.headBytes + 1))
        let whole = pending
        return whole.withUnsafeBytes { whole in
            guard let end = HeadScan.end(of: whole, from: from), end <= bounds.headBytes else {
                return whole.count > bounds.headBytes ? tooLong : .unfinished
            }
            let used = end - (whole.count - min(bytes.count, bounds.headBytes + 1))
            pending = []
            return take(head: whole[..<end], rest: bytes[used...])
        }
    }

    private mutating func keep(_ bytes: UnsafeRawBufferPointer) -> Progress {
        guard bytes.count <= bounds.headBytes else { return tooLong }
        pending.append(contentsOf: bytes)
        return HeadScan.mayBegin(bytes) ? .unfinished : .failed(reason: "what came back is no HTTP/1.1")
    }

    private var tooLong: Progress {
        .failed(reason: "the header of the answer is longer than \(bounds.headBytes) bytes")
    }

    /// Takes a whole head: an informational one is counted and passed over, the final one decides how the body is
    /// framed.
    private mutating func take(head: Slice<UnsafeRawBufferPointer>, rest: Slice<UnsafeRawBufferPointer>) -> Progress {
        let head = HeadScan.scan(UnsafeRawBufferPointer(rebasing: head), bounds: bounds)
        switch head {
        case .failure(let fault):
            return .failed(reason: fault.reason)
        case .success(let head) where (100..<200).contains(head.status) && head.status != 101:
            informational += 1
            guard informational <= bounds.informational else {
                return .failed(reason: "more than \(bounds.informational) informational answers came first")
            }
            return rest.isEmpty ? .unfinished : readHead(UnsafeRawBufferPointer(rebasing: rest))
        case .success(let head):
            hasHead = true
            reading.status = head.status
            reading.retryAfter = head.retryAfter
            reading.headers = head.headers
            keepsConnection = head.keepsConnection
            body = BodyParser(framing: answersHEAD ? .none : head.framing)
            return readBody(UnsafeRawBufferPointer(rebasing: rest))
        }
    }

    private mutating func readBody(_ bytes: UnsafeRawBufferPointer) -> Progress {
        let room = bounds.bodyBytes - bodyBytes
        let readable = UnsafeRawBufferPointer(rebasing: bytes.prefix(room))
        bodyBytes += readable.count
        switch body.read(readable, keeping: bounds.bodyKept, in: &reading) {
        case .finished(let used):
            return .finished(keepsConnection: keepsConnection && used == bytes.count)
        case .broken:
            reading.isTruncated = true
            return .finished(keepsConnection: false)
        case .unfinished:
            guard bodyBytes >= bounds.bodyBytes else { return .unfinished }
            reading.isTruncated = true
            return .finished(keepsConnection: false)
        }
    }
}
