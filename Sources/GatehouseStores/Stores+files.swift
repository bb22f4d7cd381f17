internal import GRDB
public import GatehouseCore

/// What can be done to a store's file beside the gateway that has it open, or while none has.
extension Stores {
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
    /// - Parameter isReplacing: whether a file that there is may be replaced; one that belongs to a store never is.
    /// - Throws: ``StoreError/conflict(index:_:)`` where there is a file, ``StoreError/unavailable(_:)`` where the
    ///   store is none of this version or the copy cannot be written, ``StoreError/corrupt(_:)`` where the store is not
    ///   whole.
    public static func backUp(
        _ path: String, to target: String, isReplacing: Bool = false, watch: FileWatch = FileWatch()
    ) throws(StoreError) -> StoreSummary {
        let source = StoreFile(path: path, purpose: .look)
        try source.insistOnOwnName()
        guard !source.owns(target) else {
            throw .conflict(
                index: nil, "\(target) is the store itself or belongs to it: give the backup a name of its own")
        }
        if let keeper = StoreFile(path: target).keeper {
            throw .conflict(
                index: nil, "\(target) is a file that belongs to the store \(keeper): give the backup a name of its own"
            )
        }
        let copy = StoreCopy(source: source, target: target)
        try copy.insistOnPlace(isReplacing: isReplacing)
        try copy.insistOnOwner()
        return try copy.make(watch: watch) { _ in }
    }

    /// Leaves beside the store when it was last backed up, for the gateway's metric.
    ///
    /// - Returns: why that is not possible, as where this user may not write there; the backup is made all the same.
    public static func noteBackup(of path: String, at target: String) -> String? {
        StoreFile(path: path).noteBackup(at: target)
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
    ///   gatehouse, or where the folder is another user's; ``StoreError/corrupt(_:)`` where the backup is not whole.
    ///   The store is as it was then.
    public static func restore(
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

    /// Looks a store's file over, also while a gateway has it open, and changes nothing: no file is left beside it.
    ///
    /// - Parameter isThorough: whether indexes are held against their tables too, which takes several times as long.
    /// - Throws: ``StoreError/unavailable(_:)`` where it is another program's or cannot be read,
    ///   ``StoreError/corrupt(_:)`` where it is no database.
    public static func check(
        _ path: String, isThorough: Bool, watch: FileWatch = FileWatch()
    ) throws(StoreError) -> StoreSummary {
        let file = StoreFile(path: path, purpose: .look)
        try file.insistOnOwnName()
        do {
            let contents = try file.contents()
            if !contents.isOurs || contents.format > StoreFile.format { try file.insist(on: contents) }
            return try file.reading { try file.summary($0, isThorough: isThorough, watch) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            let fault = "SQLite cannot read on: \(error.message ?? "the file is damaged")"
            return StoreSummary(path: path, bytes: 0, newest: 0, steps: 0, age: .same, faults: [fault])
        } catch {
            throw file.cause(of: error)
        }
    }
}
