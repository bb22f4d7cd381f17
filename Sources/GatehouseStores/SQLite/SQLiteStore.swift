internal import Foundation
internal import GRDB
internal import GatehouseCore

/// One file, one gateway: the embedded store. Every commit is synced to the disk before anybody is answered.
final class SQLiteStore: Store {
    let writer: GroupCommit
    let settings: StoreSettings
    let memory: WriterMemory
    private let database: any DatabaseWriter
    private let lock: OwnerLock?

    /// Opens the file, or makes it, and brings its tables up to date.
    ///
    /// - Throws: ``StoreError/unavailable(_:)`` where another gateway has it open or it cannot be opened,
    ///   ``StoreError/corrupt(_:)`` where it is no database of ours.
    init(path: String, settings: StoreSettings) throws(StoreError) {
        self.settings = settings
        lock = path == ":memory:" ? nil : try OwnerLock(beside: path)
        do {
            database = try Self.open(path, settings)
            memory = try database.read { try WriterMemory($0) }
        } catch {
            throw StoreError(sqlite: error)
        }
        let memory = memory
        writer = GroupCommit(database, settings: settings, undone: { try memory.reload($0) })
        writer.start()
    }

    private static func open(_ path: String, _ settings: StoreSettings) throws -> any DatabaseWriter {
        var configuration = Configuration()
        configuration.label = "gatehouse"
        configuration.maximumReaderCount = 3
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;")
        }
        let database: any DatabaseWriter =
            path == ":memory:"
            ? try DatabaseQueue(configuration: configuration) : try DatabasePool(path: path, configuration: configuration)
        try database.writeWithoutTransaction { database in
            // GRDB sets NORMAL for a database in WAL mode after it is prepared; a power cut could then undo what was answered.
            try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;")
            guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
                throw StoreError.unavailable("SQLite does not take synchronous = FULL")
            }
        }
        try SQLiteSchema.migrator.migrate(database)
        if let pages = settings.pages {
            try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = \(pages)") }
        }
        return database
    }

    func close() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            // Waits for the writer, so it must not hold up a thread that others need.
            let thread = Thread { [writer, database] in
                writer.close()
                try? database.close()
                continuation.resume()
            }
            thread.start()
        }
    }

    // MARK: How the parts reach the database

    /// Runs a job on the writer's thread and returns once it is durable.
    ///
    /// - Parameters:
    ///   - events: how many events it brings; they count against the queue's bound.
    ///   - bound: how many may be queued with it; nil where it must not be refused.
    func write<Answer: Sendable>(
        events: Int = 0, bound: Int? = nil, _ work: @escaping @Sendable (Database) throws -> Answer
    ) async throws(StoreError) -> Answer {
        let result: Result<Answer, StoreError> = await withCheckedContinuation { continuation in
            let job = GroupCommit.Job(
                events: events,
                work: { database in
                    let answer = try work(database)
                    return { continuation.resume(returning: .success(answer)) }
                },
                fail: { continuation.resume(returning: .failure($0)) })
            if let refusal = writer.enqueue(job, bound: bound) { continuation.resume(returning: .failure(refusal)) }
        }
        return try result.get()
    }

    /// Reads beside the writer.
    func read<Answer: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Answer
    ) async throws(StoreError) -> Answer {
        let result: Result<Answer, StoreError> = await withCheckedContinuation { continuation in
            database.asyncRead { opened in
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

/// What the writer remembers so as not to read it back: the next numbers, and the numbers of subscriptions.
///
/// Only the writer's thread touches it, inside its jobs; when a commit is undone it is read anew.
final class WriterMemory: @unchecked Sendable {
    private var position: Int64 = 0
    private var delivery: Int64 = 0
    private var subscriptions: [SubscriptionID: Int64] = [:]

    init(_ database: Database) throws {
        try reload(database)
    }

    func reload(_ database: Database) throws {
        position = try Int64.fetchOne(database, sql: "SELECT max(position) FROM events") ?? 0
        delivery = try Int64.fetchOne(database, sql: "SELECT max(id) FROM deliveries") ?? 0
        let rows = try Row.fetchAll(database, sql: "SELECT id, number FROM subscriptions WHERE deleted IS NULL")
        subscriptions = Dictionary(uniqueKeysWithValues: rows.map { (SubscriptionID($0["id"]), $0["number"]) })
    }

    func nextPosition() -> Int64 {
        position += 1
        return position
    }

    func nextDelivery() -> Int64 {
        delivery += 1
        return delivery
    }

    /// The number of a subscription that has not been deleted.
    func number(of subscription: SubscriptionID) -> Int64? { subscriptions[subscription] }

    func remember(_ subscription: SubscriptionID, as number: Int64) { subscriptions[subscription] = number }

    func forget(_ subscription: SubscriptionID) { subscriptions[subscription] = nil }
}

/// The numbers that stand for states in the column `deliveries.state`.
enum StateCode {
    static let waiting = 0
    static let leased = 1
    static let delivered = 2
    static let dead = 3
    static let cancelled = 4
}
