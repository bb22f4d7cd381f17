internal import GatehouseCore
internal import Metrics
internal import Synchronization

/// Measures how long each operation takes, from the call to its answer, and then asks another gate.
final class MeasuringGate: StoreGate {
    private let inner: any StoreGate
    /// A timer is made when its operation is first called, so that a scrape has no empty series.
    private let timers = Mutex<[StoreOperation: Timer]>([:])

    init(_ inner: any StoreGate) { self.inner = inner }

    func pass<Answer: Sendable>(
        _ operation: StoreOperation, _ work: () async throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer {
        let started = Monitor.Moment.now
        defer { timer(of: operation).recordNanoseconds(Int64(Monitor.Moment.now.nanoseconds - started.nanoseconds)) }
        return try await inner.pass(operation, work)
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
