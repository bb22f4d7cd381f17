internal import GatehouseCore

/// Counts how many subscriptions need attention, so that a probe can say so without asking the store.
struct HealthWatch: Sendable {
    static let interval = Duration.seconds(10)

    let store: any HistoryStore
    let troubled: Live<Int>
    let clock: any WallClock

    func look() async throws(StoreError) {
        let health = try await store.health(of: nil)
        let untold = try await store.untold(since: clock.now - UntoldAlarms.memory)
        let count = health.count { $0.value.needsAttention || untold[$0.key] != nil }
        troubled.update { $0 = count }
    }
}
