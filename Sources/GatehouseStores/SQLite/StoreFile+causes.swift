internal import Foundation
internal import GRDB
internal import GatehouseCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Why a store's file cannot be opened, in a sentence that says what to do.
extension StoreFile {
    /// The cause of a failure while the file was opened, looked at or brought up to date.
    func cause(of error: any Error) -> StoreError {
        if let known = error as? StoreError { return known }
        guard let error = error as? DatabaseError else { return .unavailable("\(path) cannot be opened: \(error)") }
        switch error.resultCode {
        case .SQLITE_NOTADB: return .corrupt("\(path) \(sentence(of: .noDatabase))")
        case .SQLITE_CORRUPT: return .corrupt("\(path) \(sentence(of: .damaged))")
        case .SQLITE_FULL:
            return .unavailable("\(path): the disk is full: make room on it, and start again")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return .unavailable("\(path) is locked by another program, as an sqlite3 shell: end that one")
        case .SQLITE_ERROR, .SQLITE_CONSTRAINT: return broken([error.message ?? "SQLite cannot read its tables"])
        case .SQLITE_CANTOPEN where purpose != .serve && obstacle == nil && hasLog:
            return .unavailable(
                "\(path) has a log beside it, \(path)-wal, which SQLite cannot read in a folder that it may not write "
                    + "in: copy both into a folder where this user may write")
        default: return .unavailable(obstacle ?? "\(path) cannot be opened: \(error.message ?? "\(error.resultCode)")")
        }
    }

    /// What keeps this user from the file, looked at from the folder down; nil where nothing does.
    var obstacle: String? {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        var status = stat()
        guard stat(folder, &status) == 0 else {
            return errno == EACCES
                ? "this user may not enter \(folder): run as the user whom the folder belongs to"
                : "there is no folder \(folder): make it, or name another file with --store"
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return "\(folder) is no folder: name another file with --store"
        }
        if stat(path, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR { return "\(path) is a folder: name a file in it with --store" }
            guard purpose == .serve else {
                return access(path, R_OK) == 0 ? nil : refusal(of: path, "read the file")
            }
            if access(path, R_OK | W_OK) != 0 { return refusal(of: path, "read and write the file") }
        } else if purpose != .serve {
            return "there is no file \(path)"
        }
        return access(folder, W_OK | X_OK) == 0
            ? nil : refusal(of: folder, "write in the folder, where SQLite keeps files beside the store")
    }

    /// Whether something stands in a log beside it that is not merged: a gateway was killed, or runs.
    private var hasLog: Bool {
        var status = stat()
        return stat(Self.place(of: path) + "-wal", &status) == 0 && status.st_size > 0
    }

    /// What is wrong with a file as a whole.
    enum Defect {
        case noDatabase, damaged, empty, foreign, newer
    }

    /// What is wrong, and what to do about it where the file was named for this purpose.
    func sentence(of fault: Defect) -> String {
        switch (fault, purpose) {
        case (.noDatabase, .serve):
            "is no SQLite file, or an encrypted one: give the gateway another file with --store, or put a backup there "
                + "by `gatehouse store restore`"
        case (.noDatabase, .look): "is no SQLite file, or an encrypted one: \(Self.nameAStore)"
        case (.noDatabase, .restore): "is no SQLite file, or an encrypted one: \(Self.nameABackup)"
        case (.damaged, .serve):
            "is damaged: `gatehouse store check` says where; put a backup in its place by `gatehouse store restore`"
        case (.damaged, .look): "is damaged: if it is the store, put a backup in its place by `gatehouse store restore`"
        case (.damaged, .restore): "is damaged: \(Self.earlier)"
        case (.empty, .serve), (.empty, .look): "is empty, no gateway has run on it yet: \(Self.nameAStore)"
        case (.empty, .restore): "is empty: \(Self.nameABackup)"
        case (.foreign, .serve):
            "is an SQLite file of another program and was left as it was: give the gateway a file of its own"
        case (.foreign, .look): "is an SQLite file of another program: \(Self.nameAStore)"
        case (.foreign, .restore): "is an SQLite file of another program: \(Self.nameABackup)"
        case (.newer, .serve): "was written by a newer gatehouse: start that one"
        case (.newer, .look): "was written by a newer gatehouse: use that one to check it and to back it up"
        case (.newer, .restore): "was written by a newer gatehouse: restore it with that one"
        }
    }

    private static let nameAStore = "name a gateway's store or a backup of one"
    private static let nameABackup = "name a file that `gatehouse store backup` made; the store is as it was"
    private static let earlier = "take an earlier backup; the store is as it was"

    /// Tables are missing, or are not those of any version.
    func broken(_ faults: [String]) -> StoreError {
        let told = faults.prefix(3).joined(separator: "; ") + (faults.count > 3 ? "; and \(faults.count - 3) more" : "")
        let advice =
            switch purpose {
            case .serve, .look:
                "put a backup in its place by `gatehouse store restore`; where an upgrade failed, the one that was "
                    + "made before the upgrade"
            case .restore: Self.earlier
            }
        return .corrupt("\(path) is not whole (\(told)): \(advice)")
    }

    private func refusal(of name: String, _ action: String) -> String {
        errno == EROFS
            ? "\(name) lies on a disk that can only be read: mount it for writing, or name another file with --store"
            : "this user may not \(action): \(name). Run as the user whom it belongs to, or give it to this one "
                + "by chown"
    }
}
