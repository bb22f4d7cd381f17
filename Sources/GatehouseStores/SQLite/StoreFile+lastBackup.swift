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

    /// Notes that a backup was made now. The note is written beside the one before and takes its name when it is
    /// whole: where that fails, the one before stays. A new file each time, so that it does not matter who made it.
    ///
    /// - Returns: why that is not possible; nil where it is done.
    func noteBackup(at target: String) -> String? {
        let fresh = Self.place(of: path) + Self.freshNote
        unlink(fresh)
        guard put(Self.place(of: target) + "\n", into: fresh), rename(fresh, note) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(fresh)
            return "\(note) cannot be written by way of \(fresh): \(reason)"
        }
        return nil
    }

    /// Whether it is written; `errno` says why it is not.
    private func put(_ text: String, into name: String) -> Bool {
        let opened = open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard opened >= 0 else { return false }
        let bytes = Array(text.utf8)
        let written = write(opened, bytes, bytes.count)
        // A part of it is written where the disk is full from there on.
        let failure = written == bytes.count ? 0 : written < 0 ? errno : ENOSPC
        let isClosed = close(opened) == 0
        if failure != 0 { errno = failure }
        return failure == 0 && isClosed
    }
}
