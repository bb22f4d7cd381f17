/// The gateway's own maintenance: it prunes old data, counts deliveries, keeps incarnations alive, and reads the news
/// of health.
public protocol HousekeepingStore: Sendable {
    // MARK: Retention

    /// Removes one slice of expired data, in a transaction of its own, a few milliseconds of work. The search for it
    /// only reads.
    ///
    /// Safe: an event is removed with all its deliveries, and only if none of them waits, is leased or died since
    /// ``PruneOrder/deadBefore``. The audit is pruned up to the end of a link, which stays as the beginning of the
    /// chain. Counts and numbers do not change: positions, deliveries and subscriptions continue after the highest
    /// number ever given, and ``HistoryStore/odometers(of:)`` stays the same. Idempotent: repeat a call that was
    /// interrupted; several gateways may prune at once. Complete: a turn that continues behind ``PruneSlice/next``
    /// until there is none has removed all that had expired when it began.
    func prune(_ order: PruneOrder) async throws(StoreError) -> PruneSlice

    /// The used share of the store's disk, 0 to 1; nil if not known.
    func diskShare() async -> Double?

    /// When `gatehouse store backup` last made a backup of the store; nil if none is known.
    func lastBackup() async -> Instant?

    // MARK: Odometers: the store counts deliveries themselves, and adds them to a sum later, so that no event writes to
    // a sum

    /// Adds up to `limit` uncounted deliveries to the sums, in the order of their creation. It changes only the cost of
    /// ``HistoryStore/odometers(of:)``, not its result. Returns how many were added.
    @discardableResult
    func foldOdometers(limit: Int) async throws(StoreError) -> Int

    // MARK: Incarnations

    /// Registers a start and gives it a number higher than every earlier one.
    func begin(at now: Instant) async throws(StoreError) -> Incarnation

    /// Renews the sign of life of an incarnation.
    ///
    /// - Throws: ``StoreError/fenced`` if it was declared dead meanwhile.
    func beat(_ incarnation: Incarnation, at now: Instant) async throws(StoreError)

    /// The leading incarnation: the lowest of those that have neither ended nor been declared dead; nil if there is
    /// none. Read-only.
    func leader() async throws(StoreError) -> Incarnation?

    /// Ends an incarnation in order. Its leased deliveries become waiting, due at once.
    func end(_ incarnation: Incarnation, at now: Instant) async throws(StoreError)

    /// Declares dead every incarnation except `survivor` whose last sign of life was before `deadline`, and makes its
    /// leased deliveries waiting, due at `now`. A store that only one gateway can open knows that all the others are
    /// dead, and ignores the deadline. Returns how many deliveries were freed.
    func rescueOrphaned(
        heardBefore deadline: Instant, now: Instant, survivor: Incarnation
    ) async throws(StoreError) -> Int

    // MARK: News of health: stored until their events are written

    /// The health news that needs an event now, at most `limit`. Read-only, by indexes.
    ///
    /// Attempts and deaths of deliveries of ``Catalogue/raised`` kinds never count. Two news about one subscription are
    /// at least ``HealthRule/pause`` apart if they are ``HealthNews/Change/failing``, ``HealthNews/Change/waiting``, or
    /// about dead normal deliveries.
    func healthNews(at now: Instant, limit: Int) async throws(StoreError) -> [HealthNews]

    /// Writes the events about one of the news, with all deliveries that they owe, and marks it as done: in one
    /// transaction, and only if it is still open. So each is reported once, also if a call is interrupted.
    ///
    /// - Returns: the results of the events; empty if the news was no longer open.
    func tell(_ news: HealthNews, by changeEvents: ChangeEvents, at now: Instant) async throws(StoreError) -> [Appended]
}
