import GatehouseStores
import Synchronization

/// Shows how far work on a store's file has come, a bar for each of its stages.
final class FileBar: Sendable {
    private let state = Mutex(State())

    private struct State {
        var stage: FileProgress.Stage?
        var bar: ProgressBar?
        /// When this stage began.
        var begin = ContinuousClock.now
    }

    private let begin = ContinuousClock.now

    /// Draws it anew.
    func show(_ progress: FileProgress) {
        state.withLock { state in
            if state.stage != progress.stage {
                state.bar?.clear()
                state.bar = ProgressBar(total: progress.total > 0 ? progress.total : nil, since: begin)
                (state.stage, state.begin) = (progress.stage, .now)
            }
            let seconds = (ContinuousClock.now - state.begin).components.seconds
            state.bar?.show(bytes: progress.done, note: Self.note(progress, seconds))
        }
    }

    /// Takes it away.
    func clear() { state.withLock { $0.bar?.clear() } }

    /// What is being done, in words.
    static func note(_ progress: FileProgress, _ seconds: Int64) -> String {
        switch progress.stage {
        case .copying: "\(progress.done >> 20) of \(progress.total >> 20) MiB copied"
        case .checking: "pages are checked, \(seconds) s so far"
        case .comparing: "indexes are held against their tables, \(seconds) s so far"
        }
    }
}
