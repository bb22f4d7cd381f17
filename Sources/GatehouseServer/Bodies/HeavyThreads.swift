package import GatehouseControl
internal import GatehouseCore
internal import NIOPosix

/// The threads for heavy work, shared by all modules of the process.
package final class HeavyThreads: TaskExecutor {
    /// The threads of the process, for everything except decoding.
    package static let shared = HeavyThreads(HeavyWork.places)
    /// The thread that decodes compressed bodies. While a body waits for its turn, none of it is read, but its caller's
    /// pace is still checked: so decoding never waits for other work.
    static let decoding = HeavyThreads(1)

    private let pool: NIOThreadPool

    private init(_ count: Int) {
        pool = NIOThreadPool(numberOfThreads: count)
        pool.start()
    }

    /// Gives a job to the first free thread.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pool.submit { _ in job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// The server's kinds of heavy work. Each has its own queue: an arriving body is decoded while large bodies are parsed
/// and wait for their commit, and a page is written meanwhile too.
package struct HeavyLines: Sendable {
    /// Parses large bodies, carries out their requests and answers them.
    package let bodies: HeavyWork
    /// Decodes compressed bodies as they arrive.
    package let decoding: HeavyWork
    /// Writes large pages.
    package let pages: HeavyWork

    /// Queues on the threads of the process.
    package init() { self.init(on: HeavyThreads.shared, decodingOn: HeavyThreads.decoding) }

    /// - Parameter decoding: the executor for decoding; by default the same threads.
    package init(on threads: any TaskExecutor, decodingOn decoding: (any TaskExecutor)? = nil) {
        bodies = HeavyWork(on: threads)
        self.decoding = HeavyWork(on: decoding ?? threads)
        pages = HeavyWork(on: threads)
    }
}
