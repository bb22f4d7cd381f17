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
    /// Only of events that are told as one of these kinds, as ``KindSet/wants(_:)`` has it.
    public var kinds = KindSet.all
    /// Only of events that are ``Event/isAt(oneOf:)`` these doors; nil for all.
    public var doors: Set<DoorID>?
    /// Only those whose last attempt that is kept met this, one of ``Outcome/words``.
    public var outcome: String?
    /// Only those that came to be owed at this instant or later.
    public var since: Instant?
    /// Only those that came to be owed before this instant.
    public var until: Instant?
    /// Only those before this one: the list runs from the newest back.
    public var before: DeliveryID?
    /// At most so many, 1 to 1,000.
    public var limit: Int

    /// Everything, up to a limit.
    public init(limit: Int) {
        self.limit = limit
    }
}

/// What a list shows of a delivery beside the delivery itself.
public struct DeliveryOutline: Hashable, Sendable {
    /// The kind of the event, by its name.
    public let kind: String
    /// The door that the event tells of; nil where it tells of none.
    public let door: DoorID?
    /// The name of that door, as the directory had it when the event was taken.
    public let doorName: String?
    /// The last attempt whose record is kept; nil where there is none.
    public let last: LastAttempt?

    /// When an attempt began, and what it met.
    public struct LastAttempt: Hashable, Sendable {
        /// When it began.
        public let started: Instant
        /// What it met, one of ``Outcome/words``.
        public let outcome: String
        /// The status that the receiver answered; nil where it answered none.
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

/// Tells what became of deliveries, and how those of each subscription fare. Reads alone: none of it holds up a writer,
/// and what it tells of health needs time in the number of subscriptions, not of deliveries.
public protocol HistoryStore: Sendable {
    // MARK: Deliveries

    /// Deliveries, newest first.
    func deliveries(_ filter: DeliveryFilter) async throws(StoreError) -> [Delivery]

    /// What lists show beside these deliveries; one that is not there has none.
    func outlines(of deliveries: [DeliveryID]) async throws(StoreError) -> [DeliveryID: DeliveryOutline]

    /// One delivery with its attempts, oldest first; nil where there is none.
    func delivery(_ id: DeliveryID) async throws(StoreError) -> (delivery: Delivery, attempts: [Attempt])?

    /// How many events each of these subscriptions was owed since it was made, replays left out; a subscription that is
    /// not there has none.
    func odometers(of subscriptions: [SubscriptionID]) async throws(StoreError) -> [SubscriptionID: Int64]

    /// How much is owed now.
    func backlog() async throws(StoreError) -> Backlog

    /// Answers whether the store can be written to now.
    func isReady() async -> Bool

    // MARK: Health

    /// The health of these subscriptions, or of all that are there; one that is not there has none.
    func health(of subscriptions: [SubscriptionID]?) async throws(StoreError) -> [SubscriptionID: SubscriptionHealth]

    /// The alarms that subscriptions asked for and were not told at that instant or later, by the hour: where one of an
    /// hour was found then, the whole hour counts. Of each subscription one of a kind. A subscription whose terms were
    /// changed since has none.
    func untold(since: Instant) async throws(StoreError) -> [SubscriptionID: [UntoldAlarms]]
}
