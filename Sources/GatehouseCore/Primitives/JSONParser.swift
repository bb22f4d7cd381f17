/// Reads JSON by RFC 8259, strictly and within limits, because its input comes from the network.
///
/// Beyond the grammar it refuses: bytes that are not UTF-8, a key that occurs twice in one object (readers disagree on
/// which one counts), a lone surrogate, nesting deeper than the limit, more members in one object than the limit, and
/// anything after the value. The time is linear in the number of bytes, for every input.
public struct JSONParser {
    /// Why and where a text is refused.
    public struct ParseError: Error, Hashable, Sendable {
        /// What is wrong, in words for the sender.
        public let sentence: String
        /// The offset of the offending byte, from 0.
        public let offset: Int
        /// Whether the text was refused for its depth or for its number of members, and not for its grammar.
        public let isTooLarge: Bool
    }

    /// The default limit for the depth of arrays and objects.
    public static let defaultDepth = 32
    /// The largest depth that an operator may allow.
    public static let deepest = 128
    /// The default limit for the members of one object.
    public static let mostMembers = 10_000

    private let bytes: UnsafeBufferPointer<UInt8>
    private let depthLimit: Int
    private let memberLimit: Int
    private var place = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int, memberLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
        self.memberLimit = memberLimit
    }

    /// Reads one value that must fill the whole text, apart from white space.
    public static func parse(
        _ bytes: [UInt8], depthLimit: Int = defaultDepth, memberLimit: Int = mostMembers
    ) throws(ParseError) -> JSON {
        let result: Result<JSON, ParseError> = bytes.withUnsafeBufferPointer { buffer in
            var parser = JSONParser(buffer, depthLimit: depthLimit, memberLimit: memberLimit)
            do throws(ParseError) {
                return .success(try parser.document())
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private mutating func document() throws(ParseError) -> JSON {
        skipSpace()
        let value = try value(depth: 0)
        skipSpace()
        guard place == bytes.count else { throw failure("there is more after the end of the JSON value") }
        return value
    }

    private mutating func value(depth: Int) throws(ParseError) -> JSON {
        guard place < bytes.count else { throw failure("the text ends where a value should stand") }
        switch bytes[place] {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw failure("a value cannot begin with this character")
        }
    }

    private mutating func object(depth: Int) throws(ParseError) -> JSON {
        try checkDepth(depth)
        place += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(JSONObject()) }
        var members: [JSONObject.Member] = []
        var places: [ExactText: Int]?
        repeat {
            skipSpace()
            let start = place
            guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else {
                throw failure("a key in quotes should stand here")
            }
            guard members.count < memberLimit else {
                let sentence = "an object has more than \(memberLimit) members"
                throw ParseError(sentence: sentence, offset: start, isTooLarge: true)
            }
            let key = try string()
            guard isNew(key, among: members, &places) else {
                throw ParseError(
                    sentence: "the key \"\(key)\" stands twice in one object", offset: start, isTooLarge: false)
            }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw failure("a colon should follow the key") }
            skipSpace()
            members.append(JSONObject.Member(key, try value(depth: depth)))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw failure("the object is not closed: a comma or } should stand here") }
        return .object(JSONObject(distinct: members, at: places))
    }

    /// A few members are searched, many get an index, so that neither a usual nor a hostile body is slow.
    private func isNew(_ key: String, among members: [JSONObject.Member], _ places: inout [ExactText: Int]?) -> Bool {
        guard members.count >= JSONObject.searched else { return !members.contains { $0.key.hasBytes(of: key) } }
        if places == nil { places = JSONObject.index(of: members) }
        return places?.updateValue(members.count, forKey: ExactText(key)) == nil
    }

    private mutating func array(depth: Int) throws(ParseError) -> JSON {
        try checkDepth(depth)
        place += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        var items: [JSON] = []
        repeat {
            skipSpace()
            items.append(try value(depth: depth))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw failure("the array is not closed: a comma or ] should stand here") }
        return .array(items)
    }

    private func checkDepth(_ depth: Int) throws(ParseError) {
        guard depth <= depthLimit else {
            let sentence = "arrays and objects nest deeper than \(depthLimit) levels"
            throw ParseError(sentence: sentence, offset: place, isTooLarge: true)
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSON) throws(ParseError) -> JSON {
        let length = word.utf8CodeUnitCount
        guard place + length <= bytes.count else { throw failure("the text ends within a word") }
        for step in 0..<length where bytes[place + step] != word.utf8Start[step] {
            throw failure("only the words true, false and null may stand without quotes")
        }
        place += length
        return value
    }

    private mutating func number() throws(ParseError) -> JSONNumber {
        let start = place
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return JSONNumber(spelled: String(decoding: bytes[start..<place], as: UTF8.self))
    }

    private mutating func digits() throws(ParseError) {
        let start = place
        while place < bytes.count, isDigit(bytes[place]) { place += 1 }
        guard place > start else { throw failure("a digit should stand here") }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private mutating func skipSpace() {
        while place < bytes.count {
            switch bytes[place] {
            case 0x20, 0x09, 0x0A, 0x0D: place += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard place < bytes.count, bytes[place] == byte else { return false }
        place += 1
        return true
    }

    private func failure(_ sentence: String) -> ParseError {
        ParseError(sentence: sentence, offset: place, isTooLarge: false)
    }
}

extension JSONParser {
    private mutating func string() throws(ParseError) -> String {
        place += 1
        let start = place
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\""):
                let text = try text(start..<place)
                place += 1
                return text
            case UInt8(ascii: "\\"):
                return try stringWithEscapes(from: start)
            case 0..<0x20:
                throw failure("a control character must be escaped inside a string")
            default:
                place += 1
            }
        }
        throw failure("the string is not closed")
    }

    private func text(_ range: Range<Int>) throws(ParseError) -> String {
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw ParseError(sentence: "the string is not valid UTF-8", offset: range.lowerBound, isTooLarge: false)
        }
        return text
    }

    private mutating func stringWithEscapes(from start: Int) throws(ParseError) -> String {
        var collected = Array(bytes[start..<place])
        while place < bytes.count {
            let byte = bytes[place]
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: collected, as: UTF8.self) else {
                    throw ParseError(sentence: "the string is not valid UTF-8", offset: start, isTooLarge: false)
                }
                place += 1
                return text
            case UInt8(ascii: "\\"):
                place += 1
                try escape(into: &collected)
            case 0..<0x20:
                throw failure("a control character must be escaped inside a string")
            default:
                collected.append(byte)
                place += 1
            }
        }
        throw failure("the string is not closed")
    }

    private mutating func escape(into collected: inout [UInt8]) throws(ParseError) {
        guard place < bytes.count else { throw failure("the string is not closed") }
        let byte = bytes[place]
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): collected.append(byte)
        case UInt8(ascii: "b"): collected.append(0x08)
        case UInt8(ascii: "f"): collected.append(0x0C)
        case UInt8(ascii: "n"): collected.append(0x0A)
        case UInt8(ascii: "r"): collected.append(0x0D)
        case UInt8(ascii: "t"): collected.append(0x09)
        case UInt8(ascii: "u"): collected.append(contentsOf: String(try escapedScalar()).utf8)
        default:
            place -= 1
            throw failure("no such escape: after \\ one of \" \\ / b f n r t u should stand")
        }
    }

    /// A `\u` escape, or a pair of them for a character beyond U+FFFF (RFC 8259 section 7).
    private mutating func escapedScalar() throws(ParseError) -> Unicode.Scalar {
        let first = try fourDigits()
        guard first & 0xFC00 == 0xD800 else {
            guard let scalar = Unicode.Scalar(first) else { throw failure("half of a surrogate pair stands alone") }
            return scalar
        }
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw failure("half of a surrogate pair stands alone")
        }
        let second = try fourDigits()
        guard second & 0xFC00 == 0xDC00,
            let scalar = Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF))
        else { throw failure("half of a surrogate pair stands alone") }
        return scalar
    }

    private mutating func fourDigits() throws(ParseError) -> UInt32 {
        guard place + 4 <= bytes.count else { throw failure("four hexadecimal digits should follow \\u") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Hex.value(bytes[place]) else {
                throw failure("four hexadecimal digits should follow \\u")
            }
            value = value << 4 | UInt32(digit)
            place += 1
        }
        return value
    }
}
