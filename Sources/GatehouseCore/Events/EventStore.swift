/// An event to be stored, with the deliveries that it owes.
public struct Entry: Sendable {
    /// The event and its digest.
    public let admitted: AdmittedEvent
    /// Its deliveries, one per subscription.
    public let owed: [Owed]
    /// The subscriptions that cannot get it although they should, if it is urgent; stored with it.
    public var untold: [UntoldAlarm] = []

    /// Joins the two.
    public init(_ admitted: AdmittedEvent, owed: [Owed]) {
        self.admitted = admitted
        self.owed = owed
    }

    /// A new delivery.
    public struct Owed: Hashable, Sendable {
        /// The subscription that it is owed to.
        public let subscription: SubscriptionID
        /// Whether this gateway leases it at once; otherwise it waits, due at once.
        public let isBornLeased: Bool
        /// How many deliveries may wait for the subscription; if it has that many, the new one is cancelled at once.
        /// Nil for no limit.
        public let buffer: Int?

        /// Describes a new delivery.
        public init(_ subscription: SubscriptionID, isBornLeased: Bool, buffer: Int? = nil) {
            self.buffer = buffer
            self.subscription = subscription
            self.isBornLeased = isBornLeased
        }
    }
}

/// The store's result for one entry.
public struct Appended: Hashable, Sendable {
    /// The event's id; for a repetition, the id of the original event.
    public let event: EventID
    /// Its position in the order of commits.
    public let position: EventPosition
    /// The new deliveries, in the order of the entry's `owed`; empty for a repetition.
    public let deliveries: [DeliveryID]
    /// How many deliveries the event owes in all, also for a repetition.
    public let owed: Int
    /// Whether the event is a repetition; then nothing was written.
    public let isDuplicate: Bool
    /// The numbers of the event's names; empty for a repetition.
    public let numbers: Numbers
    /// What was wrong with the event, as stored: also for a repetition, so that the answer is the same.
    public let flag: Event.Flag?

    /// Describes the result for one entry.
    public init(
        event: EventID, position: EventPosition, deliveries: [DeliveryID], owed: Int, isDuplicate: Bool,
        numbers: Numbers = Numbers(), flag: Event.Flag? = nil
    ) {
        self.flag = flag
        self.numbers = numbers
        self.event = event
        self.position = position
        self.deliveries = deliveries
        self.owed = owed
        self.isDuplicate = isDuplicate
    }
}

/// Stores events durably, gives numbers to what they name, reads them in the order of their commits, and erases persons
/// in them.
public protocol EventStore: Sendable {
    // MARK: Events

    /// Writes the entries and every delivery that they owe.
    ///
    /// Atomic: all entries or none; concurrent calls may share a commit, but fail separately. Durable on return.
    /// Idempotent by organization, source and the source's id: a repetition (equal digest) writes nothing and returns
    /// the first result, with its flag; repetitions inside the batch count too. An urgent event whose id is known with
    /// another digest is accepted, flagged ``Event/Flag/conflict``. From then on it is also identified by its digest,
    /// so that its own repetition is recognized. Ordered: positions grow in the batch's order and by commit. A delivery
    /// to a deleted subscription is born cancelled, so that `deliveries` keeps the order of `owed`.
    /// Numbering: each of the event's ``Event/names`` has a permanent number from then on: its own number if the id is
    /// one and it is free, else one from ``Numbers/first`` on. The stored event holds a copy.
    ///
    /// - Throws: ``StoreError/conflict(index:_:)`` with the normal entry whose id was used with another digest.
    func append(_ entries: [Entry], by incarnation: Incarnation) async throws(StoreError) -> [Appended]

    /// The event with that id; nil if there is none.
    func event(_ id: EventID) async throws(StoreError) -> Event?

    // MARK: Numbers

    /// The numbers for these names, in their order, as an append gives them; a name without a number gets one now.
    func numbers(of names: [Numbers.Name]) async throws(StoreError) -> [Int64]

    // MARK: Feed

    /// The next matching events, from one state of the store.
    ///
    /// Ordered: oldest first by position. Complete: a caller that continues behind ``FeedSlice/reached`` gets every
    /// matching event exactly once, also while others are appended. So ``FeedSlice/reached`` never passes a position
    /// that may still be committed. SQLite's single writer gives positions inside the transaction, so they become
    /// visible in their order; a store with several writers must hold back events behind a position that is still open.
    ///
    /// Bounded: a slice examines about ``FeedFilter/span`` events, ends with the event that fills ``FeedFilter/bytes``,
    /// and may be short, or empty, while more follows. Only ``FeedSlice/isAtEnd`` means that nothing follows.
    /// Organizations and instants are found by index.
    func feed(_ filter: FeedFilter) async throws(StoreError) -> FeedSlice

    // MARK: Erasures

    /// Stores an erasure request, with its audit entry, before any event changes. If the same request is already
    /// running, nothing is written, and the running one is returned.
    func begin(_ wish: Erasure.Wish, at now: Instant, audited: AuditEntry?) async throws(StoreError) -> Erasure

    /// The running ones, the oldest first.
    func erasures() async throws(StoreError) -> [Erasure]

    /// The newest one about a person in an organization, ended or not; nil if there is none.
    func erasure(of person: String, in organization: OrganizationID) async throws(StoreError) -> Erasure?

    /// Examines the next slice of events, a few milliseconds of work. In one transaction it erases the person from the
    /// events about the person (``Event/erased(_:)``) and from the receivers' answers to their deliveries, and stores
    /// the progress. With the last slice the person's own commands to doors lose the names.
    ///
    /// An event keeps its ids, its digest and its deliveries: a repetition is still recognized, and waiting deliveries
    /// send the erased event. Resumable: repeat a call that was interrupted. Idempotent: if the slice was done
    /// meanwhile, nothing happens. Returns the progress; nil if there is no such erasure.
    func advance(_ erasure: Int64, at now: Instant) async throws(StoreError) -> Erasure?
}
