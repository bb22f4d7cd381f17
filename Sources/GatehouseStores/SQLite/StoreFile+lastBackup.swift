internal import GatehouseCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The time of a store's last backup, as the command records it beside the store for the gateway.
extension StoreFile {
    private var note: String { Self.place(of: path) + Self.backupNote }

    /// When the last backup was made; nil if none is recorded.
    var lastBackup: Instant? {
        var status = stat()
        guard stat(note, &status) == 0 else { return nil }
        #if canImport(Glibc)
            return Instant(seconds: Int64(status.st_mtim.tv_sec))
        #else
            return Instant(seconds: Int64(status.st_mtimespec.tv_sec))
        #endif
    }

    /// Records that a backup was made now. The record is written to a new file, which replaces the old one when it is
    /// complete: if that fails, the old one stays. Because the file is new each time, its owner does not matter.
    ///
    /// - Returns: why that is impossible; nil if it is done.
    func noteBackup(at target: String) -> String? {
        let fresh = Self.place(of: path) + Self.freshNote
        unlink(fresh)
        guard put(Self.place(of: target) + "\n", into: fresh), rename(fresh, note) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(fresh)
            return "\(note) cannot be written through \(fresh): \(reason)"
        }
        return nil
    }

    /// Whether it is written; `errno` has the reason if it is not.
    private func put(_ text: String, into name: String) -> Bool {
        let opened = open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard opened >= 0 else { return false }
        let bytes = Array(text.utf8)
        let written = write(opened, bytes, bytes.count)
        // Only a part is written if the disk becomes full.
        let failure = written == bytes.count ? 0 : written < 0 ? errno : ENOSPC
        let isClosed = close(opened) == 0
        if failure != 0 { errno = failure }
        return failure == 0 && isClosed
    }
}
