import GatehouseCore
import GatehouseGateway
import Logging

/// Writes the log as one JSON object a line: `time`, `level`, `label`, `message`, then the metadata.
struct LogLines: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let descriptor: Descriptor

    init(label: String, level: Logger.Level, to descriptor: Descriptor = .errors) {
        self.label = label
        self.logLevel = level
        self.descriptor = descriptor
    }

    /// Sets up the process's log by the settings. May be called once.
    static func bootstrap(_ settings: Settings) {
        let level = settings.logLevel
        switch settings.logFormat {
        case .json:
            LoggingSystem.bootstrap { LogLines(label: $0, level: level) }
        case .text:
            LoggingSystem.bootstrap { label in
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = level
                return handler
            }
        }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        descriptor.write(line(event, at: SystemClock().now) + "\n")
    }

    /// The line of a log event. A metadata key with the name of one of our members gets the prefix `metadata.`.
    func line(_ event: LogEvent, at now: Instant) -> String {
        var object = JSONObject([
            "time": .string(RFC3339.text(now)), "level": .string(event.level.rawValue), "label": .string(label),
            "message": .string("\(event.message)"),
        ])
        var all = metadata
        all.merge(metadataProvider?.get() ?? [:]) { $1 }
        all.merge(event.metadata ?? [:]) { $1 }
        if let error = event.error { all["error"] = "\(error)" }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            object[object[key] == nil ? key : "metadata.\(key)"] = Self.json(value)
        }
        return JSON.object(object).compact
    }

    private static func json(_ value: Logger.Metadata.Value) -> JSON {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let value): .string(value.description)
        case .array(let values): .array(values.map(json))
        case .dictionary(let values):
            .object(JSONObject(values.sorted { $0.key < $1.key }.map { JSONObject.Member($0.key, json($0.value)) }))
        }
    }
}
