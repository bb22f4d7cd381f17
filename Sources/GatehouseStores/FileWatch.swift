internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// How far work on a store's file has come.
public struct FileProgress: Hashable, Sendable {
    /// What is being done.
    public enum Stage: Hashable, Sendable {
        /// Pages are copied; counted in bytes.
        case copying
        /// Pages are read and held against each other; counted in bytes that are read.
        case checking
        /// Indexes are held against their tables; counted in rows.
        case comparing
    }

    /// What is being done.
    public let stage: Stage
    /// How much of it is done.
    public let done: Int
    /// How much there is in all, as far as that is known before.
    public let total: Int
}

/// Who looks on while a store's file is copied or checked: hears how far that is, and may end it midway.
public final class FileWatch: Sendable {
    /// Is told how far the work has come, about once a second or once a step.
    let tell: @Sendable (FileProgress) -> Void
    /// How often the progress of a statement is looked up that tells nothing by itself.
    let interval: Duration
    private let state = Mutex(State.growing([]))

    private enum State {
        /// These files are there while the copy is made.
        case growing([String])
        /// The copy has its name.
        case done
    }

    /// Watches one copy or check.
    public convenience init(tell: @escaping @Sendable (FileProgress) -> Void = { _ in }) {
        self.init(interval: .seconds(1), tell: tell)
    }

    init(interval: Duration, tell: @escaping @Sendable (FileProgress) -> Void) {
        self.interval = interval
        self.tell = tell
    }

    /// Takes away what there is of a copy and ends the process by `end`; the copy goes no further meanwhile. Where it
    /// is taking its name, that is waited for, and where it has its name nothing is done: the command is at its end.
    public func abandon(_ end: () -> Never) {
        state.withLock { state in
            guard case .growing(let files) = state else { return }
            for file in files { unlink(file) }
            end()
        }
    }

    /// Notes the files that a copy consists of until it is whole.
    func grow(_ files: [String]) { state.withLock { $0 = .growing(files) } }

    /// Gives the copy its name; ``abandon(_:)`` waits for that.
    func finish(_ work: () throws -> Void) rethrows {
        try state.withLock { state in
            try work()
            state = .done
        }
    }
}
