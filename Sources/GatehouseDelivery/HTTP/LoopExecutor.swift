public import NIOCore

/// Runs tasks on one event loop, so that a courier's task and the connections it uses share a thread and nothing is
/// handed over per request: `Task(executorPreference: LoopExecutor(loop)) { … }`.
///
/// Jobs that become ready on the loop itself are gathered and run together at the loop's next turn, after the events of
/// this one: never inside the call that made them ready, where the caller's state may be half changed.
public final class LoopExecutor: TaskExecutor, @unchecked Sendable {
    /// The loop whose thread runs the tasks.
    public let loop: any EventLoop

    // Both touched on the loop alone.
    private var ready: [UnownedJob] = []
    private var spare: [UnownedJob] = []

    /// Makes an executor for `loop`; it must live as long as tasks prefer it.
    public init(_ loop: any EventLoop) {
        self.loop = loop
    }

    /// Takes a job for the loop: at its next turn from the loop itself, as soon as may be from any other thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        guard loop.inEventLoop else {
            loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
            return
        }
        ready.append(job)
        if ready.count == 1 { loop.execute { self.runReady() } }
    }

    /// Runs what was ready when it began; what becomes ready meanwhile waits for the next turn, so that tasks which
    /// keep waking each other do not keep the sockets from being read.
    private func runReady() {
        let jobs = ready
        ready = spare
        spare = []
        for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
        spare = jobs
        spare.removeAll(keepingCapacity: true)
    }
}
