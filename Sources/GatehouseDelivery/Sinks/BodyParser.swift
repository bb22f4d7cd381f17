/// Walks through the body of an answer by its framing, keeping the first bytes and counting none: the bound on all that
/// is read is the ``AnswerParser``'s.
struct BodyParser {
    /// How the end of a body is known (RFC 9112 §6.3).
    enum Framing {
        case none
        case length(Int)
        case chunked
        case untilClose
    }

    enum Progress: Equatable {
        case unfinished
        /// The body ended after so many of the bytes given.
        case finished(used: Int)
        /// The framing makes no sense from here on.
        case broken
    }

    private enum State: Equatable {
        case ended
        /// So many bytes of body are to come, and then nothing or the rest of the chunks.
        case data(left: Int, inChunk: Bool)
        case size(value: Int, digits: Int)
        case sizeLineRest(value: Int)
        case afterData
        case trailer(lineBytes: Int)
        case untilClose
    }

    private var state: State

    init(framing: Framing) {
        state =
            switch framing {
            case .none: .ended
            case .length(let count): count == 0 ? .ended : .data(left: count, inChunk: false)
            case .chunked: .size(value: 0, digits: 0)
            case .untilClose: .untilClose
            }
    }

    /// Whether the closing of the connection is this body's proper end.
    var endsWithConnection: Bool { state == .untilClose || state == .ended }

    /// Takes the next bytes.
    mutating func read(
        _ bytes: UnsafeRawBufferPointer, keeping limit: Int, in reading: inout AnswerReading
    ) -> Progress {
        var index = 0
        while true {
            if state == .ended { return .finished(used: index) }
            guard index < bytes.count else { return .unfinished }
            switch state {
            case .untilClose:
                Self.keep(bytes[index...], limit: limit, in: &reading)
                index = bytes.count
            case .data(let left, let inChunk):
                let count = min(left, bytes.count - index)
                Self.keep(bytes[index..<index + count], limit: limit, in: &reading)
                index += count
                let ended: State = inChunk ? .afterData : .ended
                state = count == left ? ended : .data(left: left - count, inChunk: inChunk)
            case .ended, .size, .sizeLineRest, .afterData, .trailer:
                guard step(bytes[index]) else { return .broken }
                index += 1
            }
        }
    }

    private static func keep(_ bytes: Slice<UnsafeRawBufferPointer>, limit: Int, in reading: inout AnswerReading) {
        let room = limit - reading.body.count
        if bytes.count > room { reading.isTruncated = true }
        reading.body.append(contentsOf: bytes.prefix(max(0, room)))
    }

    /// One byte of a chunk's framing; false where it cannot stand there. Extensions and trailers are passed over.
    private mutating func step(_ byte: UInt8) -> Bool {
        switch state {
        case .size(let value, let digits):
            return stepSize(byte, value: value, digits: digits)
        case .sizeLineRest(let value):
            guard byte == UInt8(ascii: "\n") else { return byte != 0 }
            state = value == 0 ? .trailer(lineBytes: 0) : .data(left: value, inChunk: true)
            return true
        case .afterData:
            if byte == UInt8(ascii: "\n") { state = .size(value: 0, digits: 0) }
            return byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
        case .trailer(let lineBytes):
            if byte == UInt8(ascii: "\n") {
                state = lineBytes == 0 ? .ended : .trailer(lineBytes: 0)
            } else if byte != UInt8(ascii: "\r") {
                state = .trailer(lineBytes: lineBytes + 1)
            }
            return byte != 0
        case .ended, .data, .untilClose:
            return false
        }
    }

    private mutating func stepSize(_ byte: UInt8, value: Int, digits: Int) -> Bool {
        if let digit = Self.hexDigit(byte) {
            state = .size(value: value << 4 | digit, digits: digits + 1)
            return digits < 15
        }
        guard digits > 0 else { return false }
        switch byte {
        case UInt8(ascii: "\n"):
            state = value == 0 ? .trailer(lineBytes: 0) : .data(left: value, inChunk: true)
            return true
        case UInt8(ascii: "\r"), UInt8(ascii: ";"), UInt8(ascii: " "), UInt8(ascii: "\t"):
            state = .sizeLineRest(value: value)
            return true
        default:
            return false
        }
    }

    private static func hexDigit(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte - 0x30)
        case 0x41...0x46: Int(byte - 0x37)
        case 0x61...0x66: Int(byte - 0x57)
        default: nil
        }
    }
}
