internal import GatehouseControl
internal import GatehouseCore
internal import Synchronization

/// Makes expired subscriptions inactive, and cancels their waiting deliveries. Until then the index and the pipeline
/// compare the time themselves, so that nothing is owed or dialled too late.
final class Expiry: Sendable {
    static let interval = Duration.seconds(1)

    private let store: any DeliveryStore
    private let subscriptions: SubscriptionRegistry
    private let intake: any ChangeIntake
    private let clock: any WallClock
    /// Revisions whose deliveries were cancelled completely: an interrupted call is made again.
    private let done = Mutex<[SubscriptionID: Int64]>([:])

    init(
        store: any DeliveryStore, subscriptions: SubscriptionRegistry, intake: any ChangeIntake, clock: any WallClock
    ) {
        self.store = store
        self.subscriptions = subscriptions
        self.intake = intake
        self.clock = clock
    }

    func look() async throws(StoreError) {
        let now = clock.now
        for subscription in subscriptions.index.all where subscription.hasExpired(at: now) {
            try await end(subscription)
        }
    }

    private func end(_ subscription: Subscription) async throws(StoreError) {
        guard done.withLock({ $0[subscription.id] }) != subscription.revision else { return }
        var ended = subscription
        if subscription.isActive {
            var terms = subscription.terms
            terms.isActive = false
            do {
                let entry = AuditEntry(
                    .expire, .subscription, subscription.id.text, of: subscription.organization,
                    by: .gateway, at: clock.now)
                ended = try await subscriptions.change(
                    subscription, terms: terms, audited: entry, through: intake)
            } catch .conflict, .missing {
                // A caller changed it meanwhile: the next turn sees the new terms.
                return
            }
        }
        try await store.cancelWaiting(ofEnded: ended, .subscriptionExpired)
        done.withLock { $0[ended.id] = ended.revision }
    }
}
