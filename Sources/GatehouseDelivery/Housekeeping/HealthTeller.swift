internal import GatehouseControl
internal import GatehouseCore

/// Raises the events about the health of subscriptions: that one fails, that it recovered, that its deliveries died.
///
/// The store notes pending reports in the commit of the results. Here each becomes an event, in a commit that also
/// marks it as reported: so each is reported once, also after an interruption.
struct HealthTeller: Sendable {
    static let interval = Duration.seconds(1)
    /// How many reports are read from the store at once.
    static let most = 100

    let store: any HistoryStore & HousekeepingStore & EventStore
    let subscriptions: SubscriptionRegistry
    let raising: Raising
    let lease: Snapshot<Incarnation>
    let clock: any WallClock
    let signals: DeliverySignals

    func look() async throws(StoreError) {
        var told: Int
        repeat {
            let news = try await store.healthNews(at: clock.now, limit: Self.most)
            told = 0
            for one in news where try await tell(one) { told += 1 }
            // As long as there are more, and they become fewer.
            guard news.count == Self.most else { return }
        } while told > 0 && !Task.isCancelled
    }

    /// Returns whether it was reported.
    private func tell(_ news: HealthNews) async throws(StoreError) -> Bool {
        // A deleted subscription raises nothing.
        guard let subscription = subscriptions.index[news.subscription] else { return false }
        let health = try await store.health(of: [subscription.id])[subscription.id] ?? SubscriptionHealth()
        let death = try await death(in: news)
        let report = HealthReport(subscription: subscription, health: health, change: news.change, death: death)
        // The operator's own subscription raises nothing, because no other would get the event. It is marked as
        // reported all the same.
        var entries: [Entry] = []
        var random = SystemRandomNumberGenerator()
        let now = clock.now
        if subscription.organization != .operators {
            let event = report.event(in: raising.directory.directory, at: now, using: &random)
            entries = [raising.entry(event)]
        }
        let appended = try await store.tell(news, by: ChangeEvents(entries, by: lease.value), at: now)
        guard !appended.isEmpty else { return false }
        signals.tellAccepted(appended)
        for owed in entries.flatMap(\.owed) { signals.notifier.post(.deliveriesDue(owed.subscription)) }
        signals.tellRaised(report.kind, report.level, report.sentence, report.line)
        return true
    }

    /// The dead delivery, with its event and its last attempt, as far as they are still stored.
    private func death(in news: HealthNews) async throws(StoreError) -> HealthReport.Death? {
        guard case .died(let id, let count, _) = news.change, let found = try await store.delivery(id) else {
            return nil
        }
        let kind = try await store.event(found.delivery.event)?.kind
        return HealthReport.Death(
            delivery: found.delivery, kind: kind, last: found.attempts.last?.outcome, count: count)
    }
}
