internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The progress of work on a store's file.
package struct FileProgress: Hashable, Sendable {
    /// The stages of the work.
    package enum Stage: Hashable, Sendable {
        /// Pages are being copied; counted in bytes.
        case copying
        /// Pages are being read and compared; counted in bytes that were read.
        case checking
        /// Indexes are being compared with their tables; counted in rows.
        case comparing
    }

    /// The present stage.
    package let stage: Stage
    /// How much of it is done.
    package let done: Int
    /// How much there is in all, as far as that is known.
    package let total: Int
}

/// Observes the copying or checking of a store's file: gets the progress, and may stop the work.
package final class FileWatch: Sendable {
    /// Gets the progress, about once a second or once a step.
    let tell: @Sendable (FileProgress) -> Void
    /// How often the progress is read of a statement that does not report it.
    let interval: Duration
    private let state = Mutex(State.growing([]))

    private enum State {
        /// These files exist while the copy is made.
        case growing([String])
        /// The copy has its name.
        case done
    }

    /// Observes one copy or check.
    package convenience init(tell: @escaping @Sendable (FileProgress) -> Void = { _ in }) {
        self.init(interval: .seconds(1), tell: tell)
    }

    init(interval: Duration, tell: @escaping @Sendable (FileProgress) -> Void) {
        self.interval = interval
        self.tell = tell
    }

    /// Removes an incomplete copy and ends the process by `end`; the copy does not continue meanwhile. If the copy is
    /// just getting its name, that is awaited. If it has its name, nothing is done, because the command is at its end.
    package func abandon(_ end: () -> Never) {
        state.withLock { state in
            guard case .growing(let files) = state else { return }
            for file in files { unlink(file) }
            end()
        }
    }

    /// Records the files of an incomplete copy.
    func grow(_ files: [String]) { state.withLock { $0 = .growing(files) } }

    /// Gives the copy its name; ``abandon(_:)`` waits for that.
    func finish(_ work: () throws -> Void) rethrows {
        try state.withLock { state in
            try work()
            state = .done
        }
    }
}
