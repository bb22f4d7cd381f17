internal import Foundation
internal import GRDB
internal import GatehouseCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The store from before a restore, kept under a second name.
///
/// A kill or a power cut may come after each step:
/// - The log is merged first, so the store is complete by itself, and later steps remove nothing from it.
/// - The second names are on the disk before a first name is removed.
/// - The files beside the store are removed from the disk before the backup gets the store's name, because they would
///   damage it.
///
/// There is one exception: a store whose log SQLite cannot merge because the two are damaged. A kill between the last
/// two steps leaves it without its log. No gateway could read the two, and both exist under the second name.
extension StoreCopy {
    /// The files that were set aside.
    struct Aside {
        /// The store's second name.
        let name: String
        fileprivate let target: String
        fileprivate let endings: [String]

        /// Restores all first names, and removes the second ones.
        ///
        /// - Returns: what could not be restored; nil if everything was.
        func putBack() -> String? {
            for ending in endings where !StoreCopy.exists(target + ending) {
                guard link(name + ending, target + ending) == 0 else {
                    return "The store's file is kept as \(name + ending), which could not get its old name back: "
                        + String(cString: strerror(errno))
                }
            }
            for ending in endings { unlink(name + ending) }
            return nil
        }
    }

    /// Gives the store, and SQLite's files beside it, second names, so that nothing is lost when the copy gets the
    /// first name. The store's own name is never missing: a gateway that starts meanwhile finds the store.
    ///
    /// - Returns: what was set aside; nil if there was nothing.
    /// - Throws: if this is impossible, or if the log of a possibly sound store could not be merged. Then nothing has
    ///   changed.
    func setAside(_ ending: String) throws(StoreError) -> Aside? {
        let name = freeName(ending)
        try foldKeeping(["-wal", "-journal"].filter { Self.exists(target + $0) }, as: name)
        let there = ([""] + StoreFile.companions).filter { Self.exists(target + $0) }
        guard !there.isEmpty else { return nil }
        let aside = Aside(name: name, target: target, endings: there)
        do throws(StoreError) {
            for beside in there { try keep(beside, as: name) }
            try sync(folder, O_RDONLY | O_DIRECTORY)
            // Beside another file with that name, SQLite's old files would damage it.
            for beside in there where !beside.isEmpty && unlink(target + beside) != 0 {
                throw failure("\(beside) beside it cannot be removed")
            }
            try sync(folder, O_RDONLY | O_DIRECTORY)
        } catch {
            guard case .unavailable(let sentence) = error, let rest = aside.putBack() else { throw error }
            throw .unavailable("\(sentence). \(rest)")
        }
        return aside
    }

    private func keep(_ beside: String, as name: String) throws(StoreError) {
        guard !Self.exists(name + beside), link(target + beside, name + beside) != 0 else { return }
        throw failure("cannot be kept as \(name + beside)")
    }

    /// Merges the logs. SQLite removes a log when it closes the store, even one that it cannot read, so the logs get
    /// their second names before: an unmerged log is beside the store afterwards as before.
    private func foldKeeping(_ logs: [String], as name: String) throws(StoreError) {
        do throws(StoreError) {
            for log in logs { try keep(log, as: name) }
            guard try !fold() else {
                for log in logs { unlink(name + log) }
                return
            }
        } catch {
            for log in logs { unlink(name + log) }
            throw error
        }
        for log in logs where !Self.exists(target + log) { link(name + log, target + log) }
    }

    /// Merges SQLite's files beside the store into it, so that the store is complete by itself: for SQLite it does not
    /// matter which version or program wrote it.
    ///
    /// - Returns: whether it did; false if the file is so damaged that SQLite cannot read it.
    private func fold() throws(StoreError) -> Bool {
        var status = stat()
        // Beside an empty file SQLite discards a log.
        guard stat(target, &status) == 0, status.st_size > 0 else { return false }
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            let queue = try DatabaseQueue(path: target, configuration: configuration)
            defer { try? queue.close() }
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_NOTADB, .SQLITE_CORRUPT: return false
            default: throw unmerged(error.message ?? "\(error.resultCode)")
            }
        } catch {
            throw unmerged("\(error)")
        }
        guard !isLogged else { throw unmerged("its log still exists") }
        return true
    }

    private var isLogged: Bool {
        var status = stat()
        return stat(target + "-wal", &status) == 0 && status.st_size > 0
    }

    private func unmerged(_ reason: String) -> StoreError {
        .unavailable(
            "\(target) cannot be set aside, because its log \(target)-wal cannot be merged into it: \(reason). End "
                + "the other programs that have it open and free space on its disk, or move both into another folder"
        )
    }

    /// A name that no file has: a restore within the same second must not replace what the earlier one set aside.
    private func freeName(_ ending: String) -> String {
        let names = sequence(first: 1) { $0 + 1 }.lazy.map { target + ending + ($0 == 1 ? "" : "-\($0)") }
        return names.first { name in !([""] + StoreFile.companions).contains { Self.exists(name + $0) } } ?? target
            + ending
    }
}
