/// A time as a caller wrote it by ISO 8601, read with patience.
///
/// Taken are a date and a time of day with `T`, `t` or a blank between them; seconds may be missing; a fraction of
/// them follows a point or a comma; `:60` is the last microsecond of the minute, `24:00` the next day's beginning; the
/// zone is `Z`, `z`, `+hh:mm`, `+hhmm`, `+hh`, with a blank before it or none, or is missing; a date may stand alone.
public struct TimeText: Hashable, Sendable {
    /// The text as it came.
    public let text: String
    /// Minutes east of Greenwich; nil where the caller named no zone.
    public let offsetMinutes: Int?
    /// Whether there is no time of day.
    public let isDateAlone: Bool
    /// What the clock showed, as if it were in UTC, to the microsecond.
    let local: Instant
    /// The digits of the fraction, at most nine; finer ones are cut off.
    private let fraction: String
    /// Whether the text is written as we would write it.
    private let isNormal: Bool

    /// The instants that are taken: from 1970, in UTC or by the clock of the place, to the last that RFC 3339 can tell.
    public static let bounds =
        Instant(microseconds: 0)...Instant(microseconds: 253_402_300_799_999_999)

    /// Why a text is not taken.
    public enum ParseError: Error, Hashable, Sendable {
        case unreadable, weekDate, ordinalDate, basicForm, outOfRange
        /// A number, and what it says if it counts from 1970; nil where that is no time that is taken.
        case number(UnixTime?)

        /// The reason in words, to stand behind what the field takes.
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

    /// Reads a text. Without bounds every year that has four digits is taken.
    ///
    /// - Throws: why it is not taken.
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
        // What the clock shows has four digits for the year as well.
        // A controller that lost its clock shows the first hours of 1970 in any zone, and its alarm must come in.
        let instant = instant(told.offsetMinutes ?? 0)
        if let bounds, instant > bounds.upperBound || max(instant, local) < bounds.lowerBound { throw .outOfRange }
        if local > Self.bounds.upperBound { throw .outOfRange }
    }

    /// An instant that was told by a count from 1970, as if it had been spelled in UTC.
    public init(_ instant: Instant) {
        let time = EventTime(instant)
        text = time.text
        (offsetMinutes, isDateAlone, local, isNormal) = (0, false, instant, true)
        fraction = ""
    }

    /// The time; in UTC where the caller named no zone.
    public var time: EventTime { time(otherwise: 0) }

    /// The time; with this offset where the caller named no zone.
    public func time(otherwise offset: Int) -> EventTime {
        let offset = offsetMinutes ?? offset
        return EventTime(instant(offset), offsetMinutes: offset, text: isNormal ? text : written(offset))
    }

    /// The last microsecond of a date alone; else the time, in UTC where the caller named no zone.
    public var end: Instant {
        isDateAlone ? local + .seconds(86_400) - .microseconds(1) : time.instant
    }

    /// Where a span ends whose end this is: behind the whole day for a date alone; else at the time, in UTC where the
    /// caller named no zone. What lies there is left out.
    public var spanEnd: Instant { isDateAlone ? local + .seconds(86_400) : time.instant }

    private func instant(_ offset: Int) -> Instant { local - .seconds(60 * offset) }

    private func written(_ offset: Int) -> String {
        let dot = fraction.isEmpty ? "" : "." + fraction
        return RFC3339.wholeSeconds(local, suffix: dot + (offset == 0 ? "Z" : RFC3339.offsetText(offset)))
    }
}

extension TimeText {
    /// Reads the value of a field that takes a time.
    ///
    /// - Throws: ``ValidationError/Code/outOfBounds`` for a text that is not taken, ``ValidationError/Code/wrongType``
    ///   for all else. A
    ///   number is told what Unix time it would be.
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

    /// Reads the time of an event, by the same rule. A text that is no time at all is of the wrong type there, and was
    /// from the first version on.
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
    /// What is wrong with a time in a field, and what would be right.
    public static func time(_ field: String, _ refusal: TimeText.ParseError, like example: String) -> ValidationError {
        ValidationError(
            .outOfBounds, field: field, "\(field) takes a time as \(example) (ISO 8601): \(refusal.sentence)")
    }
}
