/// When something happened: the instant, and its spelling with the offset that the panel gave it.
///
/// The offset is kept because a vendor's contract may print local time (Situator: `2019-02-15T17:21:48.1201-02:00`).
public struct EventTime: Hashable, Sendable {
    /// The instant, to the microsecond; finer digits are cut off.
    public let instant: Instant
    /// Minutes east of Greenwich as the sender wrote them.
    public let offsetMinutes: Int
    /// The spelling by RFC 3339 section 5.6, with a capital `T` and `Z`, the offset and the digits of the fraction as
    /// they came, and no leap second. Every strict reader takes it, whatever the sender wrote.
    public let text: String

    /// A time in UTC, spelled with milliseconds, or microseconds where there are some.
    public init(_ instant: Instant) {
        self.instant = instant
        self.offsetMinutes = 0
        self.text = RFC3339.text(instant)
    }

    /// Reads a time by ISO 8601 as ``TimeText`` takes it; one without a zone is in UTC, a date alone is its beginning.
    /// Nil for anything else.
    public init?(_ text: String) {
        guard let told = try? TimeText(text) else { return nil }
        self = told.time
    }

    /// Reads a time that was stored, of any year, in whatever spelling was taken when it was stored.
    public init?(stored text: String) {
        guard let told = try? TimeText(text, in: nil) else { return nil }
        self = told.time
    }

    init(_ instant: Instant, offsetMinutes: Int, text: String) {
        self.instant = instant
        self.offsetMinutes = offsetMinutes
        self.text = text
    }

    /// Whether the sender told it in UTC, however that is spelled, and so nothing of the place where it happened.
    public var isInUTC: Bool { offsetMinutes == 0 }
}

/// Tells the offsets of the IANA time zone database, which Core cannot carry.
public protocol TimeZones: Sendable {
    /// Minutes east of Greenwich at that instant; nil where there is no zone of that name.
    func offsetMinutes(of zone: String, at instant: Instant) -> Int?
}

extension TimeZones {
    /// Says whether a name is one of the database's. Abbreviations and offsets (`EST`, `GMT+3`) mean different things
    /// to different readers, so of the names without a slash only `UTC` and `GMT` are taken.
    package func isKnown(_ name: String) -> Bool {
        if name == "UTC" || name == "GMT" { return true }
        guard name.utf8.count <= 64, name.contains("/"), !name.contains("..") else { return false }
        return offsetMinutes(of: name, at: Instant(microseconds: 0)) != nil
    }

    /// Minutes east of Greenwich at a local time of a zone, which is given as if it were UTC; nil where there is no
    /// zone of that name.
    ///
    /// A local time that a change of the clocks makes occur twice is the first of the two. One that it leaves out is
    /// told by the clock of before the change.
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
