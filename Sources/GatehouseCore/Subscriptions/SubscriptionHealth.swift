/// From when on a subscription counts as failing, and how often that is told.
public enum HealthRule {
    /// How many attempts in a row must fail.
    public static let failures = 4
    /// How long an urgent delivery may wait.
    public static let urgentPatience = Duration.seconds(60)
    /// How long after one event of a sort the next one about the same subscription is raised at the earliest: of those
    /// that tell of a failing one, and of those that tell of normal deliveries that died.
    public static let pause = Duration.seconds(60)
    /// By how much ``SubscriptionHealth/lastDelivered`` may be too early, so that not each success is written down.
    public static let precision = Duration.seconds(1)
}

/// How the deliveries of one subscription fare, as the store has noted with their results.
public struct SubscriptionHealth: Hashable, Sendable {
    /// How many attempts have failed since the last one that succeeded.
    public var consecutiveFailures = 0
    /// When the first of those failed; where none did, when the first attempt after the last failure succeeded. Nil
    /// before the first attempt.
    public var since: Instant?
    /// Whether it counts as failing: so many attempts failed in a row, or it was told that it fails and not yet that it
    /// recovered.
    public var isFailing = false
    /// When a receiver last took a delivery, up to ``HealthRule/precision`` too early; nil where none ever did.
    public var lastDelivered: Instant?
    /// What the last attempt met: ``Outcome/word``; nil before the first one.
    public var lastOutcome: String?
    /// The status of that, where there was an answer.
    public var lastStatus: Int?
    /// When a waiting delivery is next due; nil where none waits.
    public var nextTry: Instant?
    /// How many deliveries wait, by lane.
    public var waiting: [Lane: Int] = [:]
    /// How many deliveries ran out of tries and were neither retried nor cancelled nor pruned, by lane.
    public var dead: [Lane: Int] = [:]
    /// How many met the end of the subscription's time while they were owed, since its terms were last changed.
    public var ended = 0
    /// How many were not kept because its buffer was full, since it was made.
    public var dropped = 0
    /// How many were cancelled because the owner asked for it, since it was made.
    public var cancelled = 0
    /// When the oldest event was taken that has a delivery that waits or is dead; nil where none has.
    public var oldest: Instant?

    /// A subscription before its first delivery.
    public init() {}

    /// How many deliveries were given up, whatever their lane: those that ran out of tries, and those that met the
    /// subscription's end.
    public var deadCount: Int { exhausted + ended }

    /// How many deliveries ran out of tries, whatever their lane.
    public var exhausted: Int { dead.values.reduce(0, +) }

    /// How many deliveries wait, whatever their lane.
    public var waitingCount: Int { waiting.values.reduce(0, +) }

    /// Whether an alert should look at it.
    public var hasFailed: Bool { isFailing || deadCount > 0 }

    /// One word for how a subscription fares.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// The last attempt succeeded.
        case ok
        /// It counts as failing: ``SubscriptionHealth/isFailing``.
        case failing
        /// The last attempts failed, fewer than count as failing; the next one is made when it is due.
        case resting
        /// It is paused or disabled: everything stays owed, nothing is attempted.
        case held
        /// Nothing is attempted: it is inactive, its time is over, or nothing was owed to it yet.
        case idle
    }

    /// The word for a subscription.
    public func state(of subscription: Subscription, at now: Instant) -> State {
        if subscription.hold != .none { return .held }
        if !subscription.isActive || subscription.hasExpired(at: now) { return .idle }
        if isFailing { return .failing }
        if consecutiveFailures > 0 { return .resting }
        return lastOutcome == nil && waitingCount == 0 ? .idle : .ok
    }
}

/// Something about a subscription that is to be told and was not yet.
public struct HealthNews: Hashable, Sendable {
    /// Whose deliveries it is about.
    public let subscription: SubscriptionID
    /// What has happened.
    public let change: Change

    /// Joins the two.
    public init(_ subscription: SubscriptionID, _ change: Change) {
        self.subscription = subscription
        self.change = change
    }

    /// What can happen to the deliveries of a subscription.
    public enum Change: Hashable, Sendable {
        /// ``HealthRule/failures`` attempts in a row have failed.
        case failing
        /// An urgent delivery of an event that was taken then waits longer than ``HealthRule/urgentPatience``.
        case waiting(since: Instant)
        /// It was told that it fails, and its last attempt succeeded.
        case recovered
        /// Deliveries died or met the subscription's end: the last of them, and how many.
        case died(DeliveryID, count: Int, lane: Lane)
    }
}
