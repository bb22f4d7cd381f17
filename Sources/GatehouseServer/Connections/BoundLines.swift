internal import GatehouseCore
internal import Logging
internal import Synchronization

/// Says in the log that callers met a bound: for each sort of problem once in ten seconds, with how often since the
/// line before. What a caller can repeat at will must not fill the log.
final class BoundLines: Sendable {
    private let paces = Mutex<[ProblemKind: LinePace]>([:])

    /// Counts a refusal, and writes a line where one is due.
    func tell(_ problem: Problem, at now: Instant, to logger: Logger) {
        guard let count = paces.withLock({ $0[problem.kind, default: LinePace()].count(at: now) }) else { return }
        logger.warning(
            "a bound was met",
            metadata: ["problem": "\(problem.kind.slug)", "times": "\(count)", "detail": "\(problem.detail)"])
    }
}
