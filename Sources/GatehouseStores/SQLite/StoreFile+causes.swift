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
    /// The cause of a failure while the file was opened, checked or updated.
    func cause(of error: any Error) -> StoreError {
        if let known = error as? StoreError { return known }
        guard let error = error as? DatabaseError else { return .unavailable("\(path) cannot be opened: \(error)") }
        switch error.resultCode {
        case .SQLITE_NOTADB: return .corrupt("\(path) \(sentence(of: .noDatabase))")
        case .SQLITE_CORRUPT: return .corrupt("\(path) \(sentence(of: .damaged))")
        case .SQLITE_FULL:
            return .unavailable("\(path): the disk is full: free space on it, and start again")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return .unavailable("\(path) is locked by another program, such as an sqlite3 shell: end that program")
        case .SQLITE_ERROR, .SQLITE_CONSTRAINT: return broken([error.message ?? "SQLite cannot read its tables"])
        case .SQLITE_CANTOPEN where purpose != .serve && obstacle == nil && hasLog:
            return .unavailable(
                "\(path) has a log beside it, \(path)-wal, which SQLite cannot read in a folder that it may not write "
                    + "in: copy both into a folder where this user may write")
        default: return .unavailable(obstacle ?? "\(path) cannot be opened: \(error.message ?? "\(error.resultCode)")")
        }
    }

    /// What prevents this user from using the file, checked from the folder down; nil if nothing does.
    var obstacle: String? {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        var status = stat()
        guard stat(folder, &status) == 0 else {
            return errno == EACCES
                ? "this user may not enter \(folder): run as the owner of the folder"
                : "the folder \(folder) does not exist: create it, or name another file with --store"
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return "\(folder) is not a folder: name another file with --store"
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

    /// Whether a log beside it contains unmerged data: a gateway was killed, or is running.
    private var hasLog: Bool {
        var status = stat()
        return stat(Self.place(of: path) + "-wal", &status) == 0 && status.st_size > 0
    }

    /// What is wrong with a file as a whole.
    enum Defect {
        case noDatabase, damaged, empty, foreign, newer
    }

    /// What is wrong, and what to do about it, for the purpose for which the file was named.
    func sentence(of fault: Defect) -> String {
        switch (fault, purpose) {
        case (.noDatabase, .serve):
            "is not an SQLite file, or an encrypted one: give the gateway another file with --store, or restore "
                + "a backup by `gatehouse store restore`"
        case (.noDatabase, .look): "is not an SQLite file, or an encrypted one: \(Self.nameAStore)"
        case (.noDatabase, .restore): "is not an SQLite file, or an encrypted one: \(Self.nameABackup)"
        case (.damaged, .serve):
            "is damaged: `gatehouse store check` says where; restore a backup by `gatehouse store restore`"
        case (.damaged, .look): "is damaged: if it is the store, restore a backup by `gatehouse store restore`"
        case (.damaged, .restore): "is damaged: \(Self.earlier)"
        case (.empty, .serve), (.empty, .look): "is empty: no gateway has run on it yet: \(Self.nameAStore)"
        case (.empty, .restore): "is empty: \(Self.nameABackup)"
        case (.foreign, .serve):
            "is an SQLite file of another program and was not changed: give the gateway a file of its own"
        case (.foreign, .look): "is an SQLite file of another program: \(Self.nameAStore)"
        case (.foreign, .restore): "is an SQLite file of another program: \(Self.nameABackup)"
        case (.newer, .serve): "was written by a newer gatehouse: start that version"
        case (.newer, .look): "was written by a newer gatehouse: use that version to check it and to back it up"
        case (.newer, .restore): "was written by a newer gatehouse: restore it with that version"
        }
    }

    private static let nameAStore = "name a gateway's store or a backup of one"
    private static let nameABackup = "name a file that `gatehouse store backup` made; the store is unchanged"
    private static let earlier = "use an earlier backup; the store is unchanged"

    /// Tables are missing, or belong to no version.
    func broken(_ faults: [String]) -> StoreError {
        let told = faults.prefix(3).joined(separator: "; ") + (faults.count > 3 ? "; and \(faults.count - 3) more" : "")
        let advice =
            switch purpose {
            case .serve, .look:
                "restore a backup by `gatehouse store restore`; after a failed upgrade, the one that was "
                    + "made before the upgrade"
            case .restore: Self.earlier
            }
        return .corrupt("\(path) is damaged (\(told)): \(advice)")
    }

    private func refusal(of name: String, _ action: String) -> String {
        errno == EROFS
            ? "\(name) is on a read-only disk: mount it for writing, or name another file with --store"
            : "this user may not \(action): \(name). Run as its owner, or give it to this user "
                + "by chown"
    }
}
