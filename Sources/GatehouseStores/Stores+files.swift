internal import GRDB
package import GatehouseCore

/// Operations on a store's file, beside the gateway that has it open or while none has.
extension Stores {
    /// What stands behind a store's name, before a time, in the name by which a restore sets the store aside.
    package static let asideMark = ".before-"

    /// The file of a store's URL.
    ///
    /// - Throws: ``UnknownStore`` if the URL names no store, or one that is not a file.
    package static func file(of url: String) throws(UnknownStore) -> String {
        let parts = url.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts[0] == "sqlite", !parts[1].isEmpty, parts[1] != ":memory:" else {
            throw UnknownStore(
                description: "only a store in a file can be copied and checked, for example sqlite:gatehouse.db")
        }
        return parts[1]
    }

    /// Copies a store at one instant into a new file, while a gateway may go on writing to the store.
    ///
    /// Only this user may read the copy (0600). It is checked completely, gets its name at once or not at all, and is
    /// synced. It needs no file beside it.
    ///
    /// - Parameter isReplacing: whether an existing file may be replaced; one that belongs to a store never is.
    /// - Throws: ``StoreError/conflict(index:_:)`` if the file exists, ``StoreError/unavailable(_:)`` if the store is
    ///   of another version or the copy cannot be written, ``StoreError/corrupt(_:)`` if the store is damaged.
    package static func backUp(
        _ path: String, to target: String, isReplacing: Bool = false, watch: FileWatch = FileWatch()
    ) throws(StoreError) -> StoreSummary {
        let source = StoreFile(path: path, purpose: .look)
        try source.insistOnOwnName()
        guard !source.owns(target) else {
            throw .conflict(
                index: nil, "\(target) is the store itself or belongs to it: give the backup another name")
        }
        if let keeper = StoreFile(path: target).keeper {
            throw .conflict(
                index: nil, "\(target) is a file that belongs to the store \(keeper): give the backup another name"
            )
        }
        let copy = StoreCopy(source: source, target: target)
        try copy.insistOnPlace(isReplacing: isReplacing)
        try copy.insistOnOwner()
        return try copy.make(watch: watch) { _ in }
    }

    /// Records beside the store when it was last backed up, for the gateway's metric.
    ///
    /// - Returns: why that is impossible, for example because this user may not write there; the backup is complete all
    ///   the same.
    package static func noteBackup(of path: String, at target: String) -> String? {
        StoreFile(path: path).noteBackup(at: target)
    }

    /// The result of a restore.
    package struct Restored: Sendable {
        /// The contents of the store now.
        package let store: StoreSummary
        /// The file that was there before; nil if there was none.
        package let before: String?
    }

    /// Replaces a store that no gateway has open with a backup. The old store is kept beside it, and has its name until
    /// the backup is in place.
    ///
    /// - Parameter aside: the suffix for the name of the old file, plus a number if that name is taken.
    /// - Throws: ``StoreError/unavailable(_:)`` if a gateway has the store open, if the backup is of a newer gatehouse,
    ///   or if the folder belongs to another user; ``StoreError/corrupt(_:)`` if the backup is damaged. Then the store
    ///   is unchanged.
    package static func restore(
        _ backup: String, to path: String, aside ending: String, watch: FileWatch = FileWatch()
    ) throws(StoreError) -> Restored {
        let (source, store) = (StoreFile(path: backup, purpose: .restore), StoreFile(path: path))
        guard !store.owns(backup) else {
            throw .conflict(index: nil, "\(backup) is the store itself or belongs to it: name a backup")
        }
        try source.insistOnOwnName()
        try store.insistOnOwnName()
        let copy = StoreCopy(source: source, target: StoreFile.place(of: path))
        try copy.insistOnOwner()
        if let obstacle = store.obstacle { throw .unavailable(obstacle) }
        let lock = try OwnerLock(beside: path)
        defer { lock.release() }
        var aside: StoreCopy.Aside?
        let summary = try copy.make(watch: watch) { _ in
            aside = try copy.setAside(ending)
        } undo: {
            aside?.putBack()
        }
        return Restored(store: summary, before: aside?.name)
    }

    /// Checks a store's file, also while a gateway has it open, and changes nothing: no file is left beside it.
    ///
    /// - Parameter isThorough: whether indexes are compared with their tables too, which takes several times as long.
    /// - Throws: ``StoreError/unavailable(_:)`` if it belongs to another program or cannot be read,
    ///   ``StoreError/corrupt(_:)`` if it is not a database.
    package static func check(
        _ path: String, isThorough: Bool, watch: FileWatch = FileWatch()
    ) throws(StoreError) -> StoreSummary {
        let file = StoreFile(path: path, purpose: .look)
        try file.insistOnOwnName()
        do {
            let contents = try file.contents()
            if !contents.isOurs || contents.format > StoreFile.format { try file.insist(on: contents) }
            return try file.reading { try file.summary($0, isThorough: isThorough, watch) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            let fault = "SQLite cannot continue reading: \(error.message ?? "the file is damaged")"
            return StoreSummary(path: path, bytes: 0, newest: 0, steps: 0, age: .same, faults: [fault])
        } catch {
            throw file.cause(of: error)
        }
    }
}
