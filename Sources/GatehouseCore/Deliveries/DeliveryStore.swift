/// A claimed delivery, with all that an attempt needs.
public struct Claimed: Sendable {
    /// The delivery.
    public let id: DeliveryID
    /// The owed event; nil if the stored event is damaged, so that the claimer can give the delivery up.
    public let event: Event?
    /// Its lane.
    public let lane: Lane
    /// How many attempts there were before.
    public let attempts: Int
    /// How many of them belong to an earlier schedule, before the delivery died and was retried.
    public let spent: Int
    /// Whether a replay created it.
    public var isReplay: Bool { id.round > 0 }

    /// Describes a claimed delivery.
    public init(id: DeliveryID, event: Event?, lane: Lane, attempts: Int, spent: Int = 0) {
        self.id = id
        self.event = event
        self.lane = lane
        self.attempts = attempts
        self.spent = spent
    }
}

/// The result of a claim.
public struct Claim: Sendable {
    /// The claimed deliveries.
    public let deliveries: [Claimed]
    /// When the deliveries of the subscription that still wait are due next, which may be past.
    public let next: DueTimes

    /// Joins the two.
    public init(deliveries: [Claimed], next: DueTimes) {
        self.deliveries = deliveries
        self.next = next
    }
}

/// The result of one leased delivery.
public struct Settlement: Sendable {
    /// The delivery.
    public let delivery: DeliveryID
    /// Its next state.
    public let next: Next
    /// The attempt to store; nil if there was none.
    public let attempt: Attempt?
    /// The id of its event, if the caller knows it: header fields that repeat it are stored once for all.
    public var event: EventID?
    /// The alarm that it would have carried, if it is cancelled because the dialect cannot express that alarm;
    /// otherwise nil.
    public var untold: UntoldAlarm?

    /// Joins the three.
    public init(delivery: DeliveryID, next: Next, attempt: Attempt?) {
        self.delivery = delivery
        self.next = next
        self.attempt = attempt
    }

    /// The next state of the delivery.
    public enum Next: Hashable, Sendable {
        /// The state that the verdict says.
        case verdict(Verdict)
        /// No longer owed.
        case cancelled(DeliveryState.CancelReason)
        /// Given back without an attempt, due as before.
        case handedBack(due: Instant)
    }
}

/// When deliveries of one subscription are due next, by lane; nil for a lane in which none waits.
public struct DueTimes: Hashable, Sendable {
    /// The earliest urgent one.
    public var urgent: Instant?
    /// The earliest normal one.
    public var normal: Instant?

    /// Joins the two.
    public init(urgent: Instant? = nil, normal: Instant? = nil) {
        self.urgent = urgent
        self.normal = normal
    }

    /// The same time for both lanes: used if the lane is not known.
    public init(both due: Instant?) { self.init(urgent: due, normal: due) }

    /// A time for one lane.
    public init(_ lane: Lane, _ due: Instant) {
        self.init()
        self[lane] = due
    }

    /// The earliest of both lanes.
    public var earliest: Instant? { Self.earlier(urgent, normal) }

    /// The earliest of one lane.
    public subscript(lane: Lane) -> Instant? {
        get {
            switch lane {
            case .urgent: urgent
            case .normal: normal
            }
        }
        set {
            switch lane {
            case .urgent: urgent = newValue
            case .normal: normal = newValue
            }
        }
    }

    /// The earlier time of the two in each lane.
    public func earlier(_ other: DueTimes) -> DueTimes {
        DueTimes(urgent: Self.earlier(urgent, other.urgent), normal: Self.earlier(normal, other.normal))
    }

    /// Without an array, because the courier compares times for each delivery.
    private static func earlier(_ one: Instant?, _ other: Instant?) -> Instant? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }
}

/// When a subscription next has something to do.
public struct Due: Hashable, Sendable {
    /// The subscription.
    public let subscription: SubscriptionID
    /// When its waiting deliveries are due.
    public let times: DueTimes

    /// Joins the two.
    public init(_ subscription: SubscriptionID, _ times: DueTimes) {
        self.subscription = subscription
        self.times = times
    }

    /// The earliest instant at which a waiting delivery of it is due.
    public var earliest: Instant? { times.earliest }
}

/// Changes the state of deliveries, and creates those of replays. Every method is one transaction, except those with a
/// ``DeliverySelection``, which work in slices.
public protocol DeliveryStore: Sendable {
    // MARK: Deliveries

    /// Leases up to `limit` waiting deliveries of one subscription in these lanes that are due at `now`: urgent
    /// ones first, then by the time they are due. Only one caller claims a delivery. The time needed grows with the
    /// number of claimed deliveries, not with the number that wait.
    func claimDue(
        _ subscription: SubscriptionID, _ lanes: [Lane], limit: Int, now: Instant, by incarnation: Incarnation
    ) async throws(StoreError) -> Claim

    /// Writes the results of leased deliveries, and their attempts.
    ///
    /// It updates the health of their subscriptions in the same transaction, see ``HistoryStore``: an attempt counts
    /// when its result is written.
    ///
    /// Atomic for the batch. Fenced: a delivery that is not leased by `incarnation` stays as it is, but its attempt is
    /// stored. Idempotent: writing the same result twice changes nothing the second time.
    func record(_ results: [Settlement], by incarnation: Incarnation) async throws(StoreError)

    /// The deliveries that an incarnation has leased, as the store sees it. A delivery whose claim or creation was
    /// committed but answered with an error appears only here.
    func leases(of incarnation: Incarnation) async throws(StoreError) -> [DeliveryID]

    /// When each subscription with waiting deliveries is next due; one row per subscription, for a backlog of any size.
    func due() async throws(StoreError) -> [Due]

    /// Makes one delivery due at once: a waiting one earlier than planned, a dead one again with a new schedule. Its
    /// attempts and their count stay.
    ///
    /// - Throws: ``StoreError/missing`` if there is no such delivery, ``StoreError/conflict(index:_:)`` if it is in
    ///   another state or its subscription is gone.
    func retry(_ delivery: DeliveryID, at now: Instant, audited: AuditEntry?) async throws(StoreError)

    /// Cancels one waiting or dead delivery, by request.
    ///
    /// - Throws: ``StoreError/missing`` if there is no such delivery, ``StoreError/conflict(index:_:)`` if it is in
    ///   another state.
    func cancel(_ delivery: DeliveryID, audited: AuditEntry?) async throws(StoreError)

    /// Makes all deliveries of a selection due at once, as ``retry(_:at:audited:)`` does with one; it skips those that
    /// died after `now`. Returns how many.
    ///
    /// It works in slices, each a transaction, so that a long queue does not block other writers; the first slice
    /// writes the audit entry. Idempotent: repeat a call that was interrupted.
    func retry(
        _ selection: DeliverySelection, at now: Instant, audited: AuditEntry?
    ) async throws(StoreError) -> Int

    /// Moves the due time of a subscription's waiting deliveries, except those due at `now`, earlier by this amount,
    /// but not before `now`: the clock that set their due time was set back. Returns how many.
    func bringForward(
        by duration: Duration, of subscription: SubscriptionID, now: Instant
    ) async throws(StoreError) -> Int

    /// Cancels all waiting or dead deliveries of a selection. Leased ones stay with their holder. It works in slices as
    /// ``retry(_:at:audited:)-(DeliverySelection,_,_)``. Returns how many.
    @discardableResult
    func cancel(
        _ selection: DeliverySelection, _ reason: DeliveryState.CancelReason, audited: AuditEntry?
    ) async throws(StoreError) -> Int

    /// How many deliveries a selection has. Read-only.
    func count(_ selection: DeliverySelection) async throws(StoreError) -> Int

    /// When a receiver last accepted a delivery of a subscription, as far as the store still knows; nil if it knows
    /// none. Read-only.
    func lastSuccess(of subscription: SubscriptionID) async throws(StoreError) -> Instant?

    // MARK: Replays

    /// Starts a replay of the events that exist now.
    ///
    /// - Throws: ``StoreError/missing`` if the subscription is gone.
    func begin(_ order: Replay.Order, at now: Instant, audited: AuditEntry?) async throws(StoreError) -> Replay

    /// The replays of a subscription, newest first; only those before `before`, if it is given.
    func replays(
        of subscription: SubscriptionID, before: ReplayID?, limit: Int
    ) async throws(StoreError) -> [Replay]

    /// The replay with that number; nil if there is none.
    func replay(_ id: ReplayID) async throws(StoreError) -> Replay?

    /// All running replays, oldest first.
    func runningReplays() async throws(StoreError) -> [Replay]

    /// Performs a step if the replay is still where the step begins; otherwise nothing changes. So if two gateways
    /// perform the same step, only one has an effect.
    ///
    /// Each event creates one delivery: marked as a replay, in the normal lane, waiting and due at `now`. An event
    /// creates none if it was pruned, or if a delivery of it to the subscription is waiting or leased. When
    /// ``ReplayStep/most`` deliveries are waiting, the step ends before the first one without room. A replay that
    /// reached its end is finished; one whose subscription is gone is cancelled.
    ///
    /// Returns the replay's new state.
    /// - Throws: ``StoreError/missing`` if there is no such replay.
    func advance(_ step: ReplayStep, at now: Instant) async throws(StoreError) -> Replay

    /// Cancels a replay. An ended one stays as it is. Returns its new state.
    ///
    /// - Throws: ``StoreError/missing`` if there is no such replay.
    func cancel(
        _ id: ReplayID, _ reason: DeliveryState.CancelReason, audited: AuditEntry?
    ) async throws(StoreError) -> Replay
}

extension DeliveryStore {
    /// Claims waiting deliveries of all lanes, see ``claimDue(_:_:limit:now:by:)``.
    public func claimDue(
        _ subscription: SubscriptionID, limit: Int, now: Instant, by incarnation: Incarnation
    ) async throws(StoreError) -> Claim {
        try await claimDue(subscription, Lane.allCases, limit: limit, now: now, by: incarnation)
    }

    /// Makes one delivery due at once, without an audit entry.
    public func retry(_ delivery: DeliveryID, at now: Instant) async throws(StoreError) {
        try await retry(delivery, at: now, audited: nil)
    }

    /// Cancels one delivery, without an audit entry.
    public func cancel(_ delivery: DeliveryID) async throws(StoreError) { try await cancel(delivery, audited: nil) }

    /// Cancels all waiting deliveries of a subscription.
    @discardableResult
    public func cancelWaiting(
        of subscription: SubscriptionID, _ reason: DeliveryState.CancelReason, audited: AuditEntry? = nil
    ) async throws(StoreError) -> Int {
        try await cancel(DeliverySelection(of: subscription, .waiting), reason, audited: audited)
    }

    /// Cancels all that waits for a subscription which ended, as long as no later change makes it active again.
    @discardableResult
    public func cancelWaiting(
        ofEnded subscription: Subscription, _ reason: DeliveryState.CancelReason
    ) async throws(StoreError) -> Int {
        var selection = DeliverySelection(of: subscription.id, .waiting)
        selection.revision = subscription.revision
        return try await cancel(selection, reason, audited: nil)
    }
}
