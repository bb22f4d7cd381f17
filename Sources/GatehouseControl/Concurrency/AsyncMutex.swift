internal import Synchronization

/// Work takes turns in the order in which it came: exclusive work alone, shared work together with the shared work
/// beside it in the queue.
package final class AsyncMutex: Sendable {
    private enum Sort { case exclusive, shared }

    private struct State {
        var hasExclusive = false
        /// How much shared work is under way.
        var shared = 0
        var waiting: [(sort: Sort, continuation: CheckedContinuation<Void, Never>)] = []

        /// Whether such work may begin beside the work that is under way.
        func admits(_ sort: Sort) -> Bool {
            switch sort {
            case .exclusive: !hasExclusive && shared == 0
            case .shared: !hasExclusive
            }
        }

        mutating func begin(_ sort: Sort) {
            switch sort {
            case .exclusive: hasExclusive = true
            case .shared: shared += 1
            }
        }

        mutating func end(_ sort: Sort) {
            switch sort {
            case .exclusive: hasExclusive = false
            case .shared: shared -= 1
            }
        }

        /// Begins the work at the head of the queue, as much as may be under way together.
        mutating func beginNext() -> [CheckedContinuation<Void, Never>] {
            var begun: [CheckedContinuation<Void, Never>] = []
            while let next = waiting.first, admits(next.sort) {
                begin(next.sort)
                begun.append(waiting.removeFirst().continuation)
            }
            return begun
        }
    }

    private let state = Mutex(State())

    /// A mutex with no work under way.
    package init() {}

    /// How much work waits for its turn.
    package var waiting: Int { state.withLock { $0.waiting.count } }

    /// Does exclusive work when its turn has come. The work must not ask for a turn of its own.
    package func take<Value: Sendable, Failure: Error>(
        _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        await begin(.exclusive)
        defer { end(.exclusive) }
        return try await work()
    }

    /// Does shared work when its turn has come: beside other shared work, never beside exclusive work. The work must
    /// not ask for a turn of its own.
    package func share<Value: Sendable, Failure: Error>(
        _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        await begin(.shared)
        defer { end(.shared) }
        return try await work()
    }

    private func begin(_ sort: Sort) async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.waiting.isEmpty, state.admits(sort) else {
                    state.waiting.append((sort, continuation))
                    return false
                }
                state.begin(sort)
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    private func end(_ sort: Sort) {
        let begun = state.withLock { state in
            state.end(sort)
            return state.beginNext()
        }
        for continuation in begun { continuation.resume() }
    }
}
