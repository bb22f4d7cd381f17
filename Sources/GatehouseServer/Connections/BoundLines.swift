internal import GatehouseCore
internal import Logging
internal import Synchronization

/// Says in the log that callers met a bound: for each sort of problem once in ten seconds, with how often since the
/// line before. What a caller can repeat at will must not fill the log.
final class BoundLines: Sendable {
    /// How long after a line the next of its sort comes at the earliest.
    static let every: Duration = .seconds(10)

    private struct Sort {
        var last: Instant?
        var untold = 0
    }

    private let sorts = Mutex<[ProblemKind: Sort]>([:])

    /// Counts a refusal, and writes a line where one is due.
    func tell(_ problem: Problem, at now: Instant, to logger: Logger) {
        let count = sorts.withLock { sorts -> Int? in
            let sort = sorts[problem.kind] ?? Sort()
            let count = sort.untold + 1
            let isDue = sort.last.map { now - $0 >= Self.every || now < $0 } ?? true
            sorts[problem.kind] = isDue ? Sort(last: now) : Sort(last: sort.last, untold: count)
            return isDue ? count : nil
        }
        guard let count else { return }
        logger.warning(
            "a bound was met",
            metadata: ["problem": "\(problem.kind.slug)", "times": "\(count)", "detail": "\(problem.detail)"])
    }
}
