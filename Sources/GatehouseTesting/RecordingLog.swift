package import Logging
internal import Synchronization

/// Stores every log line, with its metadata.
package final class RecordingLog: Sendable {
    /// One line.
    package struct Line: Sendable {
        /// Its level.
        package let level: Logger.Level
        /// Its text.
        package let text: String
        /// Its metadata, by name.
        package let metadata: Logger.Metadata
    }

    private let kept = Mutex<[Line]>([])

    /// A log without a line.
    package init() {}

    /// All lines, oldest first.
    package var lines: [Line] { kept.withLock { $0 } }

    /// All lines together, each with its metadata.
    package var text: String { lines.map { "\($0.text) \($0.metadata)" }.joined(separator: "\n") }

    /// A logger that writes here, from the lowest level on.
    package var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let log: RecordingLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
            log.kept.withLock { $0.append(Line(level: event.level, text: "\(event.message)", metadata: all)) }
        }
    }
}
