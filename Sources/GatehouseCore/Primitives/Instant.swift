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
    /// Returns once `instant` is reached; throws `CancellationError` where the task is cancelled before.
    func sleep(until instant: Instant) async throws
}
