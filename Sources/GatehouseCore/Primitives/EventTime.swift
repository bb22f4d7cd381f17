/// When something happened: the instant, and the spelling with its offset that the panel gave it.
///
/// The offset is kept because a vendor's contract may print local time (Situator: `2019-02-15T17:21:48.1201-02:00`).
public struct EventTime: Hashable, Sendable {
    /// The instant, to the microsecond; finer digits are cut off.
    public let instant: Instant
    /// Minutes east of Greenwich as the sender wrote them.
    public let offsetMinutes: Int
    /// The spelling by RFC 3339, as it came.
    public let text: String

    /// A time in UTC, spelled with milliseconds, or microseconds where there are some.
    public init(_ instant: Instant) {
        self.instant = instant
        self.offsetMinutes = 0
        self.text = RFC3339.text(instant)
    }

    /// Reads RFC 3339 section 5.6; nil for anything else, a leap second included only as `:60` at the minute's end.
    public init?(_ text: String) {
        guard let parsed = RFC3339.parse(text) else { return nil }
        self.instant = parsed.instant
        self.offsetMinutes = parsed.offsetMinutes
        self.text = text
    }

    /// Whether the sender told it in UTC, `Z`, and so nothing of the place where it happened.
    public var isInUTC: Bool { text.hasSuffix("Z") || text.hasSuffix("z") }
}

/// Tells the offsets of the IANA time zone database, which Core cannot carry.
public protocol TimeZones: Sendable {
    /// Minutes east of Greenwich at that instant; nil where there is no zone of that name.
    func offsetMinutes(of zone: String, at instant: Instant) -> Int?
}

/// Reads and writes the times of RFC 3339, without a calendar library, because one stands in every event.
public enum RFC3339 {
    /// Writes an instant in UTC: `2026-03-11T08:15:30.250Z`, with six fraction digits where three would lose some.
    public static func text(_ instant: Instant) -> String {
        let fraction = instant.microseconds - instant.seconds * 1_000_000
        let digits = fraction.isMultiple(of: 1000) ? padded(fraction / 1000, 3) : padded(fraction, 6)
        return wholeSeconds(instant, suffix: "." + digits + "Z")
    }

    /// Writes an instant in UTC in whole seconds, what is finer cut off: `2026-03-11T08:15:30Z`.
    public static func secondsText(_ instant: Instant) -> String {
        wholeSeconds(instant, suffix: "Z")
    }

    /// Writes an instant in UTC with six fraction digits: `2026-03-11T08:15:30.250000Z`.
    public static func microsecondsText(_ instant: Instant) -> String {
        wholeSeconds(instant, suffix: "." + padded(instant.microseconds - instant.seconds * 1_000_000, 6) + "Z")
    }

    /// Writes an instant in local time with four fraction digits, what is finer cut off:
    /// `2019-02-15T17:21:48.1201-02:00` (Situator).
    public static func localText(_ instant: Instant, offsetMinutes: Int) -> String {
        let fraction = instant.microseconds - instant.seconds * 1_000_000
        let offset = Int64(abs(offsetMinutes))
        let suffix = (offsetMinutes < 0 ? "-" : "+") + padded(offset / 60, 2) + ":" + padded(offset % 60, 2)
        return wholeSeconds(
            instant + .seconds(60 * offsetMinutes), suffix: "." + padded(fraction / 100, 4) + suffix)
    }

    /// Reads a time with its offset; nil where the text is none by RFC 3339 section 5.6.
    static func parse(_ text: String) -> (instant: Instant, offsetMinutes: Int)? {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(4), scanner.take("-"), let month = scanner.number(2), scanner.take("-"),
            let day = scanner.number(2), scanner.take("T") || scanner.take("t") || scanner.take(" "),
            let hour = scanner.number(2), scanner.take(":"), let minute = scanner.number(2), scanner.take(":"),
            let second = scanner.number(2)
        else { return nil }
        var micros: Int64 = 0
        if scanner.take(".") {
            guard let fraction = scanner.fraction() else { return nil }
            micros = fraction
        }
        guard let offset = scanner.offset(), scanner.isAtEnd, (1...12).contains(month),
            (1...daysInMonth(month, year: year)).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        let days = daysSinceEpoch(year: year, month: month, day: day)
        let seconds = Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset * 60)
        return (Instant(microseconds: seconds * 1_000_000 + micros), offset)
    }

    private static func wholeSeconds(_ instant: Instant, suffix: String) -> String {
        let seconds = instant.seconds
        let secondOfDay = ((seconds % 86_400) + 86_400) % 86_400
        let date = date(daysSinceEpoch: Int((seconds - secondOfDay) / 86_400))
        return padded(Int64(date.year), 4) + "-" + padded(Int64(date.month), 2) + "-" + padded(Int64(date.day), 2)
            + "T" + padded(secondOfDay / 3600, 2) + ":" + padded(secondOfDay / 60 % 60, 2) + ":"
            + padded(secondOfDay % 60, 2) + suffix
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func daysInMonth(_ month: Int, year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Counts days from 1970-01-01 in the Gregorian calendar; years begin in March, so that the leap day comes last.
    private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(daysSinceEpoch days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}

/// Takes fixed-width numbers off the front of a text.
private struct DigitScanner {
    private let bytes: [UInt8]
    private var place = 0

    init(_ text: String) {
        self.bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { place == bytes.count }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard place < bytes.count, bytes[place] == UInt8(ascii: scalar) else { return false }
        place += 1
        return true
    }

    mutating func number(_ width: Int) -> Int? {
        guard place + width <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[place..<place + width] {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        place += width
        return value
    }

    /// The fraction of a second in microseconds; digits beyond the sixth are read and cut off.
    mutating func fraction() -> Int64? {
        var value: Int64 = 0
        var digits = 0
        while place < bytes.count, bytes[place] >= 0x30, bytes[place] <= 0x39 {
            if digits < 6 { value = value * 10 + Int64(bytes[place] - 0x30) }
            digits += 1
            place += 1
        }
        guard digits > 0 else { return nil }
        for _ in min(digits, 6)..<6 { value *= 10 }
        return value
    }

    /// Minutes east of Greenwich.
    mutating func offset() -> Int? {
        if take("Z") || take("z") { return 0 }
        let sign: Int
        if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
        guard let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
