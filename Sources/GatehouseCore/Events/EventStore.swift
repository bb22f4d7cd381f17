/// An event on its way into the store, with the deliveries that it owes.
public struct Entry: Sendable {
    /// The event and its digest.
    public let admitted: AdmittedEvent
    /// What it owes, one a subscription.
    public let owed: [Owed]
    /// To whom it should be told and cannot be, where it is urgent; kept with it.
    public var untold: [UntoldAlarm] = []

    /// Joins the two.
    public init(_ admitted: AdmittedEvent, owed: [Owed]) {
        self.admitted = admitted
        self.owed = owed
    }

    /// A delivery about to be born.
    public struct Owed: Hashable, Sendable {
        /// To whom it is owed.
        public let subscription: SubscriptionID
        /// Whether this gateway takes it in hand at once (leased), or it waits, due at once.
        public let isBornLeased: Bool
        /// How many may wait for the subscription; where so many do, it is born cancelled. Nil for no bound.
        public let buffer: Int?

        /// Describes a delivery about to be born.
        public init(_ subscription: SubscriptionID, isBornLeased: Bool, buffer: Int? = nil) {
            self.buffer = buffer
            self.subscription = subscription
            self.isBornLeased = isBornLeased
        }
    }
}

/// What the store made of one entry.
public struct Appended: Hashable, Sendable {
    /// The event's id: on a repetition that of the event as first taken.
    public let event: EventID
    /// Its place in the order of commits.
    public let position: EventPosition
    /// The deliveries that were born, in the order of the entry's `owed`; empty on a repetition.
    public let deliveries: [DeliveryID]
    /// How many deliveries the event owes in all, also on a repetition.
    public let owed: Int
    /// Whether the event had been taken before; then nothing was written.
    public let isDuplicate: Bool
    /// The numbers that the event's names have; none on a repetition.
    public let numbers: Numbers
    /// What was wrong with the event, as the store keeps it: also on a repetition, so that the answer is the same.
    public let flag: Event.Flag?

    /// Describes what became of one entry.
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

/// Takes events for good, numbers what they name, tells them in the order of their commits, and blanks persons in them.
public protocol EventStore: Sendable {
    // MARK: Events

    /// Writes the entries and every delivery that they owe.
    ///
    /// Atomic: all entries or none; calls that arrive together may share a commit, but fail apart. Durable when it
    /// returns. Idempotent by organization, source and the source's id: a repetition (equal digest) writes nothing and
    /// returns what was first written, with the flag that it has; repetitions inside the batch count too. An urgent
    /// event whose id is known with another digest is taken all the same, flagged ``Event/Flag/conflict``: it is known
    /// by its digest too from then on, so that its own repetition is one. Ordered: positions grow in the batch's order
    /// and by commit. Deliveries to subscriptions that are no longer there are left out (`nil` has no place: such a
    /// subscription's delivery is born cancelled, so that `deliveries` keeps the order of `owed`). Numbering: each of
    /// the event's ``Event/names`` has its number from then on and for ever, its own where it is one and that is free,
    /// else one from ``Numbers/first`` on; the stored event holds a copy.
    ///
    /// - Throws: ``StoreError/conflict(index:_:)`` naming the normal entry whose id was used with another digest.
    func append(_ entries: [Entry], by incarnation: Incarnation) async throws(StoreError) -> [Appended]

    /// The event of that id, nil where there is none.
    func event(_ id: EventID) async throws(StoreError) -> Event?

    // MARK: Numbers

    /// The numbers of names, given now to those that have none: the same that an append gives, in the names' order.
    func numbers(of names: [Numbers.Name]) async throws(StoreError) -> [Int64]

    // MARK: Feed

    /// The next events that fit, from one state of the store.
    ///
    /// Ordered: oldest first by position. Complete: a caller that goes on behind ``FeedSlice/reached`` again and again
    /// meets every event that fits, and each once, also while others are appended. So ``FeedSlice/reached`` never goes
    /// beyond a position that may yet be committed. Positions of SQLite are given by its one writer inside the
    /// transaction, so that they become seen in their order; a store with several writers must hold back what is
    /// behind a position that is still open.
    ///
    /// Bounded: a slice looks through ``FeedFilter/span`` events or so, ends with the event that fills
    /// ``FeedFilter/bytes``, and may be short, or empty, while more follows;
    /// ``FeedSlice/isAtEnd`` alone says that nothing does. Organizations and instants are found by index.
    func feed(_ filter: FeedFilter) async throws(StoreError) -> FeedSlice

    // MARK: Erasures

    /// Writes a wish down, with its line of the audit, before anything is blanked. One that is the same as another
    /// which is under way is that one: nothing is written, and the other is returned.
    func begin(_ wish: Erasure.Wish, at now: Instant, audited: AuditEntry?) async throws(StoreError) -> Erasure

    /// Those that are under way, the oldest first.
    func erasures() async throws(StoreError) -> [Erasure]

    /// The newest of a person in an organization, ended or not; nil where there is none.
    func erasure(of person: String, in organization: OrganizationID) async throws(StoreError) -> Erasure?

    /// Looks at the next slice of events, a few milliseconds' work, and blanks those about the person
    /// (``Event/erased(_:)``) with what receivers answered to their deliveries, in one transaction with the note of how
    /// far it has come. With the last slice the person's own commands to doors lose the names.
    ///
    /// An event keeps its ids, its digest and its deliveries: a repetition is known as one, and what waits is delivered
    /// blanked. Resumable: a slice that broke off is asked for again. Idempotent: where it was done meanwhile, nothing
    /// is done. Returns how far it has come; nil where there is no such erasure.
    func advance(_ erasure: Int64, at now: Instant) async throws(StoreError) -> Erasure?
}
