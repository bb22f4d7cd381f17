internal import CoreMetrics
internal import GatehouseCore
internal import Logging
internal import Synchronization

/// Shows operators which events were refused, because the answer goes to a panel that cannot act on it: a count by
/// reason, and a log line. A panel that repeats its requests does not fill the log.
final class RefusedEvents: Sendable {
    private let counters: [ValidationError.Code: Counter]
    private let pace = Mutex(LinePace())

    init(metrics: PrometheusMetrics) {
        counters = Dictionary(
            uniqueKeysWithValues: ValidationError.Code.allCases.map { code in
                let dimensions = [("reason", code.rawValue)]
                return (
                    code,
                    Counter(label: "gatehouse_events_refused_total", dimensions: dimensions, factory: metrics)
                )
            })
    }

    /// Runs the intake of events, and reports a refusal. An unavailable store is not a refusal: the caller tries again.
    func reporting<Value>(of call: Call, _ take: () async throws -> Value) async throws -> Value {
        do {
            return try await take()
        } catch let fault as ValidationError {
            tell(fault, call)
            throw fault
        } catch let error as StoreError {
            if case .conflict(let index, let sentence, let field) = error {
                tell(ValidationError(.conflict, field: field, sentence, index: index), call)
            }
            throw error
        }
    }

    private func tell(_ fault: ValidationError, _ call: Call) {
        counters[fault.code]?.increment()
        let (now, interval) = (call.now, call.settings.refusedLogInterval)
        guard let count = pace.withLock({ $0.count(at: now, every: interval) }) else { return }
        call.logger.warning(
            "an event was refused",
            metadata: [
                "reason": "\(fault.code.rawValue)", "field": "\(fault.field ?? "none")", "said": "\(fault.sentence)",
                "index": "\(fault.index ?? 0)", "key": "\(call.key.id)",
                "organization": "\(call.key.organization?.text ?? "none")", "leftOut": "\(count - 1)",
            ])
    }
}
