internal import GatehouseCore
internal import NIOPosix

/// The threads on which heavy work is done, for every room of the process.
public final class HeavyThreads: TaskExecutor {
    /// Those of the process.
    public static let shared = HeavyThreads()
    /// How many there are.
    static let count = HeavyWork.places

    private let pool = NIOThreadPool(numberOfThreads: HeavyThreads.count)

    private init() { pool.start() }

    /// Takes a job for the thread that is free first.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pool.submit { _ in job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// The server's sorts of heavy work. Each has a line of its own: a body that is on its way is decoded also while large
/// ones are read and wait for their commit, and so is a page.
struct HeavyLines: Sendable {
    /// Large bodies are read, and what they ask for is done and answered.
    let bodies: HeavyWork
    /// What is compressed is decoded as it comes.
    let decoding: HeavyWork
    /// Pages of much are written.
    let pages: HeavyWork

    init(on threads: any TaskExecutor) {
        bodies = HeavyWork(on: threads)
        decoding = HeavyWork(on: threads)
        pages = HeavyWork(on: threads)
    }
}
