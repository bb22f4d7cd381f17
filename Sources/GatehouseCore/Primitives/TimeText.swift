/// A time from a caller, in any usual form of ISO 8601.
///
/// It accepts a date and a time of day with `T`, `t` or a blank between them; seconds may be missing; a fraction of
/// them follows a point or a comma; `:60` is the last microsecond of the minute, `24:00` the beginning of the next day;
/// the zone is `Z`, `z`, `+hh:mm`, `+hhmm`, `+hh`, with or without a blank before it, or is missing; a date may be
/// alone.
public struct TimeText: Hashable, Sendable {
    /// The original text.
    public let text: String
    /// Minutes east of Greenwich; nil if the caller gave no zone.
    public let offsetMinutes: Int?
    /// Whether there is no time of day.
    public let isDateAlone: Bool
    /// The time on the clock, as if it were in UTC, to the microsecond.
    let local: Instant
    /// The digits of the fraction, at most nine; finer ones are dropped.
    private let fraction: String
    /// Whether the text has our own spelling.
    private let isNormal: Bool

    /// The accepted instants: from 1970, in UTC or by the clock of the place, to the last that RFC 3339 can express.
    public static let bounds =
        Instant(microseconds: 0)...Instant(microseconds: 253_402_300_799_999_999)

    /// Why a text is refused.
    public enum ParseError: Error, Hashable, Sendable {
        /// No time, a form of ISO 8601 that is not accepted, or a time outside ``bounds``.
        case unreadable, weekDate, ordinalDate, basicForm, outOfRange
        /// A number, and what it means if it counts from 1970; nil if that is no accepted time.
        case number(UnixTime?)

        /// The reason in words, to follow the description of the field.
        public var sentence: String {
            switch self {
            case .unreadable:
                "Gatehouse does not read this; write year-month-day, T, hours:minutes:seconds and the zone"
            case .weekDate: "a date by its week, as 2026-W11-3, is not taken: write year-month-day"
            case .ordinalDate: "a date by its day of the year, as 2026-070, is not taken: write year-month-day"
            case .basicForm: "a date without dashes is not taken: write year-month-day"
            case .outOfRange: "the years 1970 to 9999 are taken"
            case .number(let time):
                time.map { "Unix time, here in \($0.unit), is not taken: write \($0.text) (RFC 3339)" }
                    ?? "a number, as Unix time in seconds or milliseconds, is not taken: write RFC 3339"
            }
        }
    }

    /// Reads a text. Without bounds, every year of four digits is accepted.
    ///
    /// - Throws: why it is refused.
    public init(_ text: String, in bounds: ClosedRange<Instant>? = TimeText.bounds) throws(ParseError) {
        var reader = TimeReader(text)
        guard let told = reader.read() else { throw TimeReader(text).refusal }
        let seconds = Int64(told.days) * 86_400 + Int64(told.secondOfDay)
        let micros = told.isLeapSecond ? 999_999 : told.microseconds
        local = Instant(microseconds: seconds * 1_000_000 + micros)
        offsetMinutes = told.offsetMinutes
        isDateAlone = told.isDateAlone
        fraction = told.isLeapSecond ? "999999" : told.fraction
        isNormal = told.isNormal
        self.text = text
        // The time on the clock has four digits for the year as well. A controller that lost its clock shows the first
        // hours of 1970 in any zone, and its alarm must be accepted.
        let instant = instant(told.offsetMinutes ?? 0)
        if let bounds, instant > bounds.upperBound || max(instant, local) < bounds.lowerBound { throw .outOfRange }
        if local > Self.bounds.upperBound { throw .outOfRange }
    }

    /// An instant given as a count from 1970, as if it had been spelled in UTC.
    public init(_ instant: Instant) {
        let time = EventTime(instant)
        text = time.text
        (offsetMinutes, isDateAlone, local, isNormal) = (0, false, instant, true)
        fraction = ""
    }

    /// The time; in UTC if the caller gave no zone.
    public var time: EventTime { time(otherwise: 0) }

    /// The time; with this offset if the caller gave no zone.
    public func time(otherwise offset: Int) -> EventTime {
        let offset = offsetMinutes ?? offset
        return EventTime(instant(offset), offsetMinutes: offset, text: isNormal ? text : written(offset))
    }

    /// The last microsecond of a date alone; else the time, in UTC if the caller gave no zone.
    public var end: Instant {
        isDateAlone ? local + .seconds(86_400) - .microseconds(1) : time.instant
    }

    /// The exclusive end of a span with this end: after the whole day for a date alone; else the time, in UTC if the
    /// caller gave no zone.
    public var spanEnd: Instant { isDateAlone ? local + .seconds(86_400) : time.instant }

    private func instant(_ offset: Int) -> Instant { local - .seconds(60 * offset) }

    private func written(_ offset: Int) -> String {
        let dot = fraction.isEmpty ? "" : "." + fraction
        return RFC3339.wholeSeconds(local, suffix: dot + (offset == 0 ? "Z" : RFC3339.offsetText(offset)))
    }
}

extension TimeText {
    /// Reads the value of a field for a time.
    ///
    /// - Throws: ``ValidationError/Code/outOfBounds`` for a refused text, ``ValidationError/Code/wrongType`` for
    ///   everything else. The fault of a number says which Unix time it would be.
    public init(_ value: JSON, of field: String, like example: String) throws(ValidationError) {
        switch value {
        case .string(let text):
            do throws(ParseError) {
                self = try TimeText(text)
            } catch {
                throw .time(field, error, like: example)
            }
        case .number(let number):
            let fault = ValidationError.time(field, .number(UnixTime(number.text)), like: example)
            throw ValidationError(.wrongType, field: field, fault.sentence)
        case .null, .bool, .array, .object:
            throw ValidationError(.wrongType, field: field, "\(field) takes a time as text, not \(value.sort)")
        }
    }

    /// Reads the time of an event, by the same rule. A text that is no time at all has the wrong type there, since the
    /// first version.
    public init(ofEvent value: JSON) throws(ValidationError) {
        let example = "2026-03-11T08:15:30.250Z"
        guard let text = value.text else {
            self = try TimeText(value, of: "time", like: example)
            return
        }
        do throws(ParseError) {
            self = try TimeText(text)
        } catch {
            let fault = ValidationError.time("time", error, like: example)
            let isTime = error != .unreadable && error != .number(nil)
            throw isTime ? fault : ValidationError(.wrongType, field: "time", fault.sentence)
        }
    }
}

extension ValidationError {
    /// The fault of a time in a field, and what would be valid.
    public static func time(_ field: String, _ refusal: TimeText.ParseError, like example: String) -> ValidationError {
        ValidationError(
            .outOfBounds, field: field, "\(field) takes a time as \(example) (ISO 8601): \(refusal.sentence)")
    }
}
