import HTTPTypes

/// Reads the head of an answer that is whole: status line, header fields, blank line.
enum HeadScan {
    /// What a head says, as far as anybody here needs it.
    struct Head {
        var status = 0
        var framing = BodyParser.Framing.untilClose
        var keepsConnection = true
        var retryAfter: String?
        var headers = HTTPFields()
    }

    /// Why a head is refused.
    struct Fault: Error {
        let reason: String

        static let noHTTP = Fault(reason: "what came back is no HTTP/1.1")
        static let badField = Fault(reason: "the answer has a malformed header field")
        static let badLength = Fault(reason: "the answer's Content-Length is malformed or stands twice")
        static let tooManyFields = Fault(reason: "the answer has too many header fields")
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// Where the blank line ends that ends the head; nil where it has not come yet. A lone line feed ends a line, as
    /// RFC 9112 §2.2 allows.
    static func end(of bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            guard bytes[index] == lineFeed else {
                index += 1
                continue
            }
            let next = index + 1
            if next < bytes.count, bytes[next] == lineFeed { return next + 1 }
            if next + 1 < bytes.count, bytes[next] == carriageReturn, bytes[next + 1] == lineFeed { return next + 2 }
            index = next
        }
        return nil
    }

    /// Whether an unfinished head can still become one, so that a server of another protocol is found out at once.
    static func mayBegin(_ bytes: UnsafeRawBufferPointer) -> Bool {
        zip(bytes, "HTTP/1.".utf8).allSatisfy(==)
    }

    /// Reads a head that ``end(of:from:)`` found whole.
    static func scan(_ bytes: UnsafeRawBufferPointer, bounds: AnswerBounds) -> Result<Head, Fault> {
        var fields = FieldCollector(keepsHeaders: bounds.keepsHeaders)
        var head = Head()
        var start = 0
        var count = -1
        while start < bytes.count {
            var end = start
            while bytes[end] != lineFeed { end += 1 }
            let next = end + 1
            if end > start, bytes[end - 1] == carriageReturn { end -= 1 }
            let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            start = next
            if count < 0 {
                guard let status = statusLine(line) else { return .failure(.noHTTP) }
                head.status = status.code
                head.keepsConnection = status.minor >= 1
            } else if line.isEmpty {
                break
            } else if let fault = fields.take(line) {
                return .failure(fault)
            }
            count += 1
            guard count <= bounds.headerCount else { return .failure(.tooManyFields) }
        }
        fields.settle(&head)
        return .success(head)
    }

    /// `HTTP/1.1 204 No Content`: the reason may be missing, and may hold anything but control characters.
    private static func statusLine(_ line: UnsafeRawBufferPointer) -> (code: Int, minor: Int)? {
        guard line.count >= 12, mayBegin(line), line[8] == UInt8(ascii: " "),
            line.count == 12 || line[12] == UInt8(ascii: " ")
        else { return nil }
        for index in 12..<line.count where line[index] < 0x20 && line[index] != 0x09 { return nil }
        guard let minor = digit(line[7]), let hundreds = digit(line[9]), hundreds > 0, let tens = digit(line[10]),
            let ones = digit(line[11])
        else { return nil }
        return (hundreds * 100 + tens * 10 + ones, minor)
    }

    private static func digit(_ byte: UInt8) -> Int? {
        (0x30...0x39).contains(byte) ? Int(byte - 0x30) : nil
    }
}
