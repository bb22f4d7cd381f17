internal import Foundation
internal import GRDB
internal import GatehouseCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Reads a store's file beside the gateway, or while no gateway has it open.
extension StoreFile {
    /// Runs work that only reads, and leaves no new file beside the store.
    ///
    /// SQLite keeps files beside a store in WAL mode, even for readers: this fails in a read-only folder, and leaves
    /// files in a writable one. So a file with nothing beside it is read as one that does not change (`immutable`). If
    /// it was changed meanwhile, because a gateway has started, it is read again.
    func reading<Answer>(_ work: (Database) throws -> Answer) throws -> Answer {
        if let before = undisturbed {
            let answer = Result { try read(by: Self.unchanging(path), work) }
            let isUnchanged = undisturbed == before
            switch answer {
            case .success(let answer) where isUnchanged: return answer
            // If this SQLite accepts no URI, there is no file with that name.
            case .failure(let error) where isUnchanged && !Self.isUnopened(error): throw error
            case .success, .failure: break
            }
        }
        return try read(by: path, work)
    }

    private func read<Answer>(by name: String, _ work: (Database) throws -> Answer) throws -> Answer {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: name, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read(work)
    }

    /// The values by which a change of the file is noticed.
    private struct Stamp: Equatable {
        let file: [UInt64]
        let changed: [Int]
    }

    /// The file's stamp; nil if SQLite keeps a file beside it, or if it does not exist.
    private var undisturbed: Stamp? {
        let place = Self.place(of: path)
        var status = stat()
        for beside in ["-wal", "-journal"] where stat(place + beside, &status) == 0 && status.st_size > 0 { return nil }
        guard stat(place, &status) == 0 else { return nil }
        #if canImport(Glibc)
            let times = [status.st_mtim, status.st_ctim]
        #else
            let times = [status.st_mtimespec, status.st_ctimespec]
        #endif
        return Stamp(
            file: [UInt64(status.st_dev), UInt64(status.st_ino), UInt64(status.st_size)],
            changed: times.flatMap { [Int($0.tv_sec), Int($0.tv_nsec)] })
    }

    private static func unchanging(_ path: String) -> String {
        let marked = place(of: path).replacing("%", with: "%25").replacing("?", with: "%3f").replacing("#", with: "%23")
        return "file:\(marked)?immutable=1"
    }

    private static func isUnopened(_ error: any Error) -> Bool {
        (error as? DatabaseError)?.resultCode == .SQLITE_CANTOPEN
    }
}
