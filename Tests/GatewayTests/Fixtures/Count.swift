internal import Synchronization

/// A number that grows, seen from any task.
final class Count: Sendable {
    private let state = Mutex(0)
    var value: Int { state.withLock { $0 } }
    /// Grows, and says to what.
    func next() -> Int {
        state.withLock { number in
            number += 1
            return number
        }
    }
    func grow() { state.withLock { $0 += 1 } }
}
