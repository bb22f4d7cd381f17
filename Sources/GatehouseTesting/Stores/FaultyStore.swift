public import GatehouseCore
internal import Synchronization

/// A store that fails where a test wants it to, so that the product needs no switch for it.
///
/// One call can be made to fail, found by its number, or the store can go away as a whole and come back. Closing is
/// never failed nor counted.
public final class FaultyStore: Store {
    /// At which moment of a call the fault strikes.
    public enum Moment: String, CaseIterable, Sendable {
        /// The call never reaches the store.
        case before
        /// The store does what was asked, and its answer is lost.
        case after
    }

    private struct State {
        var calls = 0
        var isAway = false
        var failingCall: Int?
    }

    let store: any Store
    private let moment: Moment
    private let answersEarly: Bool
    private let beforeAdding: (@Sendable () async -> Void)?
    private let state: Mutex<State>

    /// Stands before a store and fails its call number `failingCall`, from 1; none where it is nil.
    public init(_ store: any Store, failingCall: Int? = nil, _ moment: Moment = .before) {
        self.store = store
        self.state = Mutex(State(failingCall: failingCall))
        self.moment = moment
        self.answersEarly = false
        self.beforeAdding = nil
    }

    /// Stands before a store and adds a subscription only after `wait`, so that a test can have others come meanwhile.
    public init(_ store: any Store, beforeAdding wait: @escaping @Sendable () async -> Void) {
        self.store = store
        self.state = Mutex(State())
        self.moment = .before
        self.answersEarly = false
        self.beforeAdding = wait
    }

    /// Stands before a store and answers every append before it is committed, which is the one thing that a gateway
    /// must never do: a crash test that such a store passes proves nothing.
    public init(answeringEarly store: any Store) {
        self.store = store
        self.state = Mutex(State())
        self.moment = .before
        self.answersEarly = true
        self.beforeAdding = nil
    }

    /// How many calls were made, failed ones too. A sweep is at its end once a run needs fewer than the failing one.
    public var calls: Int { state.withLock { $0.calls } }

    /// Fails one call that is yet to come, the next where `number` is 1.
    public func fail(next number: Int) { state.withLock { $0.failingCall = $0.calls + number } }

    /// Fails every call from now on, before it reaches the store.
    public func goAway() { state.withLock { $0.isAway = true } }

    /// Lets calls through again.
    public func comeBack() { state.withLock { $0.isAway = false } }

    func pass<Answer>(
        _ call: () async throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer {
        let (isStruck, isAway) = state.withLock { state in
            state.calls += 1
            return (state.calls == state.failingCall, state.isAway)
        }
        if isAway || isStruck && moment == .before { throw .unavailable("the store was made to fail before the call") }
        let answer = try await call()
        if isStruck { throw .unavailable("the store was made to fail after the call") }
        return answer
    }
}

// What each call does is told where the protocols are.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension FaultyStore {
    public func append(_ entries: [Entry], by incarnation: Incarnation) async throws(StoreError) -> [Appended] {
        if answersEarly { return appendLater(entries, by: incarnation) }
        return try await pass { () throws(StoreError) in try await store.append(entries, by: incarnation) }
    }

    public func event(_ id: EventID) async throws(StoreError) -> Event? {
        try await pass { () throws(StoreError) in try await store.event(id) }
    }

    public func claimDue(
        _ subscription: SubscriptionID, limit: Int, now: Instant, by incarnation: Incarnation
    ) async throws(StoreError) -> Claim {
        try await pass { () throws(StoreError) in
            try await store.claimDue(subscription, limit: limit, now: now, by: incarnation)
        }
    }

    public func record(_ results: [Settlement], by incarnation: Incarnation) async throws(StoreError) {
        try await pass { () throws(StoreError) in try await store.record(results, by: incarnation) }
    }

    public func leases(of incarnation: Incarnation) async throws(StoreError) -> [DeliveryID] {
        try await pass { () throws(StoreError) in try await store.leases(of: incarnation) }
    }

    public func due() async throws(StoreError) -> [Due] {
        try await pass { () throws(StoreError) in try await store.due() }
    }

    public func retry(_ delivery: DeliveryID, at now: Instant, audited: AuditEntry?) async throws(StoreError) {
        try await pass { () throws(StoreError) in try await store.retry(delivery, at: now, audited: audited) }
    }

    public func cancel(_ delivery: DeliveryID, audited: AuditEntry?) async throws(StoreError) {
        try await pass { () throws(StoreError) in try await store.cancel(delivery, audited: audited) }
    }

    public func begin(at now: Instant) async throws(StoreError) -> Incarnation {
        try await pass { () throws(StoreError) in try await store.begin(at: now) }
    }

    public func beat(_ incarnation: Incarnation, at now: Instant) async throws(StoreError) {
        try await pass { () throws(StoreError) in try await store.beat(incarnation, at: now) }
    }

    public func end(_ incarnation: Incarnation, at now: Instant) async throws(StoreError) {
        try await pass { () throws(StoreError) in try await store.end(incarnation, at: now) }
    }

    public func rescueOrphaned(
        heardBefore deadline: Instant, now: Instant, survivor: Incarnation
    ) async throws(StoreError) -> Int {
        try await pass { () throws(StoreError) in
            try await store.rescueOrphaned(heardBefore: deadline, now: now, survivor: survivor)
        }
    }

    public func directory() async throws(StoreError) -> Directory {
        try await pass { () throws(StoreError) in try await store.directory() }
    }

    public func keys() async throws(StoreError) -> [Key] {
        try await pass { () throws(StoreError) in try await store.keys() }
    }

    public func triggers() async throws(StoreError) -> [Trigger] {
        try await pass { () throws(StoreError) in try await store.triggers() }
    }

    public func apply(_ change: Change, telling tidings: Tidings?) async throws(StoreError) -> [Appended] {
        try await pass { () throws(StoreError) in try await store.apply(change, telling: tidings) }
    }

    public func command(of asker: String, repetitionKey: String) async throws(StoreError) -> DoorCommand? {
        try await pass { () throws(StoreError) in
            try await store.command(of: asker, repetitionKey: repetitionKey)
        }
    }

    public func lostCommands(limit: Int) async throws(StoreError) -> [DoorCommand] {
        try await pass { () throws(StoreError) in try await store.lostCommands(limit: limit) }
    }

    public func subscriptions() async throws(StoreError) -> [StoredSubscription] {
        try await pass { () throws(StoreError) in try await store.subscriptions() }
    }

    @discardableResult
    public func add(_ subscription: StoredSubscription, audited: AuditEntry?) async throws(StoreError) -> Int64 {
        await beforeAdding?()
        return try await pass { () throws(StoreError) in try await store.add(subscription, audited: audited) }
    }

    public func change(
        _ subscription: StoredSubscription, telling tidings: Tidings?, audited: AuditEntry?
    ) async throws(StoreError) -> [Appended] {
        try await pass { () throws(StoreError) in
            try await store.change(subscription, telling: tidings, audited: audited)
        }
    }

    public func delete(_ id: SubscriptionID, at now: Instant, audited: AuditEntry?) async throws(StoreError) {
        try await pass { () throws(StoreError) in try await store.delete(id, at: now, audited: audited) }
    }

    public func deliveries(_ filter: DeliveryFilter) async throws(StoreError) -> [Delivery] {
        try await pass { () throws(StoreError) in try await store.deliveries(filter) }
    }

    public func bringForward(
        by duration: Duration, of subscription: SubscriptionID, now: Instant
    ) async throws(StoreError) -> Int {
        try await pass { () throws(StoreError) in
            try await store.bringForward(by: duration, of: subscription, now: now)
        }
    }

    public func outlines(
        of deliveries: [DeliveryID]
    ) async throws(StoreError) -> [DeliveryID: DeliveryOutline] {
        try await pass { () throws(StoreError) in try await store.outlines(of: deliveries) }
    }

    public func delivery(
        _ id: DeliveryID
    ) async throws(StoreError) -> (delivery: Delivery, attempts: [Attempt])? {
        try await pass { () throws(StoreError) in try await store.delivery(id) }
    }

    public func feed(_ filter: FeedFilter) async throws(StoreError) -> FeedSlice {
        try await pass { () throws(StoreError) in try await store.feed(filter) }
    }

    public func odometers(
        of subscriptions: [SubscriptionID]
    ) async throws(StoreError) -> [SubscriptionID: Int64] {
        try await pass { () throws(StoreError) in try await store.odometers(of: subscriptions) }
    }

    @discardableResult
    public func foldOdometers(limit: Int) async throws(StoreError) -> Int {
        try await pass { () throws(StoreError) in try await store.foldOdometers(limit: limit) }
    }

    public func keyUses() async throws(StoreError) -> [KeyID: Instant] {
        try await pass { () throws(StoreError) in try await store.keyUses() }
    }

    public func keep(_ uses: [KeyID: Instant]) async throws(StoreError) {
        try await pass { () throws(StoreError) in try await store.keep(uses) }
    }

    public func add(_ session: StoredSession, at now: Instant, audited: AuditEntry?) async throws(StoreError) {
        try await pass { () throws(StoreError) in try await store.add(session, at: now, audited: audited) }
    }

    public func session(_ hash: [UInt8]) async throws(StoreError) -> StoredSession? {
        try await pass { () throws(StoreError) in try await store.session(hash) }
    }

    public func numbers(of names: [Numbers.Name]) async throws(StoreError) -> [Int64] {
        try await pass { () throws(StoreError) in try await store.numbers(of: names) }
    }

    public func removeSession(_ hash: [UInt8]) async throws(StoreError) {
        try await pass { () throws(StoreError) in try await store.removeSession(hash) }
    }

    public func backlog() async throws(StoreError) -> Backlog {
        try await pass { () throws(StoreError) in try await store.backlog() }
    }

    public func tokenKeys() async throws(StoreError) -> [TokenKey] {
        try await pass { () throws(StoreError) in try await store.tokenKeys() }
    }

    public func add(_ key: TokenKey) async throws(StoreError) {
        try await pass { () throws(StoreError) in try await store.add(key) }
    }

    public func removeTokenKeys(olderThan instant: Instant) async throws(StoreError) {
        try await pass { () throws(StoreError) in try await store.removeTokenKeys(olderThan: instant) }
    }

    public func audit(_ filter: AuditFilter) async throws(StoreError) -> [AuditRecord] {
        try await pass { () throws(StoreError) in try await store.audit(filter) }
    }

    public func note(_ entries: [AuditEntry]) async throws(StoreError) {
        try await pass { () throws(StoreError) in try await store.note(entries) }
    }

    public func proveAudit(knowing link: [UInt8]?) async throws(StoreError) -> AuditProof {
        try await pass { () throws(StoreError) in try await store.proveAudit(knowing: link) }
    }

    public func isReady() async -> Bool {
        (try? await pass { () throws(StoreError) in await store.isReady() }) ?? false
    }

    public func close() async { await store.close() }
}

extension FaultyStore {
    /// Says that all is well, and commits a little later. The deliveries wait in the store: nobody knows their numbers
    /// yet.
    private func appendLater(_ entries: [Entry], by incarnation: Incarnation) -> [Appended] {
        let waiting = entries.map { entry in
            Entry(entry.admitted, owed: entry.owed.map { Entry.Owed($0.subscription, isBornLeased: false) })
        }
        Task { [store] in
            try? await Task.sleep(for: .milliseconds(50))
            _ = try? await store.append(waiting, by: incarnation)
        }
        return entries.map { entry in
            Appended(
                event: entry.admitted.event.id, position: EventPosition(0), deliveries: [], owed: entry.owed.count,
                isDuplicate: false)
        }
    }
}
