internal import Foundation
internal import Synchronization

/// Tells once a second how far a long statement has come that tells nothing by itself.
enum Ticker {
    /// Runs work on this thread, and tells on another until it is done, and not a moment longer.
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

    /// Runs SQLite's check of a file of so many bytes. It reads each page once for its shape, and those of tables once
    /// more for their rows: what the process has read is the share that is done.
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

    /// What this process has read since it began, the system's memory of the disk included; nil where the system does
    /// not count it.
    private static var bytesRead: Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/io", encoding: .utf8) else { return nil }
        return text.split(separator: "\n").first { $0.hasPrefix("rchar: ") }.flatMap { Int($0.dropFirst(7)) }
    }
}
