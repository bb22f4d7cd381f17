package import NIOCore

/// Runs tasks on one event loop, so that a courier's task and its connections share a thread and a request needs no
/// hand-over: `Task(executorPreference: LoopExecutor(loop)) { … }`.
///
/// Jobs that become ready on the loop itself are collected and run together at the loop's next turn, after the events
/// of this one. They never run inside the call that made them ready, because the caller's state may be half changed.
package final class LoopExecutor: TaskExecutor, @unchecked Sendable {
    /// The loop whose thread runs the tasks.
    package let loop: any EventLoop

    // Both are touched on the loop alone.
    private var ready: [UnownedJob] = []
    private var spare: [UnownedJob] = []

    /// Makes an executor for `loop`; it must live as long as tasks prefer it.
    package init(_ loop: any EventLoop) {
        self.loop = loop
    }

    /// Takes a job for the loop: at its next turn from the loop itself, as soon as possible from any other thread.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        guard loop.inEventLoop else {
            loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
            return
        }
        ready.append(job)
        if ready.count == 1 { loop.execute { self.runReady() } }
    }

    /// Runs the jobs that were ready at the start; jobs that become ready meanwhile wait for the next turn, so that
    /// tasks that wake each other do not block the sockets.
    private func runReady() {
        let jobs = ready
        ready = spare
        spare = []
        for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
        spare = jobs
        spare.removeAll(keepingCapacity: true)
    }
}
