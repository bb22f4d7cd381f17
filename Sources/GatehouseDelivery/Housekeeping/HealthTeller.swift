internal import GatehouseControl
internal import GatehouseCore

/// Raises what is to be told of subscriptions: that one fails, that it recovered, that deliveries to it were given up.
///
/// What is to be told is noted by the store in the commit of the results. Here it becomes an event, in a commit that
/// also notes that it was told: whatever breaks off in between, each is told once.
struct HealthTeller: Sendable {
    static let interval = Duration.seconds(1)
    /// How much is asked of the store at once.
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
            // As long as there is more, and it becomes less.
            guard news.count == Self.most else { return }
        } while told > 0 && !Task.isCancelled
    }

    /// Returns whether it was told.
    private func tell(_ news: HealthNews) async throws(StoreError) -> Bool {
        // About one that was deleted meanwhile nothing is raised.
        guard let subscription = subscriptions.index[news.subscription] else { return false }
        let health = try await store.health(of: [subscription.id])[subscription.id] ?? SubscriptionHealth()
        let death = try await death(in: news)
        let report = HealthReport(subscription: subscription, health: health, change: news.change, death: death)
        // About the operator's own nothing is raised, for no other would hear it. The note is made all the same.
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

    /// The delivery that died, with its event and its last attempt, as far as they are still there.
    private func death(in news: HealthNews) async throws(StoreError) -> HealthReport.Death? {
        guard case .died(let id, let count, _) = news.change, let found = try await store.delivery(id) else {
            return nil
        }
        let kind = try await store.event(found.delivery.event)?.kind
        return HealthReport.Death(
            delivery: found.delivery, kind: kind, last: found.attempts.last?.outcome, count: count)
    }
}
