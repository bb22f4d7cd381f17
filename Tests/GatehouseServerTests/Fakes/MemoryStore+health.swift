import GatehouseCore

extension MemoryStore: HealthStore {
    func health(
        of subscriptions: [SubscriptionID]?
    ) async throws(StoreError) -> [SubscriptionID: SubscriptionHealth] {
        try transaction { state in
            let names = subscriptions ?? Array(state.subscriptions.keys)
            let known = names.filter { state.subscriptions[$0] != nil }
            return .success(
                Dictionary(
                    known.map { ($0, state.health[$0] ?? SubscriptionHealth()) },
                    uniquingKeysWith: { first, _ in first }))
        }
    }

    func untold(since: Instant) async throws(StoreError) -> [SubscriptionID: [UntoldAlarms]] {
        try transaction { state in
            .success(state.untold.mapValues { $0.filter { $0.last >= since } }.filter { !$0.value.isEmpty })
        }
    }
}
