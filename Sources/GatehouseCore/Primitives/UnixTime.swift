/// What a number says if it counts the time from 1970. Such numbers are not taken where a time is asked for, since
/// nothing tells their unit; their callers are told how to write them.
public struct UnixTime: Hashable, Sendable {
    /// What it would count: seconds, milliseconds, microseconds or nanoseconds.
    public let unit: String
    /// The instant that it would be.
    public let instant: Instant

    /// The fewest digits: in seconds, from March 1973 on. A shorter number is likelier something else.
    private static let fewest = 9

    /// Reads a number of digits alone, in seconds also with a fraction. nil for every other text, and where it would be
    /// no time that is taken.
    init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, let number = Int64(whole), whole.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        else { return nil }
        switch whole.utf8.count {
        case Self.fewest...11:
            let digits = parts.count > 1 ? parts[1].prefix(6) : ""
            let fraction = Int64(digits + String(repeating: "0", count: 6 - digits.utf8.count)) ?? 0
            (unit, instant) = ("seconds", Instant(microseconds: number * 1_000_000 + fraction))
        case 12...14: (unit, instant) = ("milliseconds", Instant(microseconds: number * 1000))
        case 15...17: (unit, instant) = ("microseconds", Instant(microseconds: number))
        case 18...19: (unit, instant) = ("nanoseconds", Instant(microseconds: number / 1000))
        default: return nil
        }
        guard TimeText.bounds.contains(instant) else { return nil }
    }

    /// How it is to be written.
    public var text: String {
        instant.microseconds.isMultiple(of: 1_000_000) ? RFC3339.secondsText(instant) : RFC3339.text(instant)
    }
}
