internal import Foundation
internal import Synchronization

/// Threads that stand still until a test releases them: jobs are held, so that a test sees what happens meanwhile.
/// After that each job has a thread of its own.
package final class StandingThreads: TaskExecutor {
    private struct State {
        var isStanding = true
        var held: [UnownedJob] = []
    }

    private let state = Mutex(State())

    /// Makes threads that stand still.
    package init() {}

    /// How many jobs are held.
    package var held: Int { state.withLock { $0.held.count } }

    /// Releases all, for ever.
    package func letGo() {
        let jobs = state.withLock { state in
            state.isStanding = false
            defer { state.held = [] }
            return state.held
        }
        for job in jobs { start(job) }
    }

    /// Takes a job, which runs as soon as the threads are released.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isHeld = state.withLock { state in
            if state.isStanding { state.held.append(job) }
            return state.isStanding
        }
        if !isHeld { start(job) }
    }

    private func start(_ job: UnownedJob) {
        Thread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }.start()
    }
}
