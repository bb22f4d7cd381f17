import ArgumentParser
import GatehouseCore

/// A length of time as people write it: `500ms`, `5s`, `2m`, `1h`, `30d`.
struct TimeSpan: ExpressibleByArgument, Hashable, CustomStringConvertible {
    /// Its length.
    let duration: Duration

    /// Wraps a duration.
    init(_ duration: Duration) {
        self.duration = duration
    }

    /// Reads a whole number and its unit; nil for anything else, also for a number without a unit.
    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits), number <= 1_000_000_000 else { return nil }
        switch argument[digits.endIndex...] {
        case "ms": duration = .milliseconds(number)
        case "s": duration = .seconds(number)
        case "m": duration = .seconds(number * 60)
        case "h": duration = .seconds(number * 3600)
        case "d": duration = .seconds(number * 86_400)
        default: return nil
        }
    }

    /// The rule in words.
    static let sentence = "a whole number with ms, s, m, h or d, for example 500ms, 30s or 2m"

    /// The shortest spelling that reads back equal.
    var description: String {
        let milliseconds = duration.microseconds / 1000
        if milliseconds == 0 || !milliseconds.isMultiple(of: 1000) { return "\(milliseconds)ms" }
        let seconds = milliseconds / 1000
        if seconds.isMultiple(of: 86_400) { return "\(seconds / 86_400)d" }
        if seconds.isMultiple(of: 3600) { return "\(seconds / 3600)h" }
        return seconds.isMultiple(of: 60) ? "\(seconds / 60)m" : "\(seconds)s"
    }
}
