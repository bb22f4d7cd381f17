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
        case .SQLITE_NOTADB:
            return .corrupt(
                "\(path) is no SQLite file, or an encrypted one: give the gateway another file with --store, or put a "
                    + "backup there by `gatehouse store restore`")
        case .SQLITE_CORRUPT:
            return .corrupt(
                "\(path) is damaged: `gatehouse store check` says where; put a backup in its place by `gatehouse "
                    + "store restore`")
        case .SQLITE_FULL:
            return .unavailable("\(path): the disk is full: make room on it, and start again")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return .unavailable("\(path) is locked by another program, as an sqlite3 shell: end that one")
        case .SQLITE_ERROR, .SQLITE_CONSTRAINT: return halfUpgraded(error)
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
            if access(path, R_OK | W_OK) != 0 { return refusal(of: path, "read and write the file") }
        }
        return access(folder, W_OK | X_OK) == 0
            ? nil : refusal(of: folder, "write in the folder, where SQLite keeps files beside the store")
    }

    /// A step of our tables cannot be taken: what it makes is there already, or what it needs is not.
    private func halfUpgraded(_ error: DatabaseError) -> StoreError {
        .corrupt(
            "\(path) cannot be brought up to date, its tables are not those of any version (\(error.message ?? "")): "
                + "put the backup in its place that was made before the upgrade, by `gatehouse store restore`")
    }

    private func refusal(of name: String, _ deed: String) -> String {
        errno == EROFS
            ? "\(name) lies on a disk that can only be read: mount it for writing, or name another file with --store"
            : "this user may not \(deed): \(name). Run as the user whom it belongs to, or give it to this one by chown"
    }
}
