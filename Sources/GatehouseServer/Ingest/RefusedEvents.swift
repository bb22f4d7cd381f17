internal import CoreMetrics
internal import GatehouseCore
internal import Logging
internal import Synchronization

/// Tells operators of events that were refused, since the answer goes to a panel that cannot act on it: a count by
/// reason, and a line in the log, of which a panel that repeats itself gets one in a while.
final class RefusedEvents: Sendable {
    private struct Lines {
        /// When the last line was written; nil before the first.
        var last: Instant?
        /// How many refusals got no line since.
        var leftOut = 0
    }

    private let counters: [Fault.Code: Counter]
    private let lines = Mutex(Lines())

    init(metrics: PrometheusMetrics) {
        counters = Dictionary(
            uniqueKeysWithValues: Fault.Code.allCases.map { code in
                let dimensions = [("reason", code.rawValue)]
                return (
                    code,
                    Counter(label: "gatehouse_events_refused_total", dimensions: dimensions, factory: metrics)
                )
            })
    }

    /// Does what takes events, and tells of it where they are refused. A store that is away refuses nothing: the caller
    /// comes again.
    func telling<Value>(of call: Call, _ take: () async throws -> Value) async throws -> Value {
        do {
            return try await take()
        } catch let fault as Fault {
            tell(fault, call)
            throw fault
        } catch let error as StoreError {
            if case .conflict(let index, let sentence) = error {
                tell(Fault(.conflict, field: "id", sentence, index: index), call)
            }
            throw error
        }
    }

    private func tell(_ fault: Fault, _ call: Call) {
        counters[fault.code]?.increment()
        let leftOut: Int? = lines.withLock { lines in
            if let last = lines.last, call.now < last + call.settings.refusedLogInterval {
                lines.leftOut += 1
                return nil
            }
            defer { lines = Lines(last: call.now) }
            return lines.leftOut
        }
        guard let leftOut else { return }
        call.logger.warning(
            "an event was refused",
            metadata: [
                "reason": "\(fault.code.rawValue)", "field": "\(fault.field ?? "none")", "said": "\(fault.sentence)",
                "index": "\(fault.index ?? 0)", "key": "\(call.key.id)",
                "organization": "\(call.key.organization?.text ?? "none")", "leftOut": "\(leftOut)",
            ])
    }
}
