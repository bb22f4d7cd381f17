internal import Foundation
internal import GatehouseCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The names of a store's file and of the files beside it, in any spelling.
extension StoreFile {
    /// The files that SQLite keeps beside a database.
    static let companions = ["-wal", "-journal", "-shm"]

    /// The suffixes of the files that belong to a store: SQLite's, the lock, the first key, the record of the last
    /// backup.
    static let endings = companions + [".lock", ".key", ".key.new", backupNote, freshNote]

    /// The suffix of the file whose time is that of the last backup.
    static let backupNote = ".last-backup"

    /// The suffix of that file while it is incomplete.
    static let freshNote = backupNote + ".new"

    /// The file that a name leads to, whether it exists or not: the store may be on another disk, behind a symbolic
    /// link.
    static func place(of path: String) -> String {
        var path = path
        for _ in 0..<16 {
            if let found = realpath(path, nil) {
                defer { free(found) }
                return String(cString: found)
            }
            guard let next = lead(of: path) else { break }
            path = next
        }
        let (folder, name) = parts(of: path)
        guard let found = realpath(folder, nil) else { return path }
        defer { free(found) }
        let real = String(cString: found)
        return real == "/" ? "/" + name : "\(real)/\(name)"
    }

    /// The target of a link to a file that does not exist yet.
    private static func lead(of path: String) -> String? {
        guard let lead = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else { return nil }
        return lead.hasPrefix("/") ? lead : "\(parts(of: path).folder)/\(lead)"
    }

    private static func parts(of path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = path[..<slash]
        return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
    }

    /// Ensures that the file has no second name (hard link) by which another gateway could open it. The lock and
    /// SQLite's log are beside a name, so each gateway would know nothing of the other, and events would be lost.
    ///
    /// A name by which a restore set the store aside is no such name. A restore that was killed leaves it.
    func insistOnOneName() throws(StoreError) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink > 1 else { return }
        let (folder, name) = Self.parts(of: Self.place(of: path))
        let beside = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let asides = beside.count { $0.hasPrefix(name + Stores.asideMark) && Self.isOne("\(folder)/\($0)", path) }
        let names = Int(status.st_nlink) - asides
        guard names > 1 else { return }
        throw .unavailable(
            "\(path) has \(names) names (hard links), and a gateway could open it by each: stop every gateway that has "
                + "it open, and remove the other names, which `find FOLDER -samefile \(path)` lists")
    }

    /// The store that this file belongs to, by its name; nil if it belongs to none.
    var keeper: String? {
        let (folder, name) = Self.parts(of: path)
        for spelled in [Self.place(of: path), Self.place(of: folder) + "/" + name] {
            for ending in Self.endings where spelled.hasSuffix(ending) {
                let base = String(spelled.dropLast(ending.count))
                if !base.hasSuffix("/"), Self.isFile(base) { return base }
            }
        }
        return nil
    }

    /// Whether a name leads to this store, or to a file that belongs to it: by a symbolic or hard link, or by its name.
    func owns(_ other: String) -> Bool {
        let places = Set([Self.place(of: path), path])
        let own = places.flatMap { place in ([""] + Self.endings).map { place + $0 } }
        let (folder, name) = Self.parts(of: other)
        let spelled = [Self.place(of: other), Self.place(of: folder) + "/" + name]
        return own.contains { spelled.contains(Self.place(of: $0)) || Self.isOne($0, other) }
    }

    /// Ensures that the name leads to a file, if to anything, and not to one that belongs to a store.
    func insistOnOwnName() throws(StoreError) {
        var status = stat()
        // Opening a pipe would wait without an end.
        if stat(path, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
            throw .unavailable("\(path) is not a file but a pipe or a device: name a file")
        }
        guard let keeper else { return }
        throw .unavailable("\(path) is a file that belongs to the store \(keeper): name the store, or another file")
    }

    /// Whether both names lead to one file.
    private static func isOne(_ first: String, _ second: String) -> Bool {
        var (one, other) = (stat(), stat())
        return stat(first, &one) == 0 && stat(second, &other) == 0 && one.st_dev == other.st_dev
            && one.st_ino == other.st_ino
    }

    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
