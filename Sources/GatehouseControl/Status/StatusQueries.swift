package import GatehouseCore

/// How the store and the subscriptions are, for the status, the probes and the metrics.
package struct StatusQueries: Sendable {
    private let store: any HistoryStore
    private let registry: SubscriptionRegistry

    /// Joins the parts.
    package init(_ registries: Registries, store: any HistoryStore) {
        self.store = store
        self.registry = registries.subscriptions
    }

    /// All subscriptions as they are now.
    package var subscriptions: SubscriptionIndex { registry.index }

    /// Whether the store answers and takes writes now.
    package func isStoreReady() async -> Bool { await store.isReady() }

    /// The health of all subscriptions. - Throws: ``StoreError``.
    package func health() async throws(StoreError) -> [SubscriptionID: SubscriptionHealth] {
        try await store.health(of: nil)
    }

    /// The alarms that subscriptions asked for since an instant and that their contracts could not say.
    ///
    /// - Throws: ``StoreError``.
    package func untoldAlarms(since: Instant) async throws(StoreError) -> [SubscriptionID: [UntoldAlarms]] {
        try await store.untold(since: since)
    }

    /// What is owed at this moment. - Throws: ``StoreError``.
    package func backlog() async throws(StoreError) -> Backlog { try await store.backlog() }
}
