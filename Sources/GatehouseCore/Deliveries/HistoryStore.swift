/// Which deliveries somebody wants to see.
public struct DeliveryFilter: Hashable, Sendable {
    /// Only of this subscription.
    public var subscription: SubscriptionID?
    /// Only of this event.
    public var event: EventID?
    /// Only in this state.
    public var state: DeliveryState.Name?
    /// Only of subscriptions of these organizations; nil for all.
    public var organizations: Set<OrganizationID>?
    /// Only those before this one: the list runs from the newest back.
    public var before: DeliveryID?
    /// At most so many, 1 to 1,000.
    public var limit: Int

    /// Everything, up to a limit.
    public init(limit: Int) {
        self.limit = limit
    }
}

/// How much is owed, held and parked deliveries included, and what was given up.
public struct Backlog: Hashable, Sendable {
    /// How many deliveries are waiting.
    public var waiting: Int
    /// How many a gateway has in hand.
    public var leased: Int
    /// How many were given up, by lane, and were neither retried nor cancelled nor pruned.
    public var dead: [Lane: Int] = [:]
    /// When the oldest event was taken that has a delivery waiting, leased or dead; nil where none has. What was given
    /// up counts too, so that an alert does not fall silent because the gateway gave up.
    public var oldest: Instant?

    /// Describes what is owed.
    public init(waiting: Int, leased: Int, oldest: Instant?) {
        self.waiting = waiting
        self.leased = leased
        self.oldest = oldest
    }
}

/// Tells what became of deliveries. Reads alone: none of it holds up a writer.
public protocol HistoryStore: Sendable {
    /// Deliveries, newest first.
    func deliveries(_ filter: DeliveryFilter) async throws(StoreError) -> [Delivery]

    /// One delivery with its attempts, oldest first; nil where there is none.
    func delivery(_ id: DeliveryID) async throws(StoreError) -> (delivery: Delivery, attempts: [Attempt])?

    /// How many events each of these subscriptions was owed since it was made, replays left out; a subscription that is
    /// not there has none.
    func odometers(of subscriptions: [SubscriptionID]) async throws(StoreError) -> [SubscriptionID: Int64]

    /// How much is owed now.
    func backlog() async throws(StoreError) -> Backlog

    /// Answers whether the store can be written to now.
    func isReady() async -> Bool
}
