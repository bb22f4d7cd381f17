/// Parses a time by ISO 8601, byte by byte.
struct TimeReader {
    /// The parsed parts of a text.
    struct Told {
        /// Days since 1970-01-01.
        var days = 0
        var secondOfDay = 0
        var isLeapSecond = false
        var microseconds: Int64 = 0
        var fraction = ""
        var offsetMinutes: Int?
        var isDateAlone = false
        /// Whether it is spelled by RFC 3339.
        var isNormal = true
    }

    private let bytes: [UInt8]
    private var place = 0
    private var told = Told()

    init(_ text: String) {
        self.bytes = Array(text.utf8)
    }

    /// Reads the whole text; nil if it is not a time.
    mutating func read() -> Told? {
        guard readDate() else { return nil }
        if isAtEnd {
            (told.isDateAlone, told.isNormal) = (true, false)
            return told
        }
        if !take("T") {
            guard take("t") || take(" ") else { return nil }
            told.isNormal = false
        }
        guard readClock(), readOffset(), isAtEnd else { return nil }
        return told
    }

    /// Why a text is not a time.
    var refusal: TimeText.ParseError {
        if let number = numberRefusal { return number }
        let shape = bytes.prefix(8).map { Self.isDigit($0) ? UInt8(ascii: "0") : $0 }
        if shape.starts(with: "0000-W".utf8) || shape.starts(with: "0000W".utf8) { return .weekDate }
        if shape.starts(with: "00000000".utf8) { return .basicForm }
        if shape.starts(with: "0000-000".utf8) { return .ordinalDate }
        if shape.starts(with: "-0000".utf8) || shape.starts(with: "+00000".utf8) { return .outOfRange }
        return .unreadable
    }

    /// Why a text of only digits, with or without a sign or a fraction, is not a time; nil for any other text.
    private var numberRefusal: TimeText.ParseError? {
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let isSigned = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+")
        let digits = [parts[0].dropFirst(isSigned ? 1 : 0)] + parts.dropFirst()
        guard digits.allSatisfy({ !$0.isEmpty && $0.allSatisfy(Self.isDigit) }) else { return nil }
        // A date, or a date and a time of day.
        if !isSigned, digits.count == 1, bytes.count == 8 || bytes.count == 14 { return .basicForm }
        return .number(UnixTime(String(decoding: bytes, as: UTF8.self)))
    }

    private mutating func readDate() -> Bool {
        guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2),
            (1...12).contains(month), (1...RFC3339.daysInMonth(month, year: year)).contains(day)
        else { return false }
        told.days = RFC3339.daysSinceEpoch(year: year, month: month, day: day)
        return true
    }

    private mutating func readClock() -> Bool {
        guard let hour = number(2), take(":"), let minute = number(2), hour <= 24, minute < 60 else { return false }
        var second = 0
        if take(":") {
            guard let read = number(2), read <= 60, readFraction() else { return false }
            second = read
        } else {
            told.isNormal = false
        }
        if second == 60 { (told.isLeapSecond, told.isNormal) = (true, false) }
        if hour == 24 {
            guard minute == 0, second == 0, told.microseconds == 0 else { return false }
            told.isNormal = false
        }
        told.secondOfDay = hour * 3600 + minute * 60 + min(second, 59)
        return true
    }

    private mutating func readFraction() -> Bool {
        if !take(".") {
            guard take(",") else { return true }
            told.isNormal = false
        }
        let start = place
        while place < bytes.count, Self.isDigit(bytes[place]) {
            if place - start < 6 { told.microseconds = told.microseconds * 10 + Int64(bytes[place] - 0x30) }
            place += 1
        }
        let digits = place - start
        guard digits > 0 else { return false }
        for _ in min(digits, 6)..<6 { told.microseconds *= 10 }
        if digits > 9 { told.isNormal = false }
        told.fraction = String(decoding: bytes[start..<start + min(digits, 9)], as: UTF8.self)
        return true
    }

    private mutating func readOffset() -> Bool {
        if isAtEnd {
            told.isNormal = false
            return true
        }
        if take(" ") { told.isNormal = false }
        if take("Z") {
            told.offsetMinutes = 0
            return true
        }
        if take("z") {
            (told.offsetMinutes, told.isNormal) = (0, false)
            return true
        }
        let isNegative = take("-")
        guard isNegative || take("+"), let hours = number(2), hours < 24 else { return false }
        var minutes = 0
        let hasColon = take(":")
        if !isAtEnd || hasColon {
            guard let read = number(2), read < 60 else { return false }
            minutes = read
        }
        let offset = hours * 60 + minutes
        told.offsetMinutes = isNegative ? -offset : offset
        // `-00:00` means in RFC 3339 that the offset is not known; ISO 8601 does not have it.
        if !hasColon || (isNegative && offset == 0) { told.isNormal = false }
        return true
    }

    // MARK: Bytes

    private var isAtEnd: Bool { place == bytes.count }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard place < bytes.count, bytes[place] == UInt8(ascii: scalar) else { return false }
        place += 1
        return true
    }

    private mutating func number(_ width: Int) -> Int? {
        guard place + width <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[place..<place + width] {
            guard Self.isDigit(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        place += width
        return value
    }
}
