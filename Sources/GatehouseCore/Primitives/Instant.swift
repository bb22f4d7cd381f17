/// A point in time, in whole microseconds since 1970-01-01T00:00:00Z: the store keeps and compares this.
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

    /// The instant later by a duration, in whole microseconds: the rest of the duration is cut off.
    public static func + (left: Instant, right: Duration) -> Instant {
        Instant(microseconds: left.microseconds + right.microseconds)
    }

    /// The instant earlier by a duration, in whole microseconds: the rest of the duration is cut off.
    public static func - (left: Instant, right: Duration) -> Instant {
        Instant(microseconds: left.microseconds - right.microseconds)
    }

    /// The time from the right instant to the left one; negative if the left one is earlier.
    public static func - (left: Instant, right: Instant) -> Duration {
        .microseconds(left.microseconds - right.microseconds)
    }
}

extension Duration {
    /// The duration in whole microseconds, rounded toward zero.
    public var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }

    /// The duration in seconds as a fraction, for metrics and for people.
    public var inSeconds: Double { Double(microseconds) / 1_000_000 }
}

/// A clock: the only source of the time for code above the Core, so that a test can stop it.
public protocol WallClock: Sendable {
    /// The present instant.
    var now: Instant { get }
    /// The time since some fixed instant; it advances evenly even if the clock is set.
    var steady: Duration { get }
    /// Returns once `instant` is reached; throws `CancellationError` if the task is cancelled before.
    func sleep(until instant: Instant) async throws
}

extension WallClock {
    /// By default from the clock itself, which is then never set.
    public var steady: Duration { .microseconds(now.microseconds) }
}

extension Instant {
    /// Whole milliseconds since 1970, as in contracts: 0 for an instant before 1970, which a clock east of Greenwich
    /// may show.
    public var milliseconds: Int64 { max(0, microseconds / 1000) }
}

/// A change of the machine's clock that is not the passing of time.
public struct ClockJump: Hashable, Sendable {
    /// The time of the change, by the new setting.
    public let at: Instant
    /// The size of the change: greater than zero if the clock was set forward.
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
