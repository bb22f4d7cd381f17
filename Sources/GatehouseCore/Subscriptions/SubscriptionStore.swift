/// A subscription in its stored form; what depends on the dialect is computed when it is loaded.
public struct StoredSubscription: Hashable, Sendable {
    /// The parts that never change.
    public let identity: Subscription.Identity
    /// Its owner's terms, as ``Terms/stored``.
    public let terms: [UInt8]
    /// Whether deliveries are held.
    public let hold: Subscription.Hold
    /// Grows with every change.
    public let revision: Int64
    /// The rule that is checked when it is written; not stored.
    public var urlRule = URLRule.shared
    /// How it joins its integration, which is checked and founded when it is added; nil if it has none. Not stored.
    public var membership: Integration.Membership?
    /// When it was deleted; nil while it exists.
    public var deleted: Instant?

    /// Joins the four.
    public init(identity: Subscription.Identity, terms: [UInt8], hold: Subscription.Hold, revision: Int64) {
        self.identity = identity
        self.terms = terms
        self.hold = hold
        self.revision = revision
    }
}

/// How many subscriptions of one organization and dialect may have the same URL, if a contract limits them. The store
/// checks the rule in the transaction that writes the subscription, so that one of two concurrent requests is refused,
/// and no lock is held during a name lookup.
public enum URLRule: Hashable, Sendable {
    /// Any number.
    case shared
    /// One.
    case once
    /// One per creator (``Subscription/Identity/maker``).
    case oncePerMaker
}

/// Reads subscriptions, and what those of an organization share; ``ChangeStore`` changes them.
public protocol SubscriptionStore: Sendable {
    /// All subscriptions that were not deleted.
    func subscriptions() async throws(StoreError) -> [StoredSubscription]

    /// All integrations. An integration stays when its last subscription is deleted, and is removed with its
    /// organization.
    func integrations() async throws(StoreError) -> [Integration]
}
