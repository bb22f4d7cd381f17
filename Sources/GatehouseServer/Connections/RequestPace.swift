/// How slowly a body may come: at least so many bytes in each stretch of time, and all of them by a deadline that grows
/// with what was announced, so that a site on a bad line may send a large body, and none is open for ever.
struct RequestPace: Sendable {
    /// The bounds.
    struct Bounds: Hashable, Sendable {
        /// The length of a stretch.
        var stretch: Duration
        /// How many bytes a second must come in each stretch.
        var leastRate: Int
        /// What is allowed beside one second for each `leastRate` announced bytes.
        var allowance: Duration
        /// The length that a body in chunks is taken to have.
        var unannounced: Int
    }

    /// What follows from how much has come.
    enum Verdict: Hashable, Sendable {
        /// It is to be looked at again so long after the body began.
        case goesOn(next: Duration)
        /// Too little came in a stretch.
        case tooSlow
        /// The time is over.
        case tooLate
    }

    private let bounds: Bounds
    private let deadline: Duration
    private var mark = 0
    private var stretchEnd: Duration

    /// The pace of a body that begins; `announced` is nil where it comes in chunks.
    init(announced: Int?, _ bounds: Bounds) {
        self.bounds = bounds
        self.deadline = bounds.allowance + .seconds((announced ?? bounds.unannounced) / max(1, bounds.leastRate))
        self.stretchEnd = bounds.stretch
    }

    /// When it is to be looked at first, counted from the body's begin.
    var first: Duration { min(stretchEnd, deadline) }

    /// Judges how much has come, so long after the body began.
    mutating func verdict(received: Int, after elapsed: Duration) -> Verdict {
        if elapsed >= deadline { return .tooLate }
        if elapsed >= stretchEnd {
            // Since the last look, which a busy machine may have made late.
            let stretches = elapsed - stretchEnd + bounds.stretch
            let least = Double(bounds.leastRate) * (stretches / .seconds(1))
            if Double(received - mark) < least { return .tooSlow }
            mark = received
            stretchEnd = elapsed + bounds.stretch
        }
        return .goesOn(next: min(stretchEnd, deadline))
    }
}

/// A body came more slowly than it may; the reader of the body meets this.
struct SlowBody: Error, Sendable {
    /// What was too slow.
    let sentence: String
}

/// A body broke off, or is no HTTP; the reader of the body meets this.
struct BrokenBody: Error, Sendable {}
