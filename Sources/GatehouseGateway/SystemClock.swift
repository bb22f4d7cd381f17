package import GatehouseCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The machine's own clock.
package struct SystemClock: WallClock {
    /// It has no parameters: there is one machine.
    package init() {}

    /// The present instant, to the microsecond.
    package var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// It continues while the machine sleeps, as a wall clock does: a machine that wakes up does not count as one whose
    /// clock was set.
    package var steady: Duration {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }

    /// Sleeps on the monotonic clock, so that a clock that is set back delays nothing.
    package func sleep(until instant: Instant) async throws {
        let rest = instant - now
        if rest > .zero { try await Task.sleep(for: rest) } else { try Task.checkCancellation() }
    }
}
