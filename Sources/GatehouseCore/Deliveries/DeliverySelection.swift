/// Deliveries of one subscription that something is done to all together.
public struct DeliverySelection: Hashable, Sendable {
    /// In which state they are.
    public enum State: String, CaseIterable, Hashable, Sendable {
        /// Owed, and in nobody's hand.
        case waiting
        /// Given up: because their schedule was at its end, and with ``DeliverySelection/includesDamaged`` also what
        /// cannot be read.
        case dead
    }

    /// Whose they are.
    public let subscription: SubscriptionID
    /// In which state they are.
    public let state: State
    /// Only those that came to be owed at that instant or later.
    public var since: Instant?
    /// Only those that came to be owed before that instant.
    public var until: Instant?
    /// Only those that died at that instant or later.
    public var diedSince: Instant?
    /// Whether dead ones are meant too whose event is damaged: to try them again is vain, to cancel them is not.
    public var includesDamaged = false

    /// All of a subscription that are in a state.
    public init(of subscription: SubscriptionID, _ state: State) {
        self.subscription = subscription
        self.state = state
    }
}
