internal import Synchronization

/// Wakes waiting tasks when events were committed. It is a hint in memory and no more: a woken task asks the store, and
/// asks it now and then without a hint.
package final class CommitSignal: Sendable {
    private struct State {
        var told = 0
        var isClosed = false
        var next = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    /// A signal with no waiting task.
    package init() {}

    /// Wakes waiting tasks whenever a notifier says that events were committed.
    package convenience init(hearing notifier: any Notifier) {
        self.init()
        notifier.observe { [weak self] hint in
            if hint == .eventsCommitted { self?.tell() }
        }
    }

    /// How many signals there were. Read it before you ask the store, so that no commit falls between the two.
    package var mark: Int { state.withLock { $0.told } }

    /// Whether waiting is refused, because the gateway ends.
    package var isClosed: Bool { state.withLock { $0.isClosed } }

    /// How many wait now.
    package var waiting: Int { state.withLock { $0.waiting.count } }

    /// Tells all who wait that something was committed.
    package func tell() { wake { $0.told += 1 } }

    /// Tells all who wait that there is no more waiting, them and all who come.
    package func close() { wake { $0.isClosed = true } }

    /// Returns once something was committed after `mark` was taken, where the gateway ends, or where the task is
    /// cancelled.
    package func wait(after mark: Int) async {
        await wait { $0.told != mark || $0.isClosed }
    }

    /// Returns once the gateway ends, or where the task is cancelled.
    package func closed() async {
        while !isClosed, !Task.isCancelled { await wait { $0.isClosed } }
    }

    private func wait(unless isOver: (State) -> Bool) async {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isFree = state.withLock { state in
                    if state.cancelled.remove(number) != nil || isOver(state) { return true }
                    state.waiting[number] = continuation
                    return false
                }
                if isFree { continuation.resume() }
            }
        } onCancel: {
            cancel(number)
        }
        _ = state.withLock { $0.cancelled.remove(number) }
    }

    private func wake(_ change: (inout State) -> Void) {
        let woken = state.withLock { state in
            change(&state)
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in woken { continuation.resume() }
    }

    private func cancel(_ number: Int) {
        let continuation = state.withLock { state in
            let waiting = state.waiting.removeValue(forKey: number)
            if waiting == nil { state.cancelled.insert(number) }
            return waiting
        }
        continuation?.resume()
    }
}
