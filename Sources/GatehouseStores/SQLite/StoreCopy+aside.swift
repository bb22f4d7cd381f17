internal import Foundation
internal import GRDB
internal import GatehouseCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The store that was there before a restore, kept under a second name.
///
/// A kill or a power cut may come after each step:
/// - The log is merged first, so the store is whole by itself, and what comes after takes nothing from it.
/// - The second names are on the disk before a first name is taken away.
/// - What stood beside the store is gone from the disk before the backup takes the store's name, which it would damage.
///
/// A store whose log SQLite cannot merge because the two are damaged is the exception: a kill between the last two
/// steps leaves it without its log. No gateway could read the two, and both stand under the second name.
extension StoreCopy {
    /// What was set aside.
    struct Aside {
        /// The store's second name.
        let name: String
        fileprivate let target: String
        fileprivate let endings: [String]

        /// Gives all its first names back, and takes the second ones away.
        ///
        /// - Returns: what is not as it was; nil where all is.
        func putBack() -> String? {
            for ending in endings where !StoreCopy.exists(target + ending) {
                guard link(name + ending, target + ending) == 0 else {
                    return "What belongs to the store is kept as \(name + ending), which could not take its name back: "
                        + String(cString: strerror(errno))
                }
            }
            for ending in endings { unlink(name + ending) }
            return nil
        }
    }

    /// Gives the store, and what SQLite keeps beside it, second names, so that nothing is lost when the copy takes the
    /// first one. The store's own name is never missing: a gateway that starts meanwhile finds it.
    ///
    /// - Returns: what was set aside; nil where there is nothing.
    /// - Throws: where that is not possible, and where the log could not be merged into a store that may be sound. All
    ///   is as it was then.
    func setAside(_ ending: String) throws(StoreError) -> Aside? {
        let name = freeName(ending)
        try foldKeeping(["-wal", "-journal"].filter { Self.exists(target + $0) }, as: name)
        let there = ([""] + StoreFile.companions).filter { Self.exists(target + $0) }
        guard !there.isEmpty else { return nil }
        let aside = Aside(name: name, target: target, endings: there)
        do throws(StoreError) {
            for beside in there { try keep(beside, as: name) }
            try sync(folder, O_RDONLY | O_DIRECTORY)
            // Beside another file of that name, what SQLite left here would damage it.
            for beside in there where !beside.isEmpty && unlink(target + beside) != 0 {
                throw failure("\(beside) beside it cannot be taken away")
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

    /// Merges the logs. SQLite takes a log away when it closes the store, also one in which it can read nothing, so
    /// they have their second names before: what is not merged stands beside the store afterwards as it did.
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

    /// Merges what SQLite keeps beside the store into it, so that the store is whole by itself: for SQLite it does not
    /// matter which version or program wrote it.
    ///
    /// - Returns: whether it did; not where the file is damaged, so that SQLite cannot read it.
    private func fold() throws(StoreError) -> Bool {
        var status = stat()
        // Beside an empty file SQLite throws a log away.
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
        guard !isLogged else { throw unmerged("its log is there still") }
        return true
    }

    private var isLogged: Bool {
        var status = stat()
        return stat(target + "-wal", &status) == 0 && status.st_size > 0
    }

    private func unmerged(_ reason: String) -> StoreError {
        .unavailable(
            "\(target) cannot be set aside, for its log \(target)-wal cannot be merged into it: \(reason). End "
                + "what else has it open and make room on its disk, or move both into another folder yourself")
    }

    /// A name that no file has: a restore within the same second must not replace what the one before set aside.
    private func freeName(_ ending: String) -> String {
        let names = sequence(first: 1) { $0 + 1 }.lazy.map { target + ending + ($0 == 1 ? "" : "-\($0)") }
        return names.first { name in !([""] + StoreFile.companions).contains { Self.exists(name + $0) } } ?? target
            + ending
    }
}
