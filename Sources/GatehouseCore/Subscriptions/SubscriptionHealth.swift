/// When a subscription counts as failing, and how often that is reported.
public enum HealthRule {
    /// The number of consecutive failed attempts.
    public static let failures = 4
    /// The number of consecutive failed requests after which the receiver rests.
    public static let failuresBeforeRest = 5
    /// How long an urgent delivery may wait.
    public static let urgentPatience = Duration.seconds(60)
    /// The minimum time between two events of one sort about the same subscription: events about its failing, and
    /// events about dead normal deliveries.
    public static let pause = Duration.seconds(60)
    /// How much too early ``SubscriptionHealth/lastDelivered`` may be, so that not every success is written.
    public static let precision = Duration.seconds(1)
}

/// The health of one subscription's deliveries, as the store recorded it with their results.
public struct SubscriptionHealth: Hashable, Sendable {
    /// The number of failed attempts since the last success.
    public var consecutiveFailures = 0
    /// When the first of those failed; without failures, when the first attempt after the last failure succeeded. Nil
    /// before the first attempt.
    public var since: Instant?
    /// Whether it counts as failing: enough consecutive attempts failed, or its failing was reported and its recovery
    /// not yet.
    public var isFailing = false
    /// When a receiver last accepted a delivery, up to ``HealthRule/precision`` too early; nil if none ever did.
    public var lastDelivered: Instant?
    /// The outcome of the last attempt: ``Outcome/word``; nil before the first one.
    public var lastOutcome: String?
    /// The status of that attempt, if there was an answer.
    public var lastStatus: Int?
    /// When the next waiting delivery is due; nil if none waits.
    public var nextTry: Instant?
    /// Until when its receiver rests after failures in a row: until then only urgent deliveries are attempted. Nil if
    /// it does not rest. It is about one gateway, and the store does not keep it.
    public var restsUntil: Instant?
    /// How many deliveries wait, by lane.
    public var waiting: [Lane: Int] = [:]
    /// How many deliveries used up their attempts and were not retried, cancelled or pruned since, by lane.
    public var dead: [Lane: Int] = [:]
    /// How many were still owed when the subscription expired, since its terms were last changed.
    public var ended = 0
    /// How many were dropped because its buffer was full, since its creation.
    public var dropped = 0
    /// How many were cancelled by the owner's request, since its creation.
    public var cancelled = 0
    /// When the oldest event with a waiting or dead delivery was accepted; nil if there is none.
    public var oldest: Instant?

    /// A subscription before its first delivery.
    public init() {}

    /// How many deliveries were given up, in all lanes: those that used up their attempts, and those that were owed
    /// when the subscription expired.
    public var deadCount: Int { exhausted + ended }

    /// How many deliveries used up their attempts, in all lanes.
    public var exhausted: Int { dead.values.reduce(0, +) }

    /// How many deliveries wait, in all lanes.
    public var waitingCount: Int { waiting.values.reduce(0, +) }

    /// Whether it needs an alert.
    public var hasFailed: Bool { isFailing || deadCount > 0 }

    /// The health of a subscription in one word.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// The last attempt succeeded.
        case ok
        /// It counts as failing: ``SubscriptionHealth/isFailing``.
        case failing
        /// The last attempts failed, fewer than count as failing; the next one is made when it is due.
        case resting
        /// It is paused or disabled: everything stays owed, nothing is attempted.
        case held
        /// Nothing is attempted: it is inactive or expired, or nothing was owed to it yet.
        case idle
    }

    /// The state of a subscription.
    public func state(of subscription: Subscription, at now: Instant) -> State {
        if subscription.hold != .none { return .held }
        if !subscription.isActive || subscription.hasExpired(at: now) { return .idle }
        if isFailing { return .failing }
        if consecutiveFailures > 0 { return .resting }
        return lastOutcome == nil && waitingCount == 0 ? .idle : .ok
    }
}

/// News about a subscription's health that has no event yet.
public struct HealthNews: Hashable, Sendable {
    /// The subscription.
    public let subscription: SubscriptionID
    /// The change.
    public let change: Change

    /// Joins the two.
    public init(_ subscription: SubscriptionID, _ change: Change) {
        self.subscription = subscription
        self.change = change
    }

    /// The changes of a subscription's health.
    public enum Change: Hashable, Sendable {
        /// ``HealthRule/failures`` attempts in a row have failed.
        case failing
        /// An urgent delivery of an event accepted at that time waits longer than ``HealthRule/urgentPatience``.
        case waiting(since: Instant)
        /// Its failing was reported, and its last attempt succeeded.
        case recovered
        /// Deliveries died or were owed when the subscription expired: the last of them, and their number.
        case died(DeliveryID, count: Int, lane: Lane)
    }
}
