internal import GRDB
internal import GatehouseCore

/// A piece of work for the writer. It either writes everything or throws ``StoreError`` before it has written anything.
struct Job: Sendable {
    let size: Size
    /// Writes, and returns the action for the time when it is durable.
    let work: @Sendable (Database) throws -> @Sendable () -> Void
    /// Called instead of that action if nothing was written.
    let fail: @Sendable (StoreError) -> Void

    /// The size of a job, and its limits.
    struct Size {
        /// Its events, which count against the queue's bound.
        var events = 0
        /// How much of a commit it fills: an event, a delivery or a result counts as one.
        var rows = 1
        /// Runs before normal events that were queued earlier: urgent events, claims, results, heartbeats.
        var isPrompt = true
        /// How many events may be queued with it; nil if it must not be refused.
        var bound: Int?
    }
}

/// The waiting jobs, in two queues: an alarm does not wait behind twenty thousand normal events.
struct JobQueue {
    private var prompt: [Job] = []
    private var normal: [Job] = []
    private var events = 0
    private(set) var rows = 0

    var count: Int { prompt.count + normal.count }

    /// Whether a job may join. A job that is larger than the bound may join an empty queue.
    func admits(_ size: Job.Size) -> Bool {
        guard let bound = size.bound else { return true }
        return events == 0 || events + size.events <= bound
    }

    mutating func append(_ job: Job) {
        events += job.size.events
        rows += job.size.rows
        if job.size.isPrompt { prompt.append(job) } else { normal.append(job) }
    }

    /// Takes the jobs of one commit, at least one.
    mutating func take(rows limit: Int) -> [Job] {
        var filled = 0
        var batch = Self.take(from: &prompt, limit, &filled)
        batch += Self.take(from: &normal, limit, &filled)
        rows -= filled
        for job in batch { events -= job.size.events }
        return batch
    }

    private static func take(from jobs: inout [Job], _ limit: Int, _ filled: inout Int) -> [Job] {
        var count = 0
        while count < jobs.count, filled == 0 || filled + jobs[count].size.rows <= limit {
            filled += jobs[count].size.rows
            count += 1
        }
        defer { jobs.removeFirst(count) }
        return Array(jobs.prefix(count))
    }
}
