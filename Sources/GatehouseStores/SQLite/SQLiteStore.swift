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
    /// - Throws: ``StoreError/unavailable(_:)`` if another gateway has it open, if it cannot be opened, or if it
    ///   belongs to another program (it is not changed then); ``StoreError/corrupt(_:)`` if it is not a database.
    init(
        path: String, settings: StoreSettings, gate: any StoreGate = OpenGate(), warn: (String) -> Void = { _ in }
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
            database = try Self.open(path, settings)
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

    private static func open(_ path: String, _ settings: StoreSettings) throws -> any DatabaseWriter {
        var configuration = Configuration()
        configuration.label = "gatehouse"
        configuration.maximumReaderCount = 3
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            let kibibytes = database.configuration.readonly ? 2000 : 48_000
            try database.execute(sql: "PRAGMA cache_size = -\(kibibytes); PRAGMA temp_store = MEMORY;")
        }
        let database: any DatabaseWriter =
            path == ":memory:"
            ? try DatabaseQueue(configuration: configuration)
            : try DatabasePool(path: path, configuration: configuration)
        try database.writeWithoutTransaction { try insistOnSync($0) }
        try SQLiteSchema.migrator.migrate(database)
        try database.writeWithoutTransaction { try StoreFile.mark($0) }
        if let pages = settings.pages {
            try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = \(pages)") }
        }
        return database
    }

    /// GRDB sets NORMAL for a database in WAL mode after it is prepared; a power cut could then undo answered commits.
    ///
    /// The writer merges the log between commits; the bound here is for commits that it misses.
    private static func insistOnSync(_ database: Database) throws {
        try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 20000;")
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
