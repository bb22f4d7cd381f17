internal import Foundation
internal import GRDB
internal import GatehouseCore
internal import Metrics
internal import Synchronization

/// The one writer: a thread of its own that runs jobs, many callers in one commit.
///
/// Jobs that arrive during a commit share the next one. If the writer is idle, a job is committed at once. Under load
/// the writer waits until as many jobs have come as the last commit answered, but never longer than
/// ``StoreSettings/linger``: answered callers are likely to come again, and then share one sync.
final class GroupCommit: @unchecked Sendable {
    /// What the writer works on; at the end its thread closes the database and releases the lock.
    struct WriterContext: Sendable {
        let database: any DatabaseWriter
        let memory: WriterMemory
        let lock: OwnerLock?
    }

    // Guarded by `monitor`.
    private var queue = JobQueue()
    private var wakeAt = 1
    private var isClosed = false
    private var isEnded = false
    private let monitor = Monitor()

    // Touched by the writer's thread alone.
    private var lastBatch = 0
    private var unmerged = (commits: 0, rows: 0)

    private let context: WriterContext
    private let settings: StoreSettings
    /// How many commits succeeded; tests read it.
    let committed = Atomic<Int>(0)
    private let commits = Counter(label: "gatehouse_store_commits")
    private let commitTime = Timer(label: "gatehouse_store_commit_seconds")
    private let share = Recorder(label: "gatehouse_store_events_per_commit")

    init(_ context: WriterContext, settings: StoreSettings) {
        self.context = context
        self.settings = settings
    }

    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "gatehouse-writer"
        thread.start()
    }

    /// Queues a job. Returns why it is refused, nil if it is not.
    func enqueue(_ job: Job) -> StoreError? {
        monitor.lock()
        defer { monitor.unlock() }
        if isClosed { return .unavailable("the store is closed") }
        guard queue.admits(job.size) else { return .overloaded }
        queue.append(job)
        if queue.count >= wakeAt || queue.rows >= settings.commitEvents { monitor.signal() }
        return nil
    }

    /// How many jobs wait for a commit.
    var queuedJobs: Int {
        monitor.lock()
        defer { monitor.unlock() }
        return queue.count
    }

    /// Accepts no further job; queued jobs are still written.
    func shut() {
        monitor.lock()
        isClosed = true
        monitor.broadcast()
        monitor.unlock()
    }

    /// Accepts no further job, and returns when everything queued is written and the file is released.
    func close() {
        monitor.lock()
        isClosed = true
        monitor.broadcast()
        while !isEnded { monitor.wait() }
        monitor.unlock()
    }

    private func run() {
        while let batch = nextBatch() {
            commit(batch)
            lastBatch = batch.count
            mergeLog(after: batch)
        }
        // The readers are closed last and may not write, so the log would stay: after an orderly end the file is
        // complete.
        _ = try? context.database.writeWithoutTransaction { database in
            context.memory.hot.finalize()
            try database.checkpoint(.truncate)
        }
        try? context.database.close()
        context.lock?.release()
        monitor.lock()
        isEnded = true
        monitor.broadcast()
        monitor.unlock()
    }

    private func nextBatch() -> [Job]? {
        monitor.lock()
        defer { monitor.unlock() }
        wakeAt = 1
        while queue.count == 0 {
            if isClosed { return nil }
            monitor.wait()
        }
        if lastBatch > 4 {
            wakeAt = lastBatch
            let end = Monitor.Moment.now.later(by: settings.linger)
            while queue.count < wakeAt, queue.rows < settings.commitEvents, !isClosed, monitor.wait(until: end) {}
        }
        return queue.take(rows: settings.commitEvents)
    }

    private func commit(_ batch: [Job]) {
        let started = Monitor.Moment.now
        do {
            let answers = try context.database.writeWithoutTransaction { try write(batch, in: $0) }
            // Counted before the answers: an answered caller may read the count.
            committed.add(1, ordering: .relaxed)
            for answer in answers { answer() }
            commits.increment()
            share.record(batch.reduce(0) { $0 + $1.size.events })
            commitTime.recordNanoseconds(Int64(Monitor.Moment.now.nanoseconds - started.nanoseconds))
        } catch let error as DatabaseError where batch.count > 1 && error.isFaultOfOneJob {
            // One job's row breaks a rule of the tables: each job is repeated by itself, so that only this one fails.
            for job in batch { commit([job]) }
        } catch {
            let failure = StoreError(sqlite: error)
            for job in batch { job.fail(failure) }
        }
    }

    private func write(_ batch: [Job], in database: Database) throws -> [@Sendable () -> Void] {
        try context.memory.hot.statement(.begin, in: database).run()
        do {
            try context.memory.freshen(database)
            var answers: [@Sendable () -> Void] = []
            answers.reserveCapacity(batch.count)
            for job in batch {
                do throws(any Error) {
                    answers.append(try job.work(database))
                } catch let refusal as StoreError {
                    answers.append { job.fail(refusal) }
                }
            }
            if context.memory.hasUnlinkedAudit { try AuditWork.link(in: database) }
            context.memory.hasUnlinkedAudit = false
            try context.memory.flush(in: database)
            try context.memory.hot.statement(.commit, in: database).run()
            context.memory.settle()
            return answers
        } catch {
            context.memory.distrust()
            if database.isInsideTransaction { try? database.execute(sql: "ROLLBACK") }
            throw error
        }
    }

    /// Merges the write-ahead log into the file from time to time, between two commits and after the answers. A failure
    /// appears again at the next commit, so it is ignored here.
    private func mergeLog(after batch: [Job]) {
        unmerged.commits += 1
        unmerged.rows += batch.reduce(0) { $0 + $1.size.rows }
        guard unmerged.commits >= 400 || unmerged.rows >= 8000 else { return }
        unmerged = (0, 0)
        _ = try? context.database.writeWithoutTransaction { try $0.checkpoint(.passive) }
    }
}

extension DatabaseError {
    /// Whether the rows of one job were refused, and not the file or the disk.
    fileprivate var isFaultOfOneJob: Bool {
        resultCode == .SQLITE_CONSTRAINT || resultCode == .SQLITE_TOOBIG || resultCode == .SQLITE_MISMATCH
    }
}
