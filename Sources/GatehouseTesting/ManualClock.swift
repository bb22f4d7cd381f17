package import GatehouseCore
internal import Synchronization

/// A clock that stands still until a test moves it. A sleeper wakes when its time has come, and not before.
package final class ManualClock: WallClock {
    private struct Sleeper {
        let number: Int
        var until: Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Instant
        /// How far it was set, without passing time.
        var set: Duration = .zero
        var sleepers: [Sleeper] = []
        var next = 0
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>

    /// Begins at an instant.
    package init(at instant: Instant = Instant(seconds: 1_773_216_930)) {
        state = Mutex(State(now: instant))
    }

    /// The time of the clock.
    package var now: Instant { state.withLock { $0.now } }

    /// The time if the clock had never been set.
    package var steady: Duration { state.withLock { .microseconds($0.now.microseconds) - $0.set } }

    /// How many sleepers there are now.
    package var sleepers: Int { state.withLock { $0.sleepers.count } }

    /// Moves the clock and wakes the sleepers whose time has come, the earliest first.
    package func advance(by duration: Duration) {
        let due = state.withLock { state -> [Sleeper] in
            state.now = state.now + duration
            let due = state.sleepers.filter { $0.until <= state.now }.sorted { $0.until < $1.until }
            state.sleepers.removeAll { $0.until <= state.now }
            return due
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Sets the clock forward or back. No time passes: no sleeper wakes, and each sleeps as long as before.
    package func set(by duration: Duration) {
        state.withLock { state in
            state.now = state.now + duration
            state.set += duration
            for place in state.sleepers.indices {
                state.sleepers[place].until = state.sleepers[place].until + duration
            }
        }
    }

    /// Sleeps until the clock has reached the instant.
    ///
    /// - Throws: `CancellationError` if the task is cancelled before.
    package func sleep(until instant: Instant) async throws {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let sleeper = Sleeper(number: number, until: instant, continuation: continuation)
                let answer = state.withLock { state -> Result<Void, any Error>? in
                    if state.cancelled.remove(number) != nil { return .failure(CancellationError()) }
                    if instant <= state.now { return .success(()) }
                    state.sleepers.append(sleeper)
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            cancel(number)
        }
    }

    private func cancel(_ number: Int) {
        let sleeper = state.withLock { state -> Sleeper? in
            guard let place = state.sleepers.firstIndex(where: { $0.number == number }) else {
                state.cancelled.insert(number)
                return nil
            }
            return state.sleepers.remove(at: place)
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }
}
