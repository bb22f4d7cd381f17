/// Selects deliveries of one subscription for one bulk action.
public struct DeliverySelection: Hashable, Sendable {
    /// The state of the selected deliveries.
    public enum State: String, CaseIterable, Hashable, Sendable {
        /// Owed, and not leased.
        case waiting
        /// Given up because their schedule ended; with ``DeliverySelection/includesDamaged`` also those whose event
        /// cannot be read.
        case dead
    }

    /// Their subscription.
    public let subscription: SubscriptionID
    /// Their state.
    public let state: State
    /// Only those created at that instant or later.
    public var since: Instant?
    /// Only those created before that instant.
    public var until: Instant?
    /// Only those that died at that instant or later.
    public var diedSince: Instant?
    /// Whether dead ones with a damaged event are included: they can be cancelled, but a retry cannot succeed.
    public var includesDamaged = false
    /// Only while the subscription is of that revision: a later change of it wins over work that began before. Nil for
    /// any revision.
    public var revision: Int64?

    /// All deliveries of a subscription in one state.
    public init(of subscription: SubscriptionID, _ state: State) {
        self.subscription = subscription
        self.state = state
    }
}
