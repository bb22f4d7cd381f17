internal import Logging
internal import Synchronization

/// Keeps every line that a gateway logs, as text with its metadata.
final class KeptLog: Sendable {
    private let kept = Mutex<[String]>([])

    /// All lines together.
    var text: String { kept.withLock { $0.joined(separator: "\n") } }

    /// A logger that writes here, from the finest level on.
    var logger: Logger {
        var logger = Logger(label: "kept") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let log: KeptLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
            log.kept.withLock { $0.append("\(event.message) \(all)") }
        }
    }
}
