import GatehouseCore
import HTTPTypes

/// The head of one answer: its status, the framing of the body, the future of the connection. It takes the lines one by
/// one, without their ends.
///
/// The status decides a delivery, so a malformed field never makes an answer unreadable. Input that departs from the
/// grammar of RFC 9112 is read as curl and browsers read it, if its meaning is clear, and clears ``isClean``: the
/// connection is then not used again, because the two ends may disagree about the end of the answer.
struct AnswerHead {
    /// How the body ends (RFC 9112 section 6.3).
    enum Framing: Equatable {
        case nothing
        case length(Int)
        case chunked
        /// At the end of the connection.
        case connection
        /// The lengths contradict each other or are not numbers: the body is not read.
        case unclear
    }

    /// The three digits; 0 before there are any.
    private(set) var status = 0
    /// `Retry-After`, unchanged (RFC 9110 section 10.2.3); nil if it is longer than any date.
    private(set) var retryAfter: String?
    /// `Location`, unchanged (RFC 9110 section 10.2.2); nil if it is longer than ``Redirect/longest``.
    private(set) var location: String?
    /// All fields whose name is a token, in order; nil if they are not kept.
    private(set) var fields: HTTPFields?
    /// Whether all of it follows RFC 9112.
    var isClean = true

    private var isOld = false
    private var length = Length.none
    private var hasCoding = false
    private var isChunked = false
    private var closes = false
    private var keepsAlive = false
    private var last = Known.other

    private enum Length: Equatable {
        case none
        case bytes(Int)
        case unclear
    }

    /// The fields with a meaning here.
    private enum Known {
        case connection, length, coding, retryAfter, location, other
    }

    /// The longest value of Retry-After that is kept, in bytes: longer than every date.
    private static let longestRetryAfter = 64
    /// The longest Content-Length that is read, in digits: a longer one may not fit into 64 bits.
    private static let longestLength = 18

    /// Prepares for a head.
    ///
    /// - Parameter keepsFields: whether the caller will read ``fields``.
    init(keepsFields: Bool = false) {
        fields = keepsFields ? HTTPFields() : nil
    }

    /// Whether more answers follow to the same request (RFC 9110 section 15.2).
    var isInformational: Bool { (100..<200).contains(status) }

    /// Whether the connection may serve another request, according to the head.
    var keepsConnection: Bool { isClean && !closes && (!isOld || keepsAlive) && !promisesWhatIsNotRead }

    /// Whether it announces a body with a status that has none (RFC 9110 section 8.6 forbids it for 204, and 304
    /// answers requests that we never send). If that body came late, it would be read as the answer to the next
    /// request.
    private var promisesWhatIsNotRead: Bool {
        (status == 204 || status == 304) && (hasCoding || (length != .none && length != .bytes(0)))
    }

    /// The end of the body in the answer to a request with that method.
    func framing(answering method: HTTPRequest.Method) -> Framing {
        if method == .head || status == 204 || status == 304 { return .nothing }
        if hasCoding { return isChunked ? .chunked : .connection }
        switch length {
        case .none: return .connection
        case .bytes(0): return .nothing
        case .bytes(let count): return .length(count)
        case .unclear: return .unclear
        }
    }

    // MARK: Lines

    /// Reads `HTTP/1.1 200 OK` (RFC 9112 section 4); the reason may be missing together with its blank.
    ///
    /// - Returns: whether there is a status in it, from 100 on.
    mutating func takeStatus(_ line: UnsafeRawBufferPointer) -> Bool {
        guard line.count >= 12, line.starts(with: "HTTP/".utf8), line[5].isDigit, line[6] == UInt8(ascii: "."),
            line[7].isDigit, line[8].isBlank
        else { return false }
        var place = 9
        while place < line.count, line[place].isBlank { place += 1 }
        guard place + 3 <= line.count, place + 3 == line.count || line[place + 3].isBlank else { return false }
        var number = 0
        for byte in line[place..<place + 3] {
            guard byte.isDigit else { return false }
            number = number * 10 + Int(byte & 0x0F)
        }
        guard number >= 100 else { return false }
        status = number
        let version = (line[5], line[7])
        isOld = version.0 == UInt8(ascii: "0") || version == (UInt8(ascii: "1"), UInt8(ascii: "0"))
        if place != 9 || line[8] != 0x20 || version.0 != UInt8(ascii: "1") { isClean = false }
        return true
    }

    /// Reads a field, or continues the previous one if the line begins with a blank.
    mutating func takeField(_ line: UnsafeRawBufferPointer) {
        guard let first = line.first, !first.isBlank else { return goOn(with: line) }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            isClean = false
            last = .other
            return
        }
        let name = UnsafeRawBufferPointer(rebasing: line[..<colon]).trimmingBlanks
        if name.count != colon || !name.isToken { isClean = false }
        let value = UnsafeRawBufferPointer(rebasing: line[(colon + 1)...]).trimmingBlanks
        last = Self.known(name)
        switch last {
        case .connection: takeConnection(value)
        case .length: takeLength(value)
        case .coding: takeCoding(value)
        case .retryAfter: if retryAfter == nil { keepRetryAfter(value.text) }
        case .location: if location == nil, value.count <= Redirect.longest { location = value.text }
        case .other: break
        }
        if fields != nil, let name = HTTPField.Name(name.text) {
            fields?.append(HTTPField(name: name, value: value.text))
        }
    }

    /// A folded line (RFC 9112 section 5.2), as a blank and the rest of the value; folded framing fields are not
    /// interpreted.
    private mutating func goOn(with line: UnsafeRawBufferPointer) {
        isClean = false
        let rest = line.trimmingBlanks
        guard !rest.isEmpty else { return }
        switch last {
        case .length: length = .unclear
        case .coding:
            hasCoding = false
            length = .unclear
        case .retryAfter: keepRetryAfter((retryAfter.map { $0 + " " } ?? "") + rest.text)
        case .connection, .location, .other: break
        }
        if let count = fields?.count, count > 0 { fields?[count - 1].value += " " + rest.text }
    }

    private static func known(_ name: UnsafeRawBufferPointer) -> Known {
        switch name.count {
        case 8: name.says("location") ? .location : .other
        case 10: name.says("connection") ? .connection : .other
        case 11: name.says("retry-after") ? .retryAfter : .other
        case 14: name.says("content-length") ? .length : .other
        case 17: name.says("transfer-encoding") ? .coding : .other
        default: .other
        }
    }

    private mutating func keepRetryAfter(_ text: String) {
        retryAfter = text.utf8.count <= Self.longestRetryAfter ? text : nil
    }

    private mutating func takeConnection(_ value: UnsafeRawBufferPointer) {
        value.eachListed { option in
            if option.says("close") { closes = true }
            if option.says("keep-alive") { keepsAlive = true }
        }
    }

    /// The last coding decides (RFC 9112 section 6.1), and a length beside it is ignored.
    private mutating func takeCoding(_ value: UnsafeRawBufferPointer) {
        if hasCoding || length != .none || isOld { isClean = false }
        hasCoding = true
        value.eachListed { isChunked = $0.says("chunked") }
    }

    /// One number, or the same one several times (RFC 9110 section 8.6).
    private mutating func takeLength(_ value: UnsafeRawBufferPointer) {
        if hasCoding || length != .none { isClean = false }
        value.eachListed { part in
            guard let number = part.number(longest: Self.longestLength) else { return length = .unclear }
            switch length {
            case .none: length = .bytes(number)
            case .bytes(let before):
                isClean = false
                if before != number { length = .unclear }
            case .unclear: break
            }
        }
        if length == .unclear { isClean = false }
    }
}

// MARK: Bytes

extension UInt8 {
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
    fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 }

    /// A character of a name (RFC 9110 section 5.6.2).
    fileprivate var isToken: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
        default: false
        }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate var isToken: Bool { !isEmpty && allSatisfy(\.isToken) }

    fileprivate var text: String { String(decoding: self, as: UTF8.self) }

    /// Without the spaces and tabs around a value (RFC 9110 section 5.5).
    fileprivate var trimmingBlanks: UnsafeRawBufferPointer {
        var (start, end) = (startIndex, endIndex)
        while start < end, self[start].isBlank { start += 1 }
        while start < end, self[end - 1].isBlank { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[start..<end])
    }

    /// Whether it is that word, in upper or lower case; `word` is in lower case.
    fileprivate func says(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { letters in
            indices.allSatisfy { self[$0] == letters[$0] || self[$0] | 0x20 == letters[$0] && letters[$0] > 0x40 }
        }
    }

    /// Passes on the parts between commas, without blanks around them; at least one.
    fileprivate func eachListed(_ take: (UnsafeRawBufferPointer) -> Void) {
        var rest = self[...]
        while let comma = rest.firstIndex(of: UInt8(ascii: ",")) {
            take(UnsafeRawBufferPointer(rebasing: rest[..<comma]).trimmingBlanks)
            rest = rest[(comma + 1)...]
        }
        take(UnsafeRawBufferPointer(rebasing: rest).trimmingBlanks)
    }

    /// The digits as a number; nil if there is anything else, or too many of them.
    fileprivate func number(longest: Int) -> Int? {
        guard !isEmpty, count <= longest else { return nil }
        var number = 0
        for byte in self {
            guard byte.isDigit else { return nil }
            number = number * 10 + Int(byte & 0x0F)
        }
        return number
    }

    /// The size at the beginning of a chunk's line (RFC 9112 section 7.1); nil if there is none, or if it exceeds any
    /// memory.
    var chunkSize: Int? {
        let digits = prefix { $0.isDigit || (0x41...0x46).contains($0 & 0xDF) }
        let rest = UnsafeRawBufferPointer(rebasing: self[digits.endIndex...]).trimmingBlanks
        guard !digits.isEmpty, digits.count <= 12, rest.first.map({ $0 == UInt8(ascii: ";") }) ?? true else {
            return nil
        }
        return digits.reduce(0) { $0 * 16 + Int($1.isDigit ? $1 & 0x0F : ($1 & 0x0F) + 9) }
    }
}
