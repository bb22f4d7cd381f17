internal import GatehouseCore

/// Counts how many subscriptions need attention, so that a probe can say so without asking the store.
struct HealthWatch: Sendable {
    static let interval = Duration.seconds(10)

    let store: any HealthStore
    let troubled: Live<Int>

    func look() async throws(StoreError) {
        let count = try await store.health(of: nil).values.count { $0.needsAttention }
        troubled.update { $0 = count }
    }
}
