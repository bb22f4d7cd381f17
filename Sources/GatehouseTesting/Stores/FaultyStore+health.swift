public import GatehouseCore

// What each call does is told where the protocols are.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension FaultyStore {
    public func health(
        of subscriptions: [SubscriptionID]?
    ) async throws(StoreError) -> [SubscriptionID: SubscriptionHealth] {
        try await pass { () throws(StoreError) in try await store.health(of: subscriptions) }
    }

    public func untold(since: Instant) async throws(StoreError) -> [SubscriptionID: [UntoldAlarms]] {
        try await pass { () throws(StoreError) in try await store.untold(since: since) }
    }

    public func healthNews(at now: Instant, limit: Int) async throws(StoreError) -> [HealthNews] {
        try await pass { () throws(StoreError) in try await store.healthNews(at: now, limit: limit) }
    }

    public func tell(_ news: HealthNews, by tidings: Tidings, at now: Instant) async throws(StoreError) -> [Appended] {
        try await pass { () throws(StoreError) in try await store.tell(news, by: tidings, at: now) }
    }
}
