/// When something happened: the instant, and its spelling with the panel's offset.
///
/// The offset is kept because a vendor's contract may print local time (Situator: `2019-02-15T17:21:48.1201-02:00`).
public struct EventTime: Hashable, Sendable {
    /// The instant, to the microsecond; finer digits are cut off.
    public let instant: Instant
    /// The sender's offset, in minutes east of Greenwich.
    public let offsetMinutes: Int
    /// The spelling by RFC 3339 section 5.6, with a capital `T` and `Z`, the sender's offset and fraction digits, and
    /// no leap second. Every strict reader accepts it, for every accepted spelling of the sender.
    public let text: String

    /// A time in UTC, spelled with milliseconds, or with microseconds if it has any.
    public init(_ instant: Instant) {
        self.instant = instant
        self.offsetMinutes = 0
        self.text = RFC3339.text(instant)
    }

    /// Reads a time by ISO 8601 as ``TimeText`` does; without a zone it is in UTC, and a date alone means its
    /// beginning. Nil for anything else.
    public init?(_ text: String) {
        guard let told = try? TimeText(text) else { return nil }
        self = told.time
    }

    /// Reads a stored time, of any year, in any spelling that was accepted when it was stored.
    public init?(stored text: String) {
        guard let told = try? TimeText(text, in: nil) else { return nil }
        self = told.time
    }

    init(_ instant: Instant, offsetMinutes: Int, text: String) {
        self.instant = instant
        self.offsetMinutes = offsetMinutes
        self.text = text
    }

    /// Whether the sender wrote it in UTC, in any spelling, so that it does not show the offset of the place.
    public var isInUTC: Bool { offsetMinutes == 0 }
}

/// Gives the offsets of the IANA time zone database, which Core cannot contain.
public protocol TimeZones: Sendable {
    /// Minutes east of Greenwich at that instant; nil if there is no zone with that name.
    func offsetMinutes(of zone: String, at instant: Instant) -> Int?
}

extension TimeZones {
    /// Whether a name is in the database. Abbreviations and offsets (`EST`, `GMT+3`) are ambiguous, so of the names
    /// without a slash only `UTC` and `GMT` are accepted.
    package func isKnown(_ name: String) -> Bool {
        if name == "UTC" || name == "GMT" { return true }
        guard name.utf8.count <= 64, name.contains("/"), !name.contains("..") else { return false }
        return offsetMinutes(of: name, at: Instant(microseconds: 0)) != nil
    }

    /// Minutes east of Greenwich at a local time of a zone, given as if it were UTC; nil if there is no zone with that
    /// name.
    ///
    /// A local time that occurs twice at a change of the clocks means the first one. One that does not occur has the
    /// offset before the change.
    func offsetMinutes(of zone: String, atLocal local: Instant) -> Int? {
        let day = Duration.seconds(86_400)
        guard let before = offsetMinutes(of: zone, at: local - day),
            let after = offsetMinutes(of: zone, at: local + day)
        else { return nil }
        func holds(_ offset: Int) -> Bool {
            offsetMinutes(of: zone, at: local - .seconds(60 * offset)) == offset
        }
        return before == after || holds(before) || !holds(after) ? before : after
    }
}
