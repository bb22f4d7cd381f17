internal import GatehouseCore

/// Decides when the next log line is due about something that callers can repeat at will. The line has the count since
/// the line before.
struct LinePace {
    private var unsaid = 0
    private var last: Instant?

    /// Counts one more.
    ///
    /// - Parameter interval: the shortest time between two lines.
    /// - Returns: the count for the line; nil if no line is due.
    mutating func count(at now: Instant, every interval: Duration = .seconds(10)) -> Int? {
        unsaid += 1
        // After the clock was set back the last line is in the future; the log must not be silent until then.
        if let last, now - last < interval, now >= last { return nil }
        defer { unsaid = 0 }
        last = now
        return unsaid
    }
}
