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

    /// What the name of a copy that is not whole yet has in it, before the number of its process.
    static let growing = ".gatehouse-copy-"

    /// Where the copy grows before it is whole: two that are made at once do not meet.
    private var part: String { "\(target)\(Self.growing)\(getpid())" }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Copies, checks, syncs, and puts the copy in its place.
    ///
    /// - Parameter ready: is called when the copy is whole, before it takes its name.
    func make(watch: FileWatch, ready: (StoreSummary) throws -> Void) throws(StoreError) -> StoreSummary {
        let parts = ([""] + StoreFile.companions).map { part + $0 }
        do {
            try source.insist(on: try source.contents())
            sweep()
            watch.grow(parts)
            defer { for name in parts { unlink(name) } }
            try source.reading { try fill(from: $0, watch) }
            let summary = try StoreFile(path: part).reading {
                try StoreFile(path: target).summary($0, isThorough: false, watch)
            }
            guard summary.faults.isEmpty else { throw source.broken(summary.faults) }
            try sync(part, O_RDONLY)
            try watch.finish {
                try ready(summary)
                guard rename(part, target) == 0 else { throw failure("cannot take its name") }
                try sync(folder, O_RDONLY | O_DIRECTORY)
            }
            return summary
        } catch {
            throw source.cause(of: error)
        }
    }

    /// Takes away what copies have left in the folder that were killed midway.
    private func sweep() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            guard let mark = name.range(of: Self.growing, options: .backwards) else { continue }
            let process = name[mark.upperBound...].prefix { $0.isASCII && $0.isNumber }
            let ending = String(name[mark.upperBound...].dropFirst(process.count))
            guard let number = pid_t(process), ([""] + StoreFile.companions).contains(ending) else { continue }
            // A process of that number goes on with its copy, if it is not this one.
            if number != getpid(), kill(number, 0) == 0 || errno == EPERM { continue }
            unlink("\(folder)/\(name)")
        }
    }

    private var folder: String { URL(fileURLWithPath: target).deletingLastPathComponent().path }

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
            let copy = try DatabaseQueue(path: part, configuration: configuration)
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
                try destination.execute(sql: "PRAGMA journal_mode = DELETE")
            }
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_FULL: throw StoreError.unavailable("\(target): the disk is full. Nothing is left of the copy")
            case .SQLITE_IOERR:
                throw StoreError.unavailable("\(source.path) cannot be read or \(target) cannot be written: \(reason)")
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
    }

    /// Sees that what is made will be the gateway's: root would make files that the gateway's user cannot open.
    func insistOnOwner() throws(StoreError) {
        var status = stat()
        guard geteuid() == 0, stat(folder, &status) == 0, status.st_uid != 0 else { return }
        let name = getpwuid(status.st_uid).flatMap { $0.pointee.pw_name }.map { String(cString: $0) }
        throw .unavailable(
            "\(folder) is another user's: run this as that user, as with runuser -u \(name ?? "#\(status.st_uid)") --")
    }

    /// Gives the store, and what SQLite keeps beside it, second names, so that nothing is lost when the copy takes the
    /// first one. The store's own name is never missing: a gateway that starts meanwhile finds it.
    ///
    /// - Returns: the second name; nil where there is nothing.
    func setAside(_ ending: String) throws(StoreError) -> String? {
        fold()
        let there = ([""] + StoreFile.companions).filter { Self.exists(target + $0) }
        guard !there.isEmpty else { return nil }
        let aside = freeName(ending)
        for beside in there where link(target + beside, aside + beside) != 0 {
            let failure = failure("cannot be kept as \(aside + beside)")
            for made in there.prefix(while: { $0 != beside }) { unlink(aside + made) }
            throw failure
        }
        // Beside another file of that name, what SQLite left here would damage it.
        for beside in there where !beside.isEmpty {
            guard unlink(target + beside) == 0 else { throw failure("\(beside) beside it cannot be taken away") }
        }
        try sync(folder, O_RDONLY | O_DIRECTORY)
        return aside
    }

    /// Merges what SQLite keeps beside the store into it, so that the store is whole by itself. A damaged store is
    /// set aside as it is.
    private func fold() {
        let file = StoreFile(path: target)
        guard Self.exists(target), let contents = try? file.contents(), contents.isOurs, !contents.isNewer,
            let queue = try? DatabaseQueue(path: target)
        else { return }
        try? queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        try? queue.close()
    }

    /// A name that no file has: a restore within the same second must not replace what the one before set aside.
    private func freeName(_ ending: String) -> String {
        let names = sequence(first: 1) { $0 + 1 }.lazy.map { target + ending + ($0 == 1 ? "" : "-\($0)") }
        return names.first { name in !([""] + StoreFile.companions).contains { Self.exists(name + $0) } } ?? target
            + ending
    }
}
