internal import GatehouseCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// When a store was last backed up, as the command leaves it beside the store for the gateway.
extension StoreFile {
    private var note: String { Self.place(of: path) + Self.backupNote }

    /// When the last backup was made; nil where none is noted.
    var lastBackup: Instant? {
        var status = stat()
        guard stat(note, &status) == 0 else { return nil }
        #if canImport(Glibc)
            return Instant(seconds: Int64(status.st_mtim.tv_sec))
        #else
            return Instant(seconds: Int64(status.st_mtimespec.tv_sec))
        #endif
    }

    /// Notes that a backup was made now. The file is made anew, so that it does not matter who made the one before.
    ///
    /// - Returns: why that is not possible; nil where it is done.
    func noteBackup(at target: String) -> String? {
        unlink(note)
        let opened = open(note, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        let bytes = Array((Self.place(of: target) + "\n").utf8)
        guard opened >= 0, write(opened, bytes, bytes.count) == bytes.count, close(opened) == 0 else {
            return "\(note) cannot be written: \(String(cString: strerror(errno)))"
        }
        return nil
    }
}
