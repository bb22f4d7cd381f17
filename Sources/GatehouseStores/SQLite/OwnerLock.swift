internal import GatehouseCore
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Prevents a second gateway on the same file. The kernel releases the lock when the process dies in any way.
final class OwnerLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Locks `path`.lock, beside the file itself and not beside a link to it.
    init(beside path: String) throws(StoreError) {
        let opened = open(StoreFile.place(of: path) + ".lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            let reason = String(cString: strerror(errno))
            throw .unavailable(StoreFile(path: path).obstacle ?? "\(path).lock cannot be opened: \(reason)")
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            throw .unavailable("another gateway has \(path) open: stop it first, or give this one another file")
        }
        descriptor = Mutex(opened)
    }

    deinit { release() }

    /// Releases the file for the next gateway.
    func release() {
        descriptor.withLock { descriptor in
            if let descriptor { close(descriptor) }
            descriptor = nil
        }
    }
}
