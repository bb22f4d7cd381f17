internal import GRDB
internal import GatehouseCore

/// Something to be written. It either writes all that it wants or throws ``StoreError`` before it has written anything.
struct Job: Sendable {
    let size: Size
    /// Writes, and returns what is to be done once it is durable.
    let work: @Sendable (Database) throws -> @Sendable () -> Void
    /// Told instead of that, where nothing was written.
    let fail: @Sendable (StoreError) -> Void

    /// What a job weighs, and who may be refused for it.
    struct Size {
        /// The events that it brings, which count against the queue's bound.
        var events = 0
        /// How much of a commit it fills: an event, a delivery, a result is one each.
        var rows = 1
        /// Goes before everyday events that were asked for earlier: urgent ones, claims, results, heartbeats.
        var isPrompt = true
        /// How many events may be queued with it; nil where it must not be refused.
        var bound: Int?
    }
}

/// What waits to be written, in two queues: an alarm does not wait behind twenty thousand everyday events.
struct JobQueue {
    private var prompt: [Job] = []
    private var normal: [Job] = []
    private var events = 0
    private(set) var rows = 0

    var count: Int { prompt.count + normal.count }

    /// Says whether a job may join. One that is larger than the bound by itself may where nothing else waits.
    func admits(_ size: Job.Size) -> Bool {
        guard let bound = size.bound else { return true }
        return events == 0 || events + size.events <= bound
    }

    mutating func append(_ job: Job) {
        events += job.size.events
        rows += job.size.rows
        if job.size.isPrompt { prompt.append(job) } else { normal.append(job) }
    }

    /// Takes as many jobs as fill one commit, at least one.
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
