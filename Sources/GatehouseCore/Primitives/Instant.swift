/// A point in time, in whole microseconds since 1970-01-01T00:00:00Z: what the store keeps and compares.
public struct Instant: Hashable, Comparable, Sendable {
    /// Microseconds since the Unix epoch; negative before it.
    public let microseconds: Int64

    /// Takes microseconds since the Unix epoch.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Takes whole seconds since the Unix epoch.
    public init(seconds: Int64) {
        self.microseconds = seconds * 1_000_000
    }

    /// Whole seconds since the Unix epoch, rounded down: `1.9 s` is 1, `-0.1 s` is -1.
    public var seconds: Int64 {
        let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }

    public static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

    public static func + (left: Instant, right: Duration) -> Instant {
        Instant(microseconds: left.microseconds + right.microseconds)
    }

    public static func - (left: Instant, right: Duration) -> Instant {
        Instant(microseconds: left.microseconds - right.microseconds)
    }

    public static func - (left: Instant, right: Instant) -> Duration {
        .microseconds(left.microseconds - right.microseconds)
    }
}

extension Duration {
    /// The duration in whole microseconds, what is finer cut off.
    public var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }

    /// The duration in seconds as a fraction, for metrics and for people.
    public var inSeconds: Double { Double(microseconds) / 1_000_000 }
}

/// Tells the time: the only way that code above the Core learns what time it is, so that a test can hold it still.
public protocol WallClock: Sendable {
    /// The present instant.
    var now: Instant { get }
    /// The time since some instant that is always the same, which goes on evenly however the clock is set.
    var steady: Duration { get }
    /// Returns once `instant` is reached; throws `CancellationError` where the task is cancelled before.
    func sleep(until instant: Instant) async throws
}

extension WallClock {
    /// As the clock itself has it: one that is never set.
    public var steady: Duration { .microseconds(now.microseconds) }
}

extension Instant {
    /// Whole milliseconds since 1970 as contracts count them: 0 for what lies before, which a clock may show whose zone
    /// is east of Greenwich.
    public var milliseconds: Int64 { max(0, microseconds / 1000) }
}

/// That the clock of the machine was set, and did not go on by itself.
public struct ClockJump: Hashable, Sendable {
    /// When, by the clock as it was set.
    public let at: Instant
    /// By how much: greater than zero where it was set forward.
    public let by: Duration

    /// Describes a jump.
    public init(at: Instant, by: Duration) {
        self.at = at
        self.by = by
    }

    /// `forward by 2 h 5 min`, `back by 90 s`.
    public var sentence: String {
        let seconds = abs(by.components.seconds)
        let amount =
            seconds < 120
            ? "\(seconds) s" : seconds < 7200 ? "\(seconds / 60) min" : "\(seconds / 3600) h \(seconds / 60 % 60) min"
        return "\(by > .zero ? "forward" : "back") by \(amount)"
    }
}
