internal import GatehouseCore
internal import Logging
internal import Metrics

/// Deletes expired data, slice by slice and with a pause after each (``PruningPace``), so that no other work waits for
/// it. After an interruption, the next turn finds the rest.
struct Pruning: Sendable {
    static let interval = Duration.seconds(60)

    let store: any HousekeepingStore
    let retention: Retention
    let clock: any WallClock
    let logger: Logger
    /// The tally that counts deletions for the audit; deletions in the audit itself are recorded by their own commits.
    let audit: (any Tally)?
    private let pruned = Dictionary(
        uniqueKeysWithValues: Prunable.allCases.map {
            ($0, Counter(label: "gatehouse_pruned_total", dimensions: [("what", $0.rawValue)]))
        })

    init(
        store: any HousekeepingStore, retention: Retention, clock: any WallClock, logger: Logger,
        audit: (any Tally)? = nil
    ) {
        self.audit = audit
        self.store = store
        self.retention = retention
        self.clock = clock
        self.logger = logger
    }

    /// One turn for each sort of data. A sort that fails is tried again at the next turn; the others continue.
    func prune() async throws {
        var taken: [Prunable: Int] = [:]
        var failure: (any Error)?
        for what in Prunable.allCases {
            do {
                try await prune(what, into: &taken)
            } catch {
                failure = error
            }
        }
        tell(taken)
        if let failure { throw failure }
    }

    private func prune(_ what: Prunable, into taken: inout [Prunable: Int]) async throws {
        var pace = PruningPace()
        var order = retention.order(for: what, at: clock.now, limit: pace.slice)
        repeat {
            let began = clock.steady
            let slice = try await store.prune(order)
            pace.note(slice.taken.values.reduce(0, +), in: clock.steady - began)
            for (what, count) in slice.taken { pruned[what]?.increment(by: count) }
            taken.merge(slice.taken, uniquingKeysWith: +)
            (order.after, order.limit) = (slice.next, pace.slice)
            if order.after != nil { try await clock.sleep(until: clock.now + pace.pause) }
        } while order.after != nil
    }

    private func tell(_ taken: [Prunable: Int]) {
        guard !taken.isEmpty else { return }
        var line: Logger.Metadata = [:]
        for (what, count) in taken {
            line[what.rawValue] = "\(count)"
            guard what != .audit else { continue }
            audit?.note(
                AuditEntry(.prune, .store, what.rawValue, of: nil, by: .gateway, at: clock.now), count: count)
        }
        logger.info("pruned expired data", metadata: line)
    }
}
