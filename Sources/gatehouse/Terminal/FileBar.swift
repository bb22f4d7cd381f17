import GatehouseStores
import Synchronization

/// Shows the progress of work on a store's file, with a bar for each stage.
final class FileBar: Sendable {
    private let state = Mutex(State())

    private struct State {
        var stage: FileProgress.Stage?
        var bar: ProgressBar?
        /// When this stage began.
        var begin = ContinuousClock.now
    }

    private let begin = ContinuousClock.now

    /// Draws the bar again.
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

    /// Removes the bar.
    func clear() { state.withLock { $0.bar?.clear() } }

    /// The current work, in words.
    static func note(_ progress: FileProgress, _ seconds: Int64) -> String {
        switch progress.stage {
        case .copying: "\(progress.done >> 20) of \(progress.total >> 20) MiB copied"
        case .checking: "checking pages, \(seconds) s so far"
        case .comparing: "comparing indexes with their tables, \(seconds) s so far"
        }
    }
}
