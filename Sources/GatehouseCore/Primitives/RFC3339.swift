/// Writes the times of RFC 3339, without a calendar library, because every event has one.
public enum RFC3339 {
    /// Writes an instant in UTC: `2026-03-11T08:15:30.250Z`, with six fraction digits if three would lose some.
    public static func text(_ instant: Instant) -> String {
        let fraction = instant.microseconds - instant.seconds * 1_000_000
        let digits = fraction.isMultiple(of: 1000) ? padded(fraction / 1000, 3) : padded(fraction, 6)
        return wholeSeconds(instant, suffix: "." + digits + "Z")
    }

    /// Writes an instant in UTC in whole seconds, without its fraction: `2026-03-11T08:15:30Z`.
    public static func secondsText(_ instant: Instant) -> String {
        wholeSeconds(instant, suffix: "Z")
    }

    /// Writes an instant in UTC with six fraction digits: `2026-03-11T08:15:30.250000Z`.
    public static func microsecondsText(_ instant: Instant) -> String {
        wholeSeconds(instant, suffix: "." + padded(instant.microseconds - instant.seconds * 1_000_000, 6) + "Z")
    }

    /// Writes an instant in local time with four fraction digits, without finer ones: `2019-02-15T17:21:48.1201-02:00`
    /// (Situator).
    public static func localText(_ instant: Instant, offsetMinutes: Int) -> String {
        let fraction = instant.microseconds - instant.seconds * 1_000_000
        return wholeSeconds(
            instant + .seconds(60 * offsetMinutes), suffix: "." + padded(fraction / 100, 4) + offsetText(offsetMinutes))
    }

    /// Writes an offset: `-02:00`, and `+00:00` for none.
    static func offsetText(_ minutes: Int) -> String {
        let offset = Int64(abs(minutes))
        return (minutes < 0 ? "-" : "+") + padded(offset / 60, 2) + ":" + padded(offset % 60, 2)
    }

    /// The first second of the year 0.
    private static let firstSecond: Int64 = -62_167_219_200
    /// The last second of the year 9999.
    private static let lastSecond: Int64 = 253_402_300_799

    /// An instant outside the years of four digits is written as their first or last second, so that the result is
    /// always a valid time.
    static func wholeSeconds(_ instant: Instant, suffix: String) -> String {
        let seconds = min(max(instant.seconds, firstSecond), lastSecond)
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

    static func daysInMonth(_ month: Int, year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Counts days from 1970-01-01 in the Gregorian calendar; years begin in March, so that the leap day comes last.
    static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
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
