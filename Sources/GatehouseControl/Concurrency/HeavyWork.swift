internal import GatehouseCore
internal import Synchronization

/// Does what takes long with many bytes on threads of its own, so that it never holds up the threads that answer
/// requests and carry deliveries: a probe is answered while the largest body is read.
///
/// There are few places. Who asks for one waits in line, first come first served; a task that is cancelled leaves the
/// line at once. What the work awaits comes back to those threads too, so the way of a large batch, from its first
/// byte to its answer, is on them.
package final class HeavyWork: Sendable {
    /// From how many bytes on work is heavy: what is smaller is done sooner than handed over and back.
    package static let begins = JSON.heavyWeight
    /// How many works of one sort are under way at once: the values that are made of a body take ten times its bytes.
    package static let places = 2

    private let executor: any TaskExecutor
    private let line = Mutex(Line())

    /// Does one sort of heavy work on the executor's threads, which several sorts may share.
    package init(on executor: any TaskExecutor) {
        self.executor = executor
    }

    /// How many works wait for a place.
    package var waiting: Int { line.withLock { $0.waiting.count } }

    /// Does the work on so many bytes, here or there.
    ///
    /// - Throws: what it throws; ``CancellationError`` where the task is cancelled before the work has a place.
    package func run<Value: Sendable>(on bytes: Int, _ work: () async throws -> Value) async throws -> Value {
        guard bytes >= Self.begins, !isUnderWay else { return try await work() }
        try await takePlace()
        defer { givePlace() }
        return try await withTaskExecutorPreference(executor) { try await work() }
    }

    /// Whether the present task is at heavy work already: what it asks for then needs no other place.
    private var isUnderWay: Bool {
        withUnsafeCurrentTask { $0?.unownedTaskExecutor == executor.asUnownedTaskExecutor() }
    }

    // MARK: The line

    private struct Line {
        var free = HeavyWork.places
        var waiting: [(number: Int, continuation: CheckedContinuation<Void, any Error>)] = []
        var next = 0
    }

    private func takePlace() async throws {
        let number = line.withLock { line in
            line.next += 1
            return line.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let answer = line.withLock { line -> Result<Void, any Error>? in
                    // A cancellation that came before is not told again.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard line.free == 0 else {
                        line.free -= 1
                        return .success(())
                    }
                    line.waiting.append((number, continuation))
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let left = line.withLock { line in
                line.waiting.firstIndex { $0.number == number }.map { line.waiting.remove(at: $0).continuation }
            }
            left?.resume(throwing: CancellationError())
        }
    }

    private func givePlace() {
        let next = line.withLock { line -> CheckedContinuation<Void, any Error>? in
            guard line.waiting.isEmpty else { return line.waiting.removeFirst().continuation }
            line.free += 1
            return nil
        }
        next?.resume()
    }
}
