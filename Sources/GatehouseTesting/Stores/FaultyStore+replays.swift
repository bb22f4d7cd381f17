public import GatehouseCore

// What each call does is told where the protocols are.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension FaultyStore {
    public func retry(
        _ selection: DeliverySelection, at now: Instant, audited: AuditEntry?
    ) async throws(StoreError) -> Int {
        try await pass { () throws(StoreError) in try await store.retry(selection, at: now, audited: audited) }
    }

    @discardableResult
    public func cancel(
        _ selection: DeliverySelection, _ reason: DeliveryState.CancelReason, audited: AuditEntry?
    ) async throws(StoreError) -> Int {
        try await pass { () throws(StoreError) in try await store.cancel(selection, reason, audited: audited) }
    }

    public func count(_ selection: DeliverySelection) async throws(StoreError) -> Int {
        try await pass { () throws(StoreError) in try await store.count(selection) }
    }

    public func lastSuccess(of subscription: SubscriptionID) async throws(StoreError) -> Instant? {
        try await pass { () throws(StoreError) in try await store.lastSuccess(of: subscription) }
    }

    public func begin(
        _ order: Replay.Order, at now: Instant, audited: AuditEntry?
    ) async throws(StoreError) -> Replay {
        try await pass { () throws(StoreError) in try await store.begin(order, at: now, audited: audited) }
    }

    public func replays(
        of subscription: SubscriptionID, before: ReplayID?, limit: Int
    ) async throws(StoreError) -> [Replay] {
        try await pass { () throws(StoreError) in
            try await store.replays(of: subscription, before: before, limit: limit)
        }
    }

    public func replay(_ id: ReplayID) async throws(StoreError) -> Replay? {
        try await pass { () throws(StoreError) in try await store.replay(id) }
    }

    public func runningReplays() async throws(StoreError) -> [Replay] {
        try await pass { () throws(StoreError) in try await store.runningReplays() }
    }

    public func advance(_ step: ReplayStep, at now: Instant) async throws(StoreError) -> Replay {
        try await pass { () throws(StoreError) in try await store.advance(step, at: now) }
    }

    public func cancel(
        _ id: ReplayID, _ reason: DeliveryState.CancelReason, audited: AuditEntry?
    ) async throws(StoreError) -> Replay {
        try await pass { () throws(StoreError) in try await store.cancel(id, reason, audited: audited) }
    }
}
