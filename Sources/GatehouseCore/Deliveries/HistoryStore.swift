/// Selects deliveries for a list.
public struct DeliveryFilter: Hashable, Sendable {
    /// Only of this subscription.
    public var subscription: SubscriptionID?
    /// Only of this event.
    public var event: EventID?
    /// Only in this state.
    public var state: DeliveryState.Name?
    /// Only of subscriptions of these organizations; nil for all.
    public var organizations: Set<OrganizationID>?
    /// Only of events that count as one of these kinds, see ``KindSet/wants(_:)``.
    public var kinds = KindSet.all
    /// Only of events that are ``Event/isAt(oneOf:)`` these doors; nil for all.
    public var doors: Set<DoorID>?
    /// Only those whose last stored attempt had this outcome, one of ``Outcome/words``.
    public var outcome: String?
    /// Only those created at this instant or later.
    public var since: Instant?
    /// Only those created before this instant.
    public var until: Instant?
    /// Only those before this one: the list runs from the newest event back.
    public var before: DeliveryID?
    /// At most so many, 1 to 1,000.
    public var limit: Int

    /// Everything, up to a limit.
    public init(limit: Int) {
        self.limit = limit
    }

    /// How many deliveries one slice examines: a few hundredths of a second of work.
    public static let span = 10_000
}

/// One slice of a list of deliveries, the newest event first.
public struct DeliverySlice: Sendable {
    /// The matching ones.
    public var deliveries: [Delivery]
    /// If the slice ended before the limit and before the oldest delivery: every match from here on is in
    /// ``deliveries`` or in an earlier slice; continue before it.
    public var reached: DeliveryID?
    /// If it ended so: when the delivery at which it ended was created.
    public var lookedBackTo: Instant?

    /// A slice that reached the oldest delivery, or its limit.
    public init(_ deliveries: [Delivery]) { self.deliveries = deliveries }
}

/// What a list shows of a delivery besides the delivery itself.
public struct DeliveryOutline: Hashable, Sendable {
    /// The name of the event's kind.
    public let kind: String
    /// The event's door; nil if it has none.
    public let door: DoorID?
    /// The name of that door, as the directory had it when the event was accepted.
    public let doorName: String?
    /// The last stored attempt; nil if there is none.
    public let last: LastAttempt?

    /// When an attempt began, and its outcome.
    public struct LastAttempt: Hashable, Sendable {
        /// When it began.
        public let started: Instant
        /// Its outcome, one of ``Outcome/words``.
        public let outcome: String
        /// The status of the receiver's answer; nil without an answer.
        public let status: Int?

        /// Describes an attempt.
        public init(started: Instant, outcome: String, status: Int?) {
            self.started = started
            self.outcome = outcome
            self.status = status
        }
    }

    /// Describes an outline.
    public init(kind: String, door: DoorID?, doorName: String?, last: LastAttempt?) {
        self.kind = kind
        self.door = door
        self.doorName = doorName
        self.last = last
    }
}

/// How many deliveries are owed, including held and parked ones, and how many were given up.
public struct Backlog: Hashable, Sendable {
    /// How many deliveries are waiting.
    public var waiting: Int
    /// How many a gateway has leased.
    public var leased: Int
    /// How many were given up, by lane, and were not retried, cancelled or pruned since.
    public var dead: [Lane: Int] = [:]
    /// When the oldest event with a waiting, leased or dead delivery was accepted; nil if there is none. Dead ones
    /// count too, so that an alert does not stop when the gateway gives up.
    public var oldest: Instant?

    /// Describes the backlog.
    public init(waiting: Int, leased: Int, oldest: Instant?) {
        self.waiting = waiting
        self.leased = leased
        self.oldest = oldest
    }
}

/// Reads the history of deliveries and the health of subscriptions. It is read-only and blocks no writer. The time for
/// health depends on the number of subscriptions, not of deliveries.
public protocol HistoryStore: Sendable {
    // MARK: Deliveries

    /// The next matching deliveries, the newest event first; of one event, the newest subscription first.
    ///
    /// Bounded: a slice examines at most ``DeliveryFilter/span`` deliveries, and may be short, or empty, while older
    /// ones match. Only without ``DeliverySlice/reached``, and with fewer than the limit, nothing older matches. One
    /// event, one state other than delivered, and one subscription in it are found by index.
    func deliveries(_ filter: DeliveryFilter) async throws(StoreError) -> DeliverySlice

    /// What lists show besides these deliveries; the result has no entry for a missing delivery.
    func outlines(of deliveries: [DeliveryID]) async throws(StoreError) -> [DeliveryID: DeliveryOutline]

    /// One delivery with its attempts, oldest first; nil if there is no such delivery.
    func delivery(_ id: DeliveryID) async throws(StoreError) -> (delivery: Delivery, attempts: [Attempt])?

    /// The delivery that had this number before deliveries were named by event, subscription and round; nil if there is
    /// none.
    func delivery(formerly number: Int64) async throws(StoreError) -> DeliveryID?

    /// The organization of a subscription, also of a deleted one as long as deliveries of it may be left; nil if it is
    /// not known.
    func organization(of subscription: SubscriptionID) async throws(StoreError) -> OrganizationID?

    /// How many events each of these subscriptions was owed since its creation, without replays; the result has no
    /// entry for a missing subscription.
    func odometers(of subscriptions: [SubscriptionID]) async throws(StoreError) -> [SubscriptionID: Int64]

    /// The present backlog.
    func backlog() async throws(StoreError) -> Backlog

    /// Whether the store accepts writes now.
    func isReady() async -> Bool

    // MARK: Health

    /// The health of these subscriptions, or of all; the result has no entry for a missing subscription.
    func health(of subscriptions: [SubscriptionID]?) async throws(StoreError) -> [SubscriptionID: SubscriptionHealth]

    /// The alarms that subscriptions asked for and could not get, at that instant or later, by the hour: an hour counts
    /// whole if one of its alarms was found then. One per subscription and kind. A subscription whose terms changed
    /// since has none.
    func untold(since: Instant) async throws(StoreError) -> [SubscriptionID: [UntoldAlarms]]
}
