/// The sort of value that the contracts have under a known name. A value of another sort is judged as if its name were
/// not known: `{"state": "U"}` describes a door, and `{"state": "PIN 1234"}` reveals a credential.
enum ValueSort: Hashable, Sendable {
    /// An object, or a list of objects at any depth; their own fields are judged one by one.
    case objects
    /// A boolean.
    case flag
    /// A number below a million: a measurement, a count, or a small number of a thing. A longer one may be the number
    /// of a card.
    case measure
    /// A time: RFC 3339 with or without its parts after the day, or a number since 1970. The contracts' own
    /// placeholder, `YYYY-MM-DDThh:mm:ss`, is one too.
    case time
    /// One word of the contract, without blanks and with at most two digits: `swingingDoor`, `person.added`.
    case word
    /// Such a word, or a UUID: the gateway's own kinds name an event by its id.
    case wordOrUUID
    /// Only one of these words, since the contract lists them all.
    case oneOf([String])
    /// A word, or a number in place of one.
    case wordOrMeasure
    /// The identifier or address of a thing: an integer, or text without blanks.
    case identifier
    /// The name of a thing, any text of at most 200 characters. It is visible at every level: administrators wrote it
    /// for every reader, and an event without it does not say where it happened.
    case name
    /// A name of a thing with at least one letter, for names with a word for a credential: text of only digits may be
    /// the credential itself.
    case lettered
    /// An object or a list of objects, or the number of a thing.
    case objectsOrMeasure
    /// A list of words.
    case words
    /// A list of numbers.
    case measures
    /// A list of identifiers.
    case identifiers

    /// Whether a value is of the sort. `null` reveals nothing, so it is of every sort.
    func admits(_ value: JSON) -> Bool {
        if value == .null { return true }
        return switch self {
        case .objects: Self.holdsObjects(value)
        case .flag: value.bool != nil
        case .measure: Self.isMeasure(value)
        case .time: Self.isTime(value)
        case .word: Self.isWord(value)
        case .wordOrUUID: Self.isWord(value) || Self.isUUID(value)
        case .oneOf(let words): words.contains(value.text ?? "")
        case .wordOrMeasure: Self.isWord(value) || Self.isMeasure(value)
        case .identifier: Self.isIdentifier(value)
        case .name: Self.isName(value)
        case .lettered: Self.isName(value) && value.text?.unicodeScalars.contains { $0.properties.isAlphabetic } == true
        case .objectsOrMeasure: Self.holdsObjects(value) || Self.isMeasure(value)
        case .words: value.items?.allSatisfy(Self.isWord) ?? false
        case .measures: value.items?.allSatisfy(Self.isMeasure) ?? false
        case .identifiers: value.items?.allSatisfy(Self.isIdentifier) ?? false
        }
    }

    /// Whether a value is an object or a list of only objects.
    static func holdsObjects(_ value: JSON) -> Bool {
        switch value {
        case .object: true
        case .array(let items): items.allSatisfy { holdsObjects($0) }
        case .null, .bool, .number, .string: false
        }
    }

    // MARK: The sorts of scalars

    private static func isMeasure(_ value: JSON) -> Bool {
        guard case .number(let number) = value, let double = number.double else { return false }
        return abs(double) < 1_000_000
    }

    private static func isWord(_ value: JSON) -> Bool {
        guard let text = value.text, text.utf8.count <= 64 else { return false }
        var digits = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): break
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/"): break
            default: return false
            }
        }
        return digits <= 2
    }

    /// The form of RFC 9562, section 4: 36 characters.
    private static func isUUID(_ value: JSON) -> Bool {
        guard let bytes = value.text?.utf8, bytes.count == 36 else { return false }
        return zip(0..., bytes).allSatisfy { place, byte in
            [8, 13, 18, 23].contains(place)
                ? byte == UInt8(ascii: "-") : Character(Unicode.Scalar(byte)).isHexDigit
        }
    }

    private static func isIdentifier(_ value: JSON) -> Bool {
        guard let text = value.text else { return value.integer != nil }
        return text.isEmpty || IdentifierRule.allows(text)
    }

    private static func isName(_ value: JSON) -> Bool {
        value.text.map { $0.unicodeScalars.count <= 200 } ?? false
    }

    private static func isTime(_ value: JSON) -> Bool {
        guard let text = value.text else {
            if case .number(let number) = value { return number.double.map { $0 >= 0 } ?? false }
            return false
        }
        return TimeShape.fits(text)
    }
}

/// The spelling of a time: year, month and day, then any number of its other parts.
enum TimeShape {
    /// Whether a text is a time or the contracts' placeholder for one.
    static func fits(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count <= 40, fits(bytes.prefix(10), Array("0000-00-00".utf8)) else { return false }
        if !isPlaceholder(bytes[5]), !inBounds(bytes) { return false }
        var rest = bytes.dropFirst(10)
        guard let separator = rest.popFirst() else { return true }
        guard separator == UInt8(ascii: "T") || separator == UInt8(ascii: " ") else { return false }
        guard fits(rest.prefix(5), Array("00:00".utf8)) else { return false }
        rest = rest.dropFirst(5)
        if rest.first == UInt8(ascii: ":") {
            guard fits(rest.prefix(3), Array(":00".utf8)) else { return false }
            rest = rest.dropFirst(3)
        }
        return fraction(&rest) && zone(rest)
    }

    /// A month from 1 to 12 and a day from 1 to 31, so that other numbers with hyphens do not count.
    private static func inBounds(_ bytes: [UInt8]) -> Bool {
        let month = Int(String(decoding: bytes[5...6], as: UTF8.self)) ?? 0
        let day = Int(String(decoding: bytes[8...9], as: UTF8.self)) ?? 0
        return (1...12).contains(month) && (1...31).contains(day)
    }

    /// Reads up to nine digits behind a point.
    private static func fraction(_ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.first == UInt8(ascii: ".") else { return true }
        let digits = rest.dropFirst().prefix { isDigit($0) }
        rest = rest.dropFirst(digits.count + 1)
        return (1...9).contains(digits.count)
    }

    private static func zone(_ rest: ArraySlice<UInt8>) -> Bool {
        if rest.isEmpty || rest.elementsEqual("Z".utf8) { return true }
        guard rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") else { return false }
        let offset = rest.dropFirst()
        return fits(offset, Array("00:00".utf8)) || fits(offset, Array("0000".utf8))
    }

    /// Whether each `0` of a pattern matches a digit or a letter of the placeholder, and every other character itself.
    private static func fits(_ bytes: ArraySlice<UInt8>, _ pattern: [UInt8]) -> Bool {
        bytes.count == pattern.count
            && zip(bytes, pattern).allSatisfy { byte, wanted in
                wanted == UInt8(ascii: "0") ? isDigit(byte) || isPlaceholder(byte) : byte == wanted
            }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isPlaceholder(_ byte: UInt8) -> Bool { "YMDhms".utf8.contains(byte) }
}
