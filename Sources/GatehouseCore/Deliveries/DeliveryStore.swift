/// A delivery taken in hand, with all that an attempt needs.
public struct Claimed: Sendable {
    /// Which delivery.
    public let id: DeliveryID
    /// What is owed; nil where the stored event is damaged, so that the claimer can bury the delivery.
    public let event: Event?
    /// Its lane.
    public let lane: Lane
    /// How many attempts were made before.
    public let attempts: Int
    /// How many of them belong to an earlier schedule, before it was dead and came to life again.
    public let spent: Int
    /// Whether somebody asked for it again.
    public let isReplay: Bool

    /// Describes a claimed delivery.
    public init(id: DeliveryID, event: Event?, lane: Lane, attempts: Int, spent: Int = 0, isReplay: Bool) {
        self.id = id
        self.event = event
        self.lane = lane
        self.attempts = attempts
        self.spent = spent
        self.isReplay = isReplay
    }
}

/// What a claim found.
public struct Claim: Sendable {
    /// The deliveries taken in hand.
    public let deliveries: [Claimed]
    /// When the next delivery of the subscription that still waits is due, which may be past; nil where none waits.
    public let nextDue: Instant?

    /// Joins the two.
    public init(deliveries: [Claimed], nextDue: Instant?) {
        self.deliveries = deliveries
        self.nextDue = nextDue
    }
}

/// What came of one leased delivery.
public struct Settlement: Sendable {
    /// Which delivery.
    public let delivery: DeliveryID
    /// What follows.
    public let next: Next
    /// The try to be kept; nil where nothing was tried.
    public let attempt: Attempt?
    /// To whom it was owed, where the caller knows; the store looks it up where not.
    public var subscription: SubscriptionID?
    /// The alarm that it would have told, where it is cancelled since it cannot be told; nil for all else.
    public var untold: UntoldAlarm?

    /// Joins the three.
    public init(delivery: DeliveryID, next: Next, attempt: Attempt?) {
        self.delivery = delivery
        self.next = next
        self.attempt = attempt
    }

    /// What becomes of the delivery.
    public enum Next: Hashable, Sendable {
        /// As the verdict says.
        case verdict(Verdict)
        /// No longer owed.
        case cancelled(DeliveryState.CancelReason)
        /// Handed back untried, due as before.
        case handedBack(due: Instant)
    }
}

/// When a subscription next has something to do.
public struct Due: Hashable, Sendable {
    /// Which subscription.
    public let subscription: SubscriptionID
    /// The earliest instant at which a waiting delivery of it is due.
    public let earliest: Instant

    /// Joins the two.
    public init(_ subscription: SubscriptionID, earliest: Instant) {
        self.subscription = subscription
        self.earliest = earliest
    }
}

/// Moves deliveries through their life, and brings those of replays to life. Every method is one transaction, but for
/// those that take a ``DeliverySelection``, which work in slices.
public protocol DeliveryStore: Sendable {
    // MARK: Deliveries

    /// Takes in hand up to `limit` waiting deliveries of one subscription that are due at `now`: urgent ones first,
    /// then by the time they are due. A delivery is claimed by one caller only. Needs time in the number taken, not in
    /// the number that wait: what is due next is one more probe of the same index.
    func claimDue(
        _ subscription: SubscriptionID, limit: Int, now: Instant, by incarnation: Incarnation
    ) async throws(StoreError) -> Claim

    /// Writes what came of leased deliveries, and their attempts.
    ///
    /// With them the health of their subscriptions, see ``HistoryStore``: an attempt counts where its result is
    /// written.
    ///
    /// Atomic for the batch. Fenced: a delivery that is not leased by `incarnation` is left as it is and its attempt is
    /// still kept. Idempotent: writing the same result twice changes nothing the second time.
    func record(_ results: [Settlement], by incarnation: Incarnation) async throws(StoreError)

    /// The deliveries that an incarnation has in hand, as the store sees it; one whose claim or birth was answered with
    /// an error, though it was committed, shows up here and nowhere else.
    func leases(of incarnation: Incarnation) async throws(StoreError) -> [DeliveryID]

    /// When each subscription that has something waiting is next due; one row a subscription, whatever the backlog.
    func due() async throws(StoreError) -> [Due]

    /// Makes one delivery due at once: a waiting one sooner than it was, a dead one again, its schedule begun anew.
    /// Attempts and their count stay.
    ///
    /// - Throws: ``StoreError/missing`` where there is none, ``StoreError/conflict(index:_:)`` where it is in another
    ///   state or its subscription is gone.
    func retry(_ delivery: DeliveryID, at now: Instant, audited: AuditEntry?) async throws(StoreError)

    /// Cancels one delivery that waits or is dead, by request.
    ///
    /// - Throws: ``StoreError/missing`` where there is none, ``StoreError/conflict(index:_:)`` where it is in another
    ///   state.
    func cancel(_ delivery: DeliveryID, audited: AuditEntry?) async throws(StoreError)

    /// Makes all of a selection due at once, as ``retry(_:at:audited:)`` does one; those that died after `now` are left
    /// out. Returns how many.
    ///
    /// In slices that are a transaction each, so that a long queue holds nobody up; the line of the audit is in the
    /// first. Idempotent: a call that broke off is made again.
    func retry(
        _ selection: DeliverySelection, at now: Instant, audited: AuditEntry?
    ) async throws(StoreError) -> Int

    /// Makes what waits for a subscription, and is not due at `now`, due sooner by so much, at the earliest at `now`:
    /// the clock by which it was put off was set back. Returns how many.
    func bringForward(
        by duration: Duration, of subscription: SubscriptionID, now: Instant
    ) async throws(StoreError) -> Int

    /// Cancels all of a selection, what waits or what is dead. What is leased is left to its holder. In slices as
    /// ``retry(_:at:audited:)-(DeliverySelection,_,_)``. Returns how many.
    @discardableResult
    func cancel(
        _ selection: DeliverySelection, _ reason: DeliveryState.CancelReason, audited: AuditEntry?
    ) async throws(StoreError) -> Int

    /// How many a selection has. Reads alone.
    func count(_ selection: DeliverySelection) async throws(StoreError) -> Int

    /// When a receiver took something of a subscription last, as far as is still known; nil where nothing is. Reads
    /// alone.
    func lastSuccess(of subscription: SubscriptionID) async throws(StoreError) -> Instant?

    // MARK: Replays

    /// Begins a replay over the events that are there now.
    ///
    /// - Throws: ``StoreError/missing`` where the subscription is gone.
    func begin(_ order: Replay.Order, at now: Instant, audited: AuditEntry?) async throws(StoreError) -> Replay

    /// The replays of a subscription, newest first, those before `before` where it is given.
    func replays(
        of subscription: SubscriptionID, before: ReplayID?, limit: Int
    ) async throws(StoreError) -> [Replay]

    /// The replay of that number; nil where there is none.
    func replay(_ id: ReplayID) async throws(StoreError) -> Replay?

    /// All that are not at their end, oldest first.
    func runningReplays() async throws(StoreError) -> [Replay]

    /// Takes a step, where the replay still stands where the step begins; else nothing changes, so that of two gateways
    /// that take the same step one does.
    ///
    /// Each event brings one delivery to life, marked as a replay, in the normal lane, waiting and due at `now`; an
    /// event brings none while a delivery of it to the subscription waits or is leased, nor does an event that is gone.
    /// Where ``ReplayStep/most`` deliveries wait, the step ends before the first that has no room. A replay that has
    /// reached its end is finished, one whose subscription is gone is cancelled.
    ///
    /// Returns the replay as it stands now.
    /// - Throws: ``StoreError/missing`` where there is none.
    func advance(_ step: ReplayStep, at now: Instant) async throws(StoreError) -> Replay

    /// Breaks a replay off. One that is at its end stays as it is. Returns it as it stands now.
    ///
    /// - Throws: ``StoreError/missing`` where there is none.
    func cancel(
        _ id: ReplayID, _ reason: DeliveryState.CancelReason, audited: AuditEntry?
    ) async throws(StoreError) -> Replay
}

extension DeliveryStore {
    /// Makes one delivery due at once though nobody asked for it.
    public func retry(_ delivery: DeliveryID, at now: Instant) async throws(StoreError) {
        try await retry(delivery, at: now, audited: nil)
    }

    /// Cancels one delivery though nobody asked for it.
    public func cancel(_ delivery: DeliveryID) async throws(StoreError) { try await cancel(delivery, audited: nil) }

    /// Cancels all that waits for a subscription.
    @discardableResult
    public func cancelWaiting(
        of subscription: SubscriptionID, _ reason: DeliveryState.CancelReason, audited: AuditEntry? = nil
    ) async throws(StoreError) -> Int {
        try await cancel(DeliverySelection(of: subscription, .waiting), reason, audited: audited)
    }
}
