/// Deliveries of one subscription that something is done to all together.
public struct DeliverySelection: Hashable, Sendable {
    /// In which state they are.
    public enum State: String, CaseIterable, Hashable, Sendable {
        /// Owed, and in nobody's hand.
        case waiting
        /// Given up because their schedule was at its end. What is damaged is not meant: trying it again is vain.
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

    /// All of a subscription that are in a state.
    public init(of subscription: SubscriptionID, _ state: State) {
        self.subscription = subscription
        self.state = state
    }
}
