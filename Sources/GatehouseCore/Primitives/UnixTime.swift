/// The meaning of a number that counts the time from 1970. Such numbers are refused in place of a time, since nothing
/// gives their unit; the fault tells callers how to write the time.
public struct UnixTime: Hashable, Sendable {
    /// Its unit: seconds, milliseconds, microseconds or nanoseconds.
    public let unit: String
    /// The instant.
    public let instant: Instant

    /// The minimum number of digits: in seconds, from March 1973 on. A shorter number probably means something else.
    private static let fewest = 9

    /// Reads a number of only digits, in seconds also with a fraction. Nil for every other text, and if it is no
    /// accepted time.
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

    /// How to write it.
    public var text: String {
        instant.microseconds.isMultiple(of: 1_000_000) ? RFC3339.secondsText(instant) : RFC3339.text(instant)
    }
}
