import GatehouseCore

/// Of many deliveries at once the server's own tests ask only that they are cancelled with their subscription, and that
/// a resume finds nothing dead; all else is held against a whole gateway over a real store.
extension MemoryStore {
    func cancel(
        _ selection: DeliverySelection, _ reason: DeliveryState.CancelReason, audited: AuditEntry?
    ) async throws(StoreError) -> Int {
        try transaction { state in
            state.cancelled.append(selection.subscription)
            state.note(audited)
            return .success(1)
        }
    }

    func retry(
        _ selection: DeliverySelection, at now: Instant, audited: AuditEntry?
    ) async throws(StoreError) -> Int { try transaction { _ in .success(0) } }
    func count(_ selection: DeliverySelection) async throws(StoreError) -> Int { 0 }
    func lastSuccess(of subscription: SubscriptionID) async throws(StoreError) -> Instant? {
        try transaction { _ in .success(nil) }
    }
    func begin(
        _ order: Replay.Order, at now: Instant, audited: AuditEntry?
    ) async throws(StoreError) -> Replay { throw .missing }
    func replays(
        of subscription: SubscriptionID, before: ReplayID?, limit: Int
    ) async throws(StoreError) -> [Replay] { throw .missing }
    func replay(_ id: ReplayID) async throws(StoreError) -> Replay? { throw .missing }
    func runningReplays() async throws(StoreError) -> [Replay] { throw .missing }
    func advance(_ step: ReplayStep, at now: Instant) async throws(StoreError) -> Replay { throw .missing }
    func cancel(
        _ id: ReplayID, _ reason: DeliveryState.CancelReason, audited: AuditEntry?
    ) async throws(StoreError) -> Replay { throw .missing }
}
