/// The largest distance between the time of signing and now, in both directions.
struct Freshness: Sendable {
    private let tolerance: Duration

    init(tolerance: Duration) throws(VerificationError) {
        guard tolerance >= .zero else { throw .negativeTolerance }
        self.tolerance = tolerance
    }

    /// Refuses a time of signing outside the window; its two ends belong to it.
    func check(_ signed: UnixSeconds, now: UnixSeconds) throws(VerificationError) {
        let difference = now.subtractingReportingOverflow(signed)
        // A clock at the end of its range is certainly wrong, but no reason to trap.
        let age = difference.overflow ? (now < signed ? UnixSeconds.min : .max) : difference.partialValue
        let seconds = max(age, -UnixSeconds.max)
        guard .seconds(seconds) <= tolerance else { throw .stale(age: .seconds(seconds)) }
        guard .seconds(seconds) >= .zero - tolerance else { throw .ahead(by: .zero - .seconds(seconds)) }
    }
}
