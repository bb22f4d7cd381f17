internal import GatehouseCore

/// How many wrong credentials came in this hour of the clock and in the one before: two numbers for any amount.
struct GuessHours {
    /// The present hour since the epoch.
    private(set) var hour: Int64 = 0
    /// How many came in it.
    private(set) var now = 0
    /// How many came in the hour before.
    private(set) var before = 0

    /// Counts one.
    mutating func count(at instant: Instant) {
        turn(at: instant)
        now += 1
    }

    /// Moves to the hour of an instant. After the clock was set back it starts again.
    mutating func turn(at instant: Instant) {
        let next = instant.seconds / 3600
        guard next != hour else { return }
        before = next == hour + 1 ? now : 0
        now = 0
        hour = next
    }
}
