internal import GatehouseCore

/// Decides when the log gets the next line about something that callers can repeat as often as they like. The line says
/// how often it happened since the line before.
struct LinePace {
    private var unsaid = 0
    private var last: Instant?

    /// Counts one more.
    ///
    /// - Parameter interval: how long after a line the next one comes at the earliest.
    /// - Returns: how many times the line is to name; nil where no line is due.
    mutating func count(at now: Instant, every interval: Duration = .seconds(10)) -> Int? {
        unsaid += 1
        // After a clock was set back the last line lies ahead; the log must not be silent until then.
        if let last, now - last < interval, now >= last { return nil }
        defer { unsaid = 0 }
        last = now
        return unsaid
    }
}
