import HTTPTypes

/// Takes the header fields of an answer one line at a time and works out what they mean for the connection.
struct FieldCollector {
    private let keepsHeaders: Bool
    private var headers = HTTPFields()
    private var length: Int?
    private var codings: String?
    private var closes = false
    private var keepsAlive = false
    private var retryAfter: String?

    init(keepsHeaders: Bool) {
        self.keepsHeaders = keepsHeaders
    }

    /// Takes one line without its ending; a fault where it is no field, or contradicts an earlier one.
    mutating func take(_ line: UnsafeRawBufferPointer) -> HeadScan.Fault? {
        var colon = 0
        while colon < line.count, isToken[Int(line[colon])] { colon += 1 }
        guard colon > 0, colon < line.count, line[colon] == UInt8(ascii: ":") else { return .badField }
        var start = colon + 1
        var end = line.count
        while start < end, Self.isBlank(line[start]) { start += 1 }
        while end > start, Self.isBlank(line[end - 1]) { end -= 1 }
        let value = UnsafeRawBufferPointer(rebasing: line[start..<end])
        for byte in value where byte == 0x0D || byte == 0 { return .badField }
        let name = UnsafeRawBufferPointer(rebasing: line[..<colon])
        if keepsHeaders, let fieldName = HTTPField.Name(String(decoding: name, as: UTF8.self)) {
            headers.append(HTTPField(name: fieldName, lenientValue: value))
        }
        return note(name, value)
    }

    /// Keeps what matters to us; the length of a name tells the four apart before any letter is compared.
    private mutating func note(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> HeadScan.Fault? {
        switch name.count {
        case 10 where Self.equal(name, "connection"):
            closes = closes || Self.lists(value, "close")
            keepsAlive = keepsAlive || Self.lists(value, "keep-alive")
        case 11 where Self.equal(name, "retry-after"):
            retryAfter = value.count <= 64 ? String(decoding: value, as: UTF8.self) : nil
        case 14 where Self.equal(name, "content-length"):
            guard let read = Self.number(value), length == nil || length == read else { return .badLength }
            length = read
        case 17 where Self.equal(name, "transfer-encoding"):
            let text = String(decoding: value, as: UTF8.self).lowercased()
            codings = codings.map { $0 + "," + text } ?? text
        default:
            break
        }
        return nil
    }

    /// Says how the body is framed (RFC 9112 §6.3) and whether the connection may be used again.
    func settle(_ head: inout HeadScan.Head) {
        head.headers = headers
        head.retryAfter = retryAfter
        head.keepsConnection = (head.keepsConnection || keepsAlive) && !closes
        if head.status == 204 || head.status == 304 || head.status == 101 {
            head.framing = .none
            head.keepsConnection = head.keepsConnection && head.status != 101
        } else if let codings {
            let last = codings.split(separator: ",").last?.drop { $0 == " " || $0 == "\t" }
            let isChunked = last?.prefix { $0 != " " && $0 != "\t" } == "chunked"
            head.framing = isChunked ? .chunked : .untilClose
            // Both framings in one answer is how one server's answer is smuggled into another's: never again on this
            // one.
            head.keepsConnection = head.keepsConnection && isChunked && length == nil
        } else if let length {
            head.framing = .length(length)
        } else {
            head.framing = .untilClose
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09
    }

    /// Compares without regard to case with a word of small letters and hyphens. Setting the bit that tells small
    /// letters from capitals leaves a hyphen as it is.
    private static func equal(_ name: UnsafeRawBufferPointer, _ lower: StaticString) -> Bool {
        guard name.count == lower.utf8CodeUnitCount else { return false }
        for index in 0..<name.count where name[index] | 0x20 != lower.utf8Start[index] { return false }
        return true
    }

    /// Whether a list of words holds this one; by bytes, because every answer has such a list.
    private static func lists(_ value: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
        var start = 0
        while start < value.count {
            var end = start
            while end < value.count, value[end] != UInt8(ascii: ","), !isBlank(value[end]) { end += 1 }
            if equal(UnsafeRawBufferPointer(rebasing: value[start..<end]), word) { return true }
            start = end + 1
        }
        return false
    }

    /// A plain decimal number of at most 18 digits: more cannot be a length, and would not fit.
    private static func number(_ value: UnsafeRawBufferPointer) -> Int? {
        guard (1...18).contains(value.count), value.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return value.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}

/// Which bytes may stand in a field's name (RFC 9110 §5.6.2).
private let isToken: [Bool] = (0..<256).map { byte in
    switch UInt8(byte) {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: "!#$%&'*+-.^_`|~".utf8.contains(UInt8(byte))
    }
}
