internal import Foundation
internal import GRDB
internal import GatehouseCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A store's file copied as it was at one instant.
///
/// One transaction reads the whole of it, so that what a gateway writes meanwhile neither comes in by halves nor makes
/// the copy begin anew. The writer is not held up by it; its `-wal` file grows until the copy is done.
struct StoreCopy {
    /// What is copied.
    let source: String
    /// Where it is to stand.
    let target: String
    /// The most pages that the copy may have; nil for the disk's own limit. For tests of a full disk.
    var pages: Int?

    /// Pages between two words of how far it has come.
    private static let step: CInt = 2_048

    /// Where the copy grows before it is whole: two that are made at once do not meet.
    private var part: String { "\(target).\(getpid()).part" }

    /// Whether both names lead to one file.
    var isOntoItself: Bool {
        var (first, second) = (stat(), stat())
        return stat(source, &first) == 0 && stat(target, &second) == 0 && first.st_dev == second.st_dev
            && first.st_ino == second.st_ino
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Copies, checks, syncs, and puts the copy in its place.
    ///
    /// - Parameter ready: is called when the copy is whole, before it takes its name.
    func make(progress: @escaping Stores.Progress, ready: (StoreSummary) throws -> Void) throws(StoreError)
        -> StoreSummary
    {
        do {
            let file = StoreFile(path: source)
            if let objection = try file.contents().objection { throw StoreError.unavailable("\(source) \(objection)") }
            let queue = try file.openedForReading()
            defer { try? queue.close() }
            defer { for name in [part, part + "-journal", part + "-wal", part + "-shm"] { unlink(name) } }
            try create()
            let summary = try fill(from: queue, progress)
            guard summary.faults.isEmpty else {
                throw StoreError.corrupt("\(source): \(summary.faults.prefix(3).joined(separator: "; "))")
            }
            try sync(part, O_RDONLY)
            try ready(summary)
            guard rename(part, target) == 0 else { throw failure("cannot take its name") }
            try sync(folder, O_RDONLY | O_DIRECTORY)
            return summary
        } catch {
            throw StoreFile(path: source).cause(of: error)
        }
    }

    private var folder: String { URL(fileURLWithPath: target).deletingLastPathComponent().path }

    private func create() throws(StoreError) {
        unlink(part)
        let opened = open(part, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw failure("cannot be made") }
        defer { close(opened) }
        guard fchmod(opened, 0o600) == 0 else { throw failure("cannot be kept from others") }
    }

    /// - Returns: what the copy holds, by a check of the copy itself.
    private func fill(from queue: DatabaseQueue, _ progress: @escaping Stores.Progress) throws -> StoreSummary {
        do {
            let copy = try DatabaseQueue(path: part, configuration: configuration)
            defer { try? copy.close() }
            try copy.writeWithoutTransaction { destination in
                try queue.read { database in
                    // What is read first decides which instant the whole transaction sees.
                    let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4_096
                    _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema")
                    try database.backup(to: destination, pagesPerStep: Self.step) { step in
                        progress(step.completedPageCount * size, step.totalPageCount * size)
                    }
                }
                // One file that needs no other beside it.
                try destination.execute(sql: "PRAGMA journal_mode = DELETE")
            }
            return try copy.read { try StoreFile(path: target).summary($0, isThorough: false) }
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_FULL: throw StoreError.unavailable("\(target): the disk is full. Nothing is left of the copy")
            case .SQLITE_IOERR:
                throw StoreError.unavailable("\(source) cannot be read or \(target) cannot be written: \(reason)")
            default: throw error
            }
        }
    }

    /// The copy is synced once, when it is whole: until then nothing hangs on it.
    private var configuration: Configuration {
        var configuration = Configuration()
        let bound = pages.map { "PRAGMA max_page_count = \($0);" } ?? ""
        configuration.prepareDatabase {
            try $0.execute(sql: "PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; \(bound)")
        }
        return configuration
    }

    private func sync(_ path: String, _ flags: Int32) throws(StoreError) {
        let opened = open(path, flags | O_CLOEXEC)
        guard opened >= 0 else { throw failure("cannot be synced") }
        defer { close(opened) }
        guard fsync(opened) == 0 else { throw failure("cannot be synced") }
    }

    private func failure(_ what: String) -> StoreError { .unavailable("\(target) \(what): \(reason)") }

    private var reason: String { String(cString: strerror(errno)) }
}

extension StoreCopy {
    /// Sees that what is made will be the gateway's: root would make files that the gateway's user cannot open.
    func insistOnOwner() throws(StoreError) {
        var status = stat()
        guard geteuid() == 0, stat(folder, &status) == 0, status.st_uid != 0 else { return }
        let name = getpwuid(status.st_uid).flatMap { $0.pointee.pw_name }.map { String(cString: $0) }
        throw .unavailable(
            "\(folder) is another user's: run this as that user, as with runuser -u \(name ?? "#\(status.st_uid)") --")
    }

    /// Renames the store and the files that SQLite keeps beside it. A `-wal` of the old file beside the new one would
    /// damage it.
    func setAside(_ ending: String) throws(StoreError) {
        for beside in ["", "-wal", "-shm"] where Self.exists(target + beside) {
            guard rename(target + beside, target + ending + beside) == 0 else {
                throw failure("cannot be renamed to \(target + ending + beside)")
            }
        }
    }
}
