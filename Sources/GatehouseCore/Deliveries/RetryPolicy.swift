/// Judges what an attempt met: a pure function of the outcome, the number of the attempt and the promise.
///
/// Worked values for ours, without jitter: attempt 1 fails at t → due at t + 5 s; attempt 2 → + 30 s; attempt 3 → + 2
/// min; an urgent one → + 1 s, + 2 s, + 5 s. After attempt 13 (12 delays) the delivery is dead, an urgent one after
/// attempt 16 (15 delays). With a jitter of a fifth the first delay lies between 4 s and 6 s.
///
/// `Retry-After: 120` on attempt 1 → + 120 s, exactly; `0` → + 1 s; `999999` → + 86 400 s; a date that is past → + 1 s;
/// on attempt 13 → dead all the same. Words that are neither seconds nor a date count as if they were not there.
public struct RetryPolicy: Sendable {
    private let promise: RetryPromise
    private let own: [Duration]?

    /// How far a receiver's Retry-After is followed.
    static let retryAfter: ClosedRange<Duration> = .seconds(1)...(.seconds(86_400))

    /// Joins the contract's promise with the schedule that the subscription asks for, where it asks for one.
    public init(of promise: RetryPromise, terms: Terms) {
        self.promise = promise
        self.own = terms.retries
    }

    /// What follows from an outcome. 2xx alone is success; whatever else is tried again until the schedule ends, a
    /// refused address too, since names change their addresses.
    ///
    /// Where an answer asks for a delay (Retry-After, RFC 9110 section 10.2.3), it takes the place of the schedule's
    /// own, longer or shorter, from 1 s to 24 h and without jitter: the receiver knows best when it will be back. It
    /// buys no further tries.
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
            // More digits than a number holds still mean: not soon.
            delay = Int64(text).map { .seconds(min($0, 86_400)) } ?? Self.retryAfter.upperBound
        } else if let date = HTTPDate.parse(text) {
            delay = date - now
        } else {
            return nil
        }
        return min(max(delay, Self.retryAfter.lowerBound), Self.retryAfter.upperBound)
    }
}
