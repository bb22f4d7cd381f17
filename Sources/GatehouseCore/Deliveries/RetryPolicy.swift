/// Judges the outcome of an attempt: a pure function of the outcome, the number of the attempt and the promise.
///
/// Worked values for ours, without jitter: attempt 1 fails at t → due at t + 5 s; attempt 2 → + 30 s; attempt 3 → + 2
/// min; an urgent one → + 1 s, + 2 s, + 5 s. After attempt 13 (12 delays) the delivery is dead, an urgent one after
/// attempt 16 (15 delays). With a jitter of a fifth the first delay lies between 4 s and 6 s.
///
/// `Retry-After: 120` on attempt 1 → + 120 s, exactly; `0` → + 1 s; `999999` → + 86 400 s; a date in the past → + 1 s;
/// on attempt 13 → dead all the same. A value that is neither seconds nor a date is ignored.
public struct RetryPolicy: Sendable {
    private let promise: RetryPromise
    private let own: [Duration]?

    /// The limits for a receiver's Retry-After.
    static let retryAfter: ClosedRange<Duration> = .seconds(1)...(.seconds(86_400))

    /// Joins the contract's promise with the subscription's own schedule, if it has one.
    public init(of promise: RetryPromise, terms: Terms) {
        self.promise = promise
        self.own = terms.retries
    }

    /// What an outcome means for the delivery. Only 2xx is success. Every other outcome is retried until the schedule
    /// ends, also a refused address, since names change their addresses.
    ///
    /// If an answer asks for a delay (Retry-After, RFC 9110 section 10.2.3), it replaces the schedule's own, longer or
    /// shorter, from 1 s to 24 h and without jitter: the receiver knows best when it will be back. It adds no further
    /// attempts.
    public func verdict(
        on outcome: Outcome, attempt: Int, lane: Lane, now: Instant, using random: inout some RandomNumberGenerator
    ) -> Verdict {
        if let status = outcome.status {
            if (200..<300).contains(status) { return .delivered }
            if status == 410, promise.goneDisables { return .gone(at: now) }
        }
        let delays = own ?? (lane == .urgent ? promise.urgentDelays : promise.delays)
        guard attempt <= delays.count else { return .dead(.exhausted) }
        return .dueAgain(at: now + (asked(by: outcome, now: now) ?? jittered(delays[attempt - 1], using: &random)))
    }

    private func jittered(_ delay: Duration, using random: inout some RandomNumberGenerator) -> Duration {
        delay * Double.random(in: (1 - promise.jitter)...(1 + promise.jitter), using: &random)
    }

    private func asked(by outcome: Outcome, now: Instant) -> Duration? {
        guard case .answered(let answer) = outcome, let text = answer.retryAfter else { return nil }
        let delay: Duration
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // A number too large for an integer still means a long delay.
            delay = Int64(text).map { .seconds(min($0, 86_400)) } ?? Self.retryAfter.upperBound
        } else if let date = HTTPDate.parse(text) {
            delay = date - now
        } else {
            return nil
        }
        return min(max(delay, Self.retryAfter.lowerBound), Self.retryAfter.upperBound)
    }
}
