internal import Foundation
internal import GRDB
internal import GatehouseCore
internal import Metrics

/// The one writer: a thread of its own that runs what is asked of it in the order of asking, many askers to a commit.
///
/// Jobs that arrive while one commit is under way share the next. When the writer is idle a job is committed at once; under
/// load it waits up to ``StoreSettings/linger`` for company, which costs each a little and saves a sync for many.
final class GroupCommit: @unchecked Sendable {
    /// Something to be written. It either writes all that it wants or throws ``StoreError`` before it has written anything;
    /// any other error fails the whole commit.
    struct Job: Sendable {
        let events: Int
        /// Writes, and returns what is to be done once it is durable.
        let work: @Sendable (Database) throws -> @Sendable () -> Void
        let fail: @Sendable (StoreError) -> Void
    }

    // Guarded by `condition`.
    private var jobs: [Job] = []
    private var queuedEvents = 0
    private var isClosed = false
    private var isEnded = false
    private let condition = NSCondition()

    private let database: any DatabaseWriter
    private let settings: StoreSettings
    /// Told on the writer's thread that a commit failed and what was written is undone.
    private let undone: @Sendable (Database) throws -> Void
    private let commits = Counter(label: "gatehouse_store_commits_total")
    private let commitTime = Timer(label: "gatehouse_store_commit_seconds")
    private let share = Recorder(label: "gatehouse_store_jobs_per_commit")

    init(
        _ database: any DatabaseWriter, settings: StoreSettings, undone: @escaping @Sendable (Database) throws -> Void
    ) {
        self.database = database
        self.settings = settings
        self.undone = undone
    }

    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "gatehouse-writer"
        thread.start()
    }

    /// Queues a job; false where so many events wait already that it is refused.
    func enqueue(_ job: Job, bound: Int?) -> StoreError? {
        condition.lock()
        defer { condition.unlock() }
        if isClosed { return .unavailable("the store is closed") }
        if let bound, queuedEvents + job.events > bound, queuedEvents > 0 { return .overloaded }
        jobs.append(job)
        queuedEvents += job.events
        condition.signal()
        return nil
    }

    /// Takes nothing more, and returns once everything queued is written.
    func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        while !isEnded { condition.wait() }
        condition.unlock()
    }

    private func run() {
        var isUnderLoad = false
        while let batch = nextBatch(lingering: isUnderLoad) {
            isUnderLoad = batch.count > 4
            commit(batch)
        }
        condition.lock()
        isEnded = true
        condition.broadcast()
        condition.unlock()
    }

    private func nextBatch(lingering: Bool) -> [Job]? {
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty {
            if isClosed { return nil }
            condition.wait()
        }
        if lingering, queuedEvents < settings.commitEvents, !isClosed {
            let end = Date(timeIntervalSinceNow: settings.linger.inSeconds)
            while queuedEvents < settings.commitEvents, condition.wait(until: end) {}
        }
        var events = 0
        var count = 0
        while count < jobs.count, count == 0 || events + jobs[count].events <= settings.commitEvents {
            events += jobs[count].events
            count += 1
        }
        let batch = Array(jobs.prefix(count))
        jobs.removeFirst(count)
        queuedEvents -= events
        return batch
    }

    private func commit(_ batch: [Job]) {
        let started = DispatchTime.now().uptimeNanoseconds
        do {
            let done = try database.writeWithoutTransaction { try write(batch, in: $0) }
            for step in done { step() }
        } catch {
            let failure = StoreError(sqlite: error)
            for job in batch { job.fail(failure) }
        }
        commits.increment()
        share.record(Int64(batch.count))
        commitTime.recordNanoseconds(Int64(DispatchTime.now().uptimeNanoseconds - started))
    }

    private func write(_ batch: [Job], in database: Database) throws -> [@Sendable () -> Void] {
        try database.execute(sql: "BEGIN IMMEDIATE")
        do {
            var done: [@Sendable () -> Void] = []
            done.reserveCapacity(batch.count)
            for job in batch {
                do throws(any Error) {
                    done.append(try job.work(database))
                } catch let refusal as StoreError {
                    done.append { job.fail(refusal) }
                }
            }
            try database.execute(sql: "COMMIT")
            return done
        } catch {
            if database.isInsideTransaction { try? database.execute(sql: "ROLLBACK") }
            try? undone(database)
            throw error
        }
    }
}

extension StoreError {
    /// Reads SQLite's result codes: what heals by itself is unavailable, what is damaged is corrupt.
    init(sqlite error: any Error) {
        if let known = error as? StoreError {
            self = known
            return
        }
        guard let error = error as? DatabaseError else {
            self = .unavailable("the store failed")
            return
        }
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt("the database file is damaged")
        case .SQLITE_FULL: self = .unavailable("the disk is full")
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .unavailable("the database file is locked by another program")
        case .SQLITE_CONSTRAINT: self = .conflict(index: nil, "an identifier or number is taken")
        default: self = .unavailable("the database file cannot be written or read (SQLite code \(error.resultCode.rawValue))")
        }
    }
}
