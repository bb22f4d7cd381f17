internal import Foundation
internal import GRDB
internal import GatehouseCore

/// One file, one gateway: the embedded store. Every commit is synced to the disk before its callers are answered.
final class SQLiteStore: Store {
    let writer: GroupCommit
    let settings: StoreSettings
    let memory: WriterMemory
    let gate: MeasuringGate
    /// For reads beside the writer; nil for a store in memory.
    private let pool: DatabasePool?
    /// The file; nil for a store in memory.
    let file: StoreFile?
    /// The folder of the file; nil for a store in memory.
    var folder: String? { file.map { URL(filePath: $0.path).deletingLastPathComponent().path } }

    /// Opens the file, or creates it, and updates its tables.
    ///
    /// - Parameters:
    ///   - warn: gets sentences for the operator: about the file's rights, and about a long move of its tables.
    ///   - trace: gets the SQL of every statement that is run.
    /// - Throws: ``StoreError/unavailable(_:)`` if another gateway has it open, if it cannot be opened, or if it
    ///   belongs to another program (it is not changed then); ``StoreError/corrupt(_:)`` if it is not a database.
    init(
        path: String, settings: StoreSettings, gate: any StoreGate = OpenGate(), warn: (String) -> Void = { _ in },
        trace: (@Sendable (String) -> Void)? = nil
    ) throws(StoreError) {
        self.settings = settings
        self.gate = MeasuringGate(gate)
        file = path == ":memory:" ? nil : StoreFile(path: path)
        try file?.insistOnOwnName()
        try file?.insistOnOneName()
        let lock = path == ":memory:" ? nil : try OwnerLock(beside: path)
        let database: any DatabaseWriter
        do {
            try file?.prepare(warn: warn)
            database = try Self.open(path, settings, trace, warn)
            memory = try database.read { try WriterMemory($0) }
        } catch {
            throw StoreFile(path: path).cause(of: error)
        }
        pool = database as? DatabasePool
        writer = GroupCommit(
            GroupCommit.WriterContext(database: database, memory: memory, lock: lock), settings: settings)
        writer.start()
    }

    deinit { writer.shut() }

    private static func open(
        _ path: String, _ settings: StoreSettings, _ trace: (@Sendable (String) -> Void)?,
        _ report: (String) -> Void
    ) throws -> any DatabaseWriter {
        var configuration = Configuration()
        configuration.label = "gatehouse"
        configuration.maximumReaderCount = 3
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            let kibibytes = database.configuration.readonly ? 2000 : 12_000
            try database.execute(sql: "PRAGMA cache_size = -\(kibibytes); PRAGMA temp_store = MEMORY;")
            if let trace {
                database.trace { event in
                    if case .statement(let statement) = event { trace(statement.sql) }
                }
            }
        }
        let database: any DatabaseWriter =
            path == ":memory:"
            ? try DatabaseQueue(configuration: configuration)
            : try DatabasePool(path: path, configuration: configuration)
        try database.writeWithoutTransaction { try insistOnSync($0) }
        try move(database, report)
        try SQLiteSchema.migrator.migrate(database)
        try database.writeWithoutTransaction { try StoreFile.mark($0) }
        if let pages = settings.pages {
            try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = \(pages)") }
        }
        return database
    }

    /// Moves the rows of a store in its first form, slice by slice, before the step that replaces its tables.
    private static func move(_ database: any DatabaseWriter, _ report: (String) -> Void) throws {
        guard try database.read({ try SchemaMove.isDue($0) }) else { return }
        try database.write { try SchemaMove(database: $0).begin() }
        let start = try database.read { try SchemaMove(database: $0).progress() }
        // A small store is moved in a moment.
        let isLong = start.all - start.moved > 10 * Int64(SchemaMove.slice)
        var (moved, told) = (start.moved, Monitor.Moment.now)
        if isLong { report("the store gets the tables of this version: \(start.moved) of \(start.all) rows are moved") }
        while case let count = try database.write({ try SchemaMove(database: $0).moveSlice() }), count > 0 {
            moved += Int64(count)
            if isLong, told.later(by: .seconds(5)).nanoseconds <= Monitor.Moment.now.nanoseconds {
                report("\(moved) of \(start.all) rows are moved")
                told = Monitor.Moment.now
            }
        }
    }

    /// GRDB sets NORMAL for a database in WAL mode after it is prepared; a power cut could then undo answered commits.
    ///
    /// The writer merges the log between commits; the bound here is for commits that it misses.
    private static func insistOnSync(_ database: Database) throws {
        try database.execute(
            sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 20000; PRAGMA secure_delete = FAST;")
        guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
            throw StoreError.unavailable("SQLite does not take synchronous = FULL")
        }
    }

    func close() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            // It waits for the writer, so it must not block a thread that others need.
            let thread = Thread { [writer] in
                writer.close()
                continuation.resume()
            }
            thread.start()
        }
    }

    // MARK: How the other parts use the database

    /// Runs a job on the writer's thread and returns when it is durable.
    func write<Answer: Sendable>(
        _ operation: StoreOperation, _ size: Job.Size = Job.Size(),
        work: @escaping @Sendable (Database) throws -> Answer
    ) async throws(StoreError) -> Answer {
        try await gate.pass(operation) { () throws(StoreError) in
            let result: Result<Answer, StoreError> = await withCheckedContinuation { continuation in
                let job =
                    if let delay = gate.commitDelay(after: operation) {
                        Job(size: size, answering: continuation, before: delay, work: work)
                    } else {
                        Job(size: size, answering: continuation, work: work)
                    }
                if let refusal = writer.enqueue(job) { continuation.resume(returning: .failure(refusal)) }
            }
            return try result.get()
        }
    }

    /// Reads beside the writer, on the database's own threads; in memory there is one connection, the writer's.
    func read<Answer: Sendable>(
        _ operation: StoreOperation, work: @escaping @Sendable (Database) throws -> Answer
    ) async throws(StoreError) -> Answer {
        guard let pool else { return try await write(operation, work: work) }
        return try await gate.pass(operation) { () throws(StoreError) in
            let result: Result<Answer, StoreError> = await withCheckedContinuation { continuation in
                pool.asyncRead { opened in
                    do {
                        continuation.resume(returning: .success(try work(try opened.get())))
                    } catch {
                        continuation.resume(returning: .failure(StoreError(sqlite: error)))
                    }
                }
            }
            return try result.get()
        }
    }
}
