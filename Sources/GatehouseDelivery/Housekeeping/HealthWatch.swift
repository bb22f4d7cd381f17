internal import GatehouseControl
internal import GatehouseCore

/// Counts the subscriptions that need attention, by the rule of the status, so that a probe can report it without
/// asking the store.
struct HealthWatch: Sendable {
    static let interval = Duration.seconds(10)

    let store: any HistoryStore
    let subscriptions: SubscriptionRegistry
    let directory: DirectoryRegistry
    let troubled: Snapshot<Int>
    let clock: any WallClock

    func look() async throws(StoreError) {
        let health = try await store.health(of: nil)
        let now = clock.now
        let untold = try await store.untold(since: now - UntoldAlarms.memory)
        let directory = directory.directory
        let count = subscriptions.index.all.count { subscription in
            !subscription.troubles(
                health[subscription.id], untold: untold[subscription.id] ?? [], in: directory, at: now
            ).isEmpty
        }
        troubled.update { $0 = count }
    }
}
