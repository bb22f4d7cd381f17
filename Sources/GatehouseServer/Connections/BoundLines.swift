internal import GatehouseCore
internal import Logging
internal import Synchronization

/// Logs that callers met a bound: for each kind of problem once in ten seconds, with the count since the line before.
/// What a caller can repeat at will must not fill the log.
final class BoundLines: Sendable {
    private let paces = Mutex<[ProblemKind: LinePace]>([:])

    /// Counts a refusal, and writes a line if one is due.
    func tell(_ problem: Problem, at now: Instant, to logger: Logger) {
        guard let count = paces.withLock({ $0[problem.kind, default: LinePace()].count(at: now) }) else { return }
        logger.warning(
            "a bound was met",
            metadata: ["problem": "\(problem.kind.slug)", "times": "\(count)", "detail": "\(problem.detail)"])
    }
}
