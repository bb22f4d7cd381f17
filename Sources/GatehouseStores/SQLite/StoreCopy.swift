internal import Foundation
internal import GRDB
internal import GatehouseCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A copy of a store's file at one instant.
///
/// One transaction reads all of it, so that concurrent writes of a gateway neither get in partially nor make the copy
/// start again. The writer is not delayed; its `-wal` file grows until the copy is complete.
struct StoreCopy {
    /// The file to copy.
    let source: StoreFile
    /// The path of the copy.
    let target: String
    /// The most pages that the copy may have; nil for the disk's own limit. For tests of a full disk.
    var pages: Int?

    /// Pages between two progress reports.
    private static let step: CInt = 2_048

    /// The path of the incomplete copy: two copies at once do not collide.
    var part: String { "\(target)\(Self.growing)\(Self.machine)-\(getpid())" }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Copies, checks, syncs, and gives the copy its name.
    ///
    /// - Parameters:
    ///   - ready: is called when the copy is complete, before it gets its name.
    ///   - undo: is called if the copy could not get its name after that, and reverts `ready`. It returns what could
    ///     not be reverted; nil if everything was.
    func make(
        watch: FileWatch, ready: (StoreSummary) throws -> Void, undo: () -> String? = { nil }
    ) throws(StoreError) -> StoreSummary {
        let parts = ([""] + StoreFile.companions).map { part + $0 }
        do {
            try source.insist(on: try source.contents())
            sweep()
            watch.grow(parts)
            defer { for name in parts { unlink(name) } }
            try source.reading { try fill(from: $0, watch) }
            let summary = try onCopy {
                try StoreFile(path: part).reading {
                    try StoreFile(path: target).summary($0, isThorough: false, watch)
                }
            }
            guard summary.faults.isEmpty else { throw source.broken(summary.faults) }
            try sync(part, O_RDONLY)
            try watch.finish {
                try ready(summary)
                guard rename(part, target) == 0 else {
                    let reason = reason
                    throw StoreError.unavailable(
                        "\(target) cannot take its name: \(reason)\(undo().map { ". " + $0 } ?? "")")
                }
                try sync(folder, O_RDONLY | O_DIRECTORY)
            }
            return summary
        } catch {
            throw source.cause(of: error)
        }
    }

    var folder: String { URL(fileURLWithPath: target).deletingLastPathComponent().path }

    private func create() throws(StoreError) {
        unlink(part)
        let opened = open(part, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR:
                throw .unavailable("the folder \(folder) for \(target) does not exist: create it first")
            case EACCES:
                throw .unavailable("this user may not write in the folder \(folder) of \(target)")
            default: throw failure("cannot be created")
            }
        }
        defer { close(opened) }
        guard fchmod(opened, 0o600) == 0 else { throw failure("cannot be protected from other users") }
    }

    private func fill(from database: Database, _ watch: FileWatch) throws {
        do {
            try create()
            let copy = try onCopy { try DatabaseQueue(path: part, configuration: configuration) }
            defer { try? copy.close() }
            try copy.writeWithoutTransaction { destination in
                // The first read decides which instant the whole transaction sees.
                let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4_096
                _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema")
                try database.backup(to: destination, pagesPerStep: Self.step) { step in
                    let (done, total) = (step.completedPageCount * size, step.totalPageCount * size)
                    watch.tell(FileProgress(stage: .copying, done: done, total: total))
                }
                // One file that needs no other file beside it.
                try onCopy { try destination.execute(sql: "PRAGMA journal_mode = DELETE") }
            }
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_FULL:
                throw StoreError.unavailable("\(target): the disk is full. The incomplete copy was removed")
            case .SQLITE_IOERR:
                throw StoreError.unavailable("\(source.path) cannot be read or \(target) cannot be written: \(reason)")
            default:
                guard Self.exists(part) else { throw lost }
                throw error
            }
        }
    }

    /// Runs work on the copy alone. A failure names the copy; damaged pages were copied as they are, and a full disk
    /// has one sentence.
    private func onCopy<Answer>(_ work: () throws -> Answer) throws -> Answer {
        do {
            return try work()
        } catch let error as DatabaseError {
            guard Self.exists(part) else { throw lost }
            switch error.resultCode {
            case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FULL, .SQLITE_IOERR: throw error
            default:
                throw StoreError.unavailable(
                    "\(part), which grows to \(target), cannot be opened: \(error.message ?? "\(error.resultCode)")")
            }
        }
    }

    private var lost: StoreError {
        .unavailable("\(part), which grows to \(target), was removed by another program: run this command again")
    }

    /// The copy is synced once, when it is complete: before that, nothing depends on it.
    private var configuration: Configuration {
        var configuration = Configuration()
        let bound = pages.map { "PRAGMA max_page_count = \($0);" } ?? ""
        configuration.prepareDatabase {
            try $0.execute(sql: "PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; \(bound)")
        }
        return configuration
    }

    func sync(_ path: String, _ flags: Int32) throws(StoreError) {
        let opened = open(path, flags | O_CLOEXEC)
        guard opened >= 0 else { throw failure("cannot be synced") }
        defer { close(opened) }
        guard fsync(opened) == 0 else { throw failure("cannot be synced") }
    }

    func failure(_ what: String) -> StoreError { .unavailable("\(target) \(what): \(reason)") }

    var reason: String { String(cString: strerror(errno)) }
}

extension StoreCopy {
    /// Ensures that the copy replaces no file but one that may be replaced.
    func insistOnPlace(isReplacing: Bool) throws(StoreError) {
        var status = stat()
        guard Self.exists(target) else { return }
        if stat(target, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            throw .conflict(
                index: nil,
                "\(target) is \(isFolder ? "a folder: name a file in it" : "not a file: give the backup a name")")
        }
        guard isReplacing else { throw .conflict(index: nil, "\(target) exists already: --force replaces it") }
        // A backup has no file beside it. Another store is not replaced: a gateway may run on it, and its log would
        // belong to another file.
        let place = StoreFile.place(of: target)
        guard let beside = StoreFile.endings.first(where: { Self.exists(place + $0) }) else { return }
        throw .conflict(
            index: nil,
            "\(target) is a gateway's store, since \(place)\(beside) is beside it: give the backup another name; a "
                + "backup replaces a store only by `gatehouse store restore`")
    }

    /// Ensures that the copy will belong to the gateway: root would create files that the gateway's user cannot open.
    func insistOnOwner() throws(StoreError) {
        var status = stat()
        guard geteuid() == 0, stat(folder, &status) == 0, status.st_uid != 0 else { return }
        let name = getpwuid(status.st_uid).flatMap { $0.pointee.pw_name }.map { String(cString: $0) }
        throw .unavailable(
            "\(folder) belongs to another user: run this as that user (runuser -u \(name ?? "#\(status.st_uid)") --)"
        )
    }
}
