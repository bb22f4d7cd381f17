internal import GatehouseCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Keeps a second gateway off the same file. The kernel lets go of the lock when the process dies, however it dies.
final class OwnerLock: Sendable {
    private let descriptor: Int32

    init(beside path: String) throws(StoreError) {
        descriptor = Glibc.open(path + ".lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .unavailable("\(path).lock cannot be opened: does the folder exist, and may this user write there?")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .unavailable("another gateway has \(path) open: stop it first, or give this one a file of its own")
        }
    }

    deinit {
        close(descriptor)
    }
}
