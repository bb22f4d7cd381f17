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
    let source: StoreFile
    /// Where it is to stand.
    let target: String
    /// The most pages that the copy may have; nil for the disk's own limit. For tests of a full disk.
    var pages: Int?

    /// Pages between two words of how far it has come.
    private static let step: CInt = 2_048

    /// Where the copy grows before it is whole: two that are made at once do not meet.
    var part: String { "\(target)\(Self.growing)\(Self.machine)-\(getpid())" }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Copies, checks, syncs, and puts the copy in its place.
    ///
    /// - Parameters:
    ///   - ready: is called when the copy is whole, before it takes its name.
    ///   - undo: is called where the copy could not take its name after that, and takes back what `ready` did. It
    ///     returns what is not as it was; nil where all is.
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
            case ENOENT, ENOTDIR: throw .unavailable("there is no folder \(folder) for \(target): make it first")
            case EACCES:
                throw .unavailable("this user may not write in the folder \(folder), where \(target) is to stand")
            default: throw failure("cannot be made")
            }
        }
        defer { close(opened) }
        guard fchmod(opened, 0o600) == 0 else { throw failure("cannot be kept from others") }
    }

    private func fill(from database: Database, _ watch: FileWatch) throws {
        do {
            try create()
            let copy = try onCopy { try DatabaseQueue(path: part, configuration: configuration) }
            defer { try? copy.close() }
            try copy.writeWithoutTransaction { destination in
                // What is read first decides which instant the whole transaction sees.
                let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4_096
                _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema")
                try database.backup(to: destination, pagesPerStep: Self.step) { step in
                    let (done, total) = (step.completedPageCount * size, step.totalPageCount * size)
                    watch.tell(FileProgress(stage: .copying, done: done, total: total))
                }
                // One file that needs no other beside it.
                try onCopy { try destination.execute(sql: "PRAGMA journal_mode = DELETE") }
            }
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_FULL: throw StoreError.unavailable("\(target): the disk is full. Nothing is left of the copy")
            case .SQLITE_IOERR:
                throw StoreError.unavailable("\(source.path) cannot be read or \(target) cannot be written: \(reason)")
            default:
                guard Self.exists(part) else { throw lost }
                throw error
            }
        }
    }

    /// Runs what touches the copy alone. What fails is told by the copy's name; where its pages are damaged, they were
    /// copied so, and a full disk is told in one way.
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
        .unavailable("\(part), which grows to \(target), was taken away by another program: run this again")
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
    /// Sees that no file is lost to the copy but one that may be replaced.
    func insistOnPlace(isReplacing: Bool) throws(StoreError) {
        var status = stat()
        guard Self.exists(target) else { return }
        if stat(target, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            throw .conflict(
                index: nil,
                "\(target) is \(isFolder ? "a folder: name a file in it" : "no file: give the backup a name")")
        }
        guard isReplacing else { throw .conflict(index: nil, "\(target) is there already: --force replaces it") }
        // A backup stands alone. Another store is not replaced: a gateway may run on it, and its log would belong to
        // another file.
        let place = StoreFile.place(of: target)
        guard let beside = StoreFile.endings.first(where: { Self.exists(place + $0) }) else { return }
        throw .conflict(
            index: nil,
            "\(target) is a gateway's store, since \(place)\(beside) lies beside it: give the backup another name; a "
                + "backup takes the place of a store by `gatehouse store restore`")
    }

    /// Sees that what is made will be the gateway's: root would make files that the gateway's user cannot open.
    func insistOnOwner() throws(StoreError) {
        var status = stat()
        guard geteuid() == 0, stat(folder, &status) == 0, status.st_uid != 0 else { return }
        let name = getpwuid(status.st_uid).flatMap { $0.pointee.pw_name }.map { String(cString: $0) }
        throw .unavailable(
            "\(folder) is another user's: run this as that user, as with runuser -u \(name ?? "#\(status.st_uid)") --")
    }
}
