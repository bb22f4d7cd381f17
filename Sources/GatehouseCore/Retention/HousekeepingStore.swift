/// What the gateway does for itself beside its work: takes out what is kept no longer, counts, says that it lives, and
/// tells how subscriptions fare.
public protocol HousekeepingStore: Sendable {
    // MARK: Retention

    /// Takes out one slice of what is older than it may be, in a transaction of its own, a few milliseconds' work.
    /// Looking for it only reads.
    ///
    /// Safe: an event goes with all its deliveries, and only where none of them waits, is in hand or died since
    /// ``PruneOrder/deadBefore``. The audit goes up to the end of a link, which stays as the beginning of the chain.
    /// Nothing that is counted or numbered changes: positions, deliveries and subscriptions go on being numbered behind
    /// all that ever were, and what ``HistoryStore/odometers(of:)`` tells stays. Idempotent: a slice that broke off is
    /// asked for again, and several gateways may prune at once. Complete: a turn that goes on behind
    /// ``PruneSlice/next`` until there is none has taken out all that could go when it began.
    func prune(_ order: PruneOrder) async throws(StoreError) -> PruneSlice

    /// How much of the disk that the store lies on is used, 0 to 1; nil where that is not known.
    func diskShare() async -> Double?

    /// When `gatehouse store backup` last made a backup of it; nil where none is known.
    func lastBackup() async -> Instant?

    // MARK: Odometers: deliveries are counted themselves, and added to a sum later, so that no event writes to a sum

    /// Adds up to `limit` deliveries that were not counted yet to the sums, in the order of their birth. Changes
    /// nothing that ``HistoryStore/odometers(of:)`` tells, only what it costs. Returns how many were added.
    @discardableResult
    func foldOdometers(limit: Int) async throws(StoreError) -> Int

    // MARK: Incarnations

    /// Registers a start and gives it a number higher than every earlier one.
    func begin(at now: Instant) async throws(StoreError) -> Incarnation

    /// Says that the incarnation lives.
    ///
    /// - Throws: ``StoreError/fenced`` where it was declared dead meanwhile.
    func beat(_ incarnation: Incarnation, at now: Instant) async throws(StoreError)

    /// The incarnation that leads: the lowest of those that have neither ended nor been declared dead; nil where there
    /// is none. Reads alone.
    func leader() async throws(StoreError) -> Incarnation?

    /// Says that the incarnation has ended in order. What it still holds becomes waiting, due at once.
    func end(_ incarnation: Incarnation, at now: Instant) async throws(StoreError)

    /// Declares dead every incarnation but `survivor` that was last heard of before `deadline`, and makes what it held
    /// waiting, due at `now`. A store that only one gateway can open knows that all the others are dead, and ignores
    /// the deadline. Returns how many deliveries were set free.
    func rescueOrphaned(
        heardBefore deadline: Instant, now: Instant, survivor: Incarnation
    ) async throws(StoreError) -> Int

    // MARK: News of health: kept until they are told

    /// What is to be told now, at most `limit` of it. Reads alone, by indexes.
    ///
    /// Attempts and deaths of deliveries of ``Catalogue/raised`` kinds are none of it. Two about one subscription lie
    /// at least ``HealthRule/pause`` apart where they are ``HealthNews/Change/failing``, ``HealthNews/Change/waiting``,
    /// or of normal deliveries that died.
    func healthNews(at now: Instant, limit: Int) async throws(StoreError) -> [HealthNews]

    /// Writes the events that tell of something, with all that they owe, and notes that it was told: in one
    /// transaction, and only where it is still to be told then. So each is told once, also where a call breaks off.
    ///
    /// - Returns: what became of the events; empty where there was nothing to tell any more.
    func tell(_ news: HealthNews, by changeEvents: ChangeEvents, at now: Instant) async throws(StoreError) -> [Appended]
}
