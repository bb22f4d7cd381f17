package import GatehouseControl
internal import GatehouseCore
internal import NIOPosix

/// The threads on which heavy work is done, for every room of the process.
public final class HeavyThreads: TaskExecutor {
    /// Those of the process, for all but decoding.
    public static let shared = HeavyThreads(HeavyWork.places)
    /// The one on which compressed bodies are decoded. While one waits its turn nothing of it is read, and the pace of
    /// its caller is judged all the same: so it never waits for the work of others.
    static let decoding = HeavyThreads(1)

    private let pool: NIOThreadPool

    private init(_ count: Int) {
        pool = NIOThreadPool(numberOfThreads: count)
        pool.start()
    }

    /// Takes a job for the thread that is free first.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pool.submit { _ in job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// The server's sorts of heavy work. Each has a line of its own: a body that is on its way is decoded also while large
/// ones are read and wait for their commit, and so is a page.
package struct HeavyLines: Sendable {
    /// Large bodies are read, and what they ask for is done and answered.
    package let bodies: HeavyWork
    /// What is compressed is decoded as it comes.
    package let decoding: HeavyWork
    /// Pages of much are written.
    package let pages: HeavyWork

    /// Lines on the threads of the process.
    package init() { self.init(on: HeavyThreads.shared, decodingOn: HeavyThreads.decoding) }

    /// - Parameter decoding: where bodies are decoded; on the same threads where it is left out.
    package init(on threads: any TaskExecutor, decodingOn decoding: (any TaskExecutor)? = nil) {
        bodies = HeavyWork(on: threads)
        self.decoding = HeavyWork(on: decoding ?? threads)
        pages = HeavyWork(on: threads)
    }
}
