internal import Foundation
internal import GRDB
internal import GatehouseCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A store's file read beside the gateway, or while none has it open.
extension StoreFile {
    /// Runs what only reads, and leaves no file beside the store that was not there.
    ///
    /// SQLite keeps files beside a store in WAL mode, even for those who only read: a folder that cannot be written in
    /// would be in the way, and one that can would keep them. So a file with nothing beside it is read as one that does
    /// not change (`immutable`); where it was changed meanwhile, because a gateway has started, it is read once more.
    func reading<Answer>(_ work: (Database) throws -> Answer) throws -> Answer {
        if let before = undisturbed {
            let answer = Result { try read(by: Self.unchanging(path), work) }
            let isUnchanged = undisturbed == before
            switch answer {
            case .success(let answer) where isUnchanged: return answer
            // Where this SQLite takes no URI, there is no file of that name.
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

    /// By what a change of the file is known.
    private struct Stamp: Equatable {
        let file: [UInt64]
        let changed: [Int]
    }

    /// The file's stamp; nil where SQLite keeps something beside it that belongs to it, or it is not there.
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
