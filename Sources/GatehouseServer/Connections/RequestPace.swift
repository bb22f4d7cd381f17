/// The slowest allowed pace of a body: at least so many bytes in each stretch of time, and all of them before a
/// deadline that grows with the announced length. So a site with a bad connection can send a large body, and no body
/// stays open for ever.
struct RequestPace: Sendable {
    /// The bounds.
    struct Bounds: Hashable, Sendable {
        /// The length of a stretch.
        var stretch: Duration
        /// How many bytes a second must come in each stretch.
        var leastRate: Int
        /// The time allowed in addition to one second for each `leastRate` announced bytes.
        var allowance: Duration
        /// The assumed length of a chunked body.
        var unannounced: Int
    }

    /// The decision about a body.
    enum Verdict: Hashable, Sendable {
        /// The next check is due so long after the body began.
        case goesOn(next: Duration)
        /// Too few bytes came in a stretch.
        case tooSlow
        /// The deadline has passed.
        case tooLate
    }

    private let bounds: Bounds
    private let deadline: Duration
    private var mark = 0
    private var stretchEnd: Duration

    /// The pace of a body that begins; `announced` is nil if it is chunked.
    init(announced: Int?, _ bounds: Bounds) {
        self.bounds = bounds
        self.deadline = bounds.allowance + .seconds((announced ?? bounds.unannounced) / max(1, bounds.leastRate))
        self.stretchEnd = bounds.stretch
    }

    /// When the first check is due, counted from the begin of the body.
    var first: Duration { min(stretchEnd, deadline) }

    /// Decides by the received bytes and the time since the body began.
    mutating func verdict(received: Int, after elapsed: Duration) -> Verdict {
        if elapsed >= deadline { return .tooLate }
        if elapsed >= stretchEnd {
            // Since the last check, which may have been late on a busy machine.
            let stretches = elapsed - stretchEnd + bounds.stretch
            let least = Double(bounds.leastRate) * (stretches / .seconds(1))
            if Double(received - mark) < least { return .tooSlow }
            mark = received
            stretchEnd = elapsed + bounds.stretch
        }
        return .goesOn(next: min(stretchEnd, deadline))
    }
}

/// A body came too slowly; the reader of the body gets this error.
struct SlowBody: Error, Sendable {
    /// What was too slow.
    let sentence: String
}

/// A body is incomplete, or is not valid HTTP; the reader of the body gets this error.
struct BrokenBody: Error, Sendable {}
