internal import GatehouseCore
internal import Metrics
internal import Synchronization

/// Measures how long each operation takes, from the call to its answer, records whether events can be written, and then
/// calls another gate.
final class MeasuringGate: StoreGate {
    private let inner: any StoreGate
    /// A timer is created at the first call of its operation, so that a scrape has no empty series.
    private let timers = Mutex<[StoreOperation: Timer]>([:])

    /// When writing events last failed because the file is damaged; nil if a later write succeeded.
    private let damaged = Mutex<Monitor.Moment?>(nil)

    /// How long after such a failure the store counts as one that accepts no events: then the next failure decides.
    static let memory = Duration.seconds(60)

    init(_ inner: any StoreGate) { self.inner = inner }

    /// Whether events can be written, as far as is known. A damaged file may accept small writes and still refuse
    /// events.
    var takesEvents: Bool {
        damaged.withLock { $0.map { $0.later(by: Self.memory).nanoseconds < Monitor.Moment.now.nanoseconds } ?? true }
    }

    func pass<Answer: Sendable>(
        _ operation: StoreOperation, _ work: () async throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer {
        let started = Monitor.Moment.now
        defer { timer(of: operation).recordNanoseconds(Int64(Monitor.Moment.now.nanoseconds - started.nanoseconds)) }
        do {
            let answer = try await inner.pass(operation, work)
            if operation == .append { damaged.withLock { $0 = nil } }
            return answer
        } catch {
            if operation == .append, case .corrupt = error { damaged.withLock { $0 = .now } }
            throw error
        }
    }

    func commitDelay(after operation: StoreOperation) -> Duration? { inner.commitDelay(after: operation) }

    private func timer(of operation: StoreOperation) -> Timer {
        timers.withLock { timers in
            if let timer = timers[operation] { return timer }
            let timer = Timer(label: "gatehouse_store_seconds", dimensions: [("op", operation.rawValue)])
            timers[operation] = timer
            return timer
        }
    }
}
