internal import GRDB
public import GatehouseCore

/// What can be done to a store's file beside the gateway that has it open, or while none has.
extension Stores {
    /// How far a copy has come, in bytes.
    public typealias Progress = (_ done: Int, _ total: Int) -> Void

    /// The file of a store's URL.
    ///
    /// - Throws: ``UnknownStore`` where the URL names no store, or one that is not a file.
    public static func file(of url: String) throws(UnknownStore) -> String {
        let parts = url.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts[0] == "sqlite", !parts[1].isEmpty, parts[1] != ":memory:" else {
            throw UnknownStore(description: "only a store in a file can be copied and checked, as sqlite:gatehouse.db")
        }
        return parts[1]
    }

    /// Copies a store as it is at one instant into a file of its own, while a gateway goes on writing to the store.
    ///
    /// The copy is for this user alone (0600), it was checked as a whole, it stands under its name at once or not at
    /// all, and it is synced. It needs no file beside it.
    ///
    /// - Parameter isReplacing: whether a file that there is may be replaced.
    /// - Throws: ``StoreError/conflict(index:_:)`` where there is a file, ``StoreError/unavailable(_:)`` where the
    ///   store is none of ours or the copy cannot be written, ``StoreError/corrupt(_:)`` where the store is damaged.
    public static func backUp(
        _ path: String, to target: String, isReplacing: Bool = false, progress: @escaping Progress = { _, _ in }
    ) throws(StoreError) -> StoreSummary {
        let copy = StoreCopy(source: path, target: target)
        guard !copy.isOntoItself else {
            throw .conflict(index: nil, "\(target) is the store itself: give the backup a name of its own")
        }
        guard isReplacing || !StoreCopy.exists(target) else {
            throw .conflict(index: nil, "\(target) is there already: --force replaces it")
        }
        try copy.insistOnOwner()
        return try copy.make(progress: progress) { _ in }
    }

    /// What a restore did.
    public struct Restored: Sendable {
        /// What the store holds now.
        public let store: StoreSummary
        /// The file that was there before; nil where there was none.
        public let before: String?
    }

    /// Puts a backup in the place of a store that no gateway has open. What was there is kept beside it, and until the
    /// backup is in its place the store has its name.
    ///
    /// - Parameter aside: what is added to the name of the file that was there, and a number where that name is taken.
    /// - Throws: ``StoreError/unavailable(_:)`` where a gateway has the store open, where the backup is of a newer
    ///   gatehouse, or where the folder is another user's; ``StoreError/corrupt(_:)`` where the backup is damaged. The
    ///   store is as it was then.
    public static func restore(
        _ backup: String, to path: String, aside ending: String, progress: @escaping Progress = { _, _ in }
    ) throws(StoreError) -> Restored {
        let copy = StoreCopy(source: backup, target: StoreCopy.place(of: path))
        guard !copy.isOntoItself else { throw .conflict(index: nil, "\(backup) is the store itself") }
        try copy.insistOnOwner()
        let lock = try OwnerLock(beside: path)
        defer { lock.release() }
        var before: String?
        let store = try copy.make(progress: progress) { summary in
            guard !summary.isNewer else {
                throw StoreError.unavailable("\(backup) was written by a newer gatehouse: restore it with that one")
            }
            before = try copy.setAside(ending)
        }
        return Restored(store: store, before: before)
    }

    /// Looks a store's file over, also while a gateway has it open, and changes nothing.
    ///
    /// - Parameter isThorough: whether indexes are held against their tables too, which takes several times as long.
    /// - Throws: ``StoreError/unavailable(_:)`` where it is another program's or cannot be read,
    ///   ``StoreError/corrupt(_:)`` where it is no database.
    public static func check(_ path: String, isThorough: Bool) throws(StoreError) -> StoreSummary {
        do {
            let file = StoreFile(path: path)
            if let objection = try file.contents().objection { throw StoreError.unavailable("\(path) \(objection)") }
            let queue = try file.openedForReading()
            defer { try? queue.close() }
            return try queue.read { try file.summary($0, isThorough: isThorough) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            let fault = "SQLite cannot read on: \(error.message ?? "the file is damaged")"
            return StoreSummary(path: path, bytes: 0, newest: 0, steps: 0, isNewer: false, faults: [fault])
        } catch {
            throw StoreFile(path: path).cause(of: error)
        }
    }
}

extension StoreFile {
    /// A connection that only reads.
    func openedForReading() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// What the open file holds, and whether it is whole.
    func summary(_ database: Database, isThorough: Bool) throws -> StoreSummary {
        let migrator = SQLiteSchema.migrator
        let check = isThorough ? "integrity_check" : "quick_check"
        let found = try String.fetchAll(database, sql: "PRAGMA \(check)(100)")
        let events = try Int64.fetchOne(database, sql: "SELECT max(position) FROM events") ?? 0
        let pruned = try database.tableExists("marks") ? Marks.events.number(in: database) : 0
        return StoreSummary(
            path: path, bytes: try Self.bytes(of: database), newest: max(events, pruned),
            steps: try migrator.appliedIdentifiers(database).count, isNewer: try migrator.hasBeenSuperseded(database),
            faults: found == ["ok"] ? [] : found)
    }

    private static func bytes(of database: Database) throws -> Int {
        let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        return pages * (try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0)
    }
}
