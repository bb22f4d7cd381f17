internal import Foundation
internal import Synchronization

/// Reports once a second the progress of a long statement that does not report it itself.
enum Ticker {
    /// Runs work on this thread, and reports on another until the work is done.
    static func during<Answer>(
        _ watch: FileWatch, _ progress: @escaping @Sendable () -> FileProgress, _ work: () throws -> Answer
    ) rethrows -> Answer {
        let isOver = Flag()
        let thread = Thread {
            while true {
                Thread.sleep(forTimeInterval: watch.interval / .seconds(1))
                let goesOn = isOver.value.withLock { isOver in
                    if !isOver { watch.tell(progress()) }
                    return !isOver
                }
                guard goesOn else { return }
            }
        }
        thread.start()
        defer { isOver.value.withLock { $0 = true } }
        return try work()
    }

    private final class Flag: Sendable {
        let value = Mutex(false)
    }

    /// Runs SQLite's check of a file with this many bytes. It reads each page once for its structure, and table pages
    /// again for their rows: the bytes that the process has read give the share that is done.
    static func reading<Answer>(_ bytes: Int, _ watch: FileWatch, _ work: () throws -> Answer) rethrows -> Answer {
        let start = bytesRead
        return try during(
            watch,
            {
                let total = start == nil ? 0 : 2 * bytes
                return FileProgress(
                    stage: .checking, done: min(total, (bytesRead ?? 0) - (start ?? 0)), total: total)
            }, work)
    }

    /// The bytes that this process has read since it began, including the system's disk cache; nil if the system does
    /// not count them.
    private static var bytesRead: Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/io", encoding: .utf8) else { return nil }
        return text.split(separator: "\n").first { $0.hasPrefix("rchar: ") }.flatMap { Int($0.dropFirst(7)) }
    }
}
