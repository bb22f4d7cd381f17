import GatehouseCore
import Synchronization

/// A store in memory, as far as the server asks: small and honest, with one switch that takes it away.
final class MemoryStore: DirectoryStore, SubscriptionStore, HistoryStore, DeliveryStore, ReplayStore, EventStore,
    FeedStore, Sendable
{
    struct State {
        var isAway = false
        var directory = Directory()
        var keys: [KeyID: Key] = [:]
        var uses: [KeyID: Instant] = [:]
        var triggers: [TriggerID: Trigger] = [:]
        var subscriptions: [SubscriptionID: StoredSubscription] = [:]
        var integrations: [Integration.Name: Integration] = [:]
        var deliveries: [(delivery: Delivery, organization: OrganizationID)] = []
        var attempts: [DeliveryID: [Attempt]] = [:]
        var health: [SubscriptionID: SubscriptionHealth] = [:]
        var untold: [SubscriptionID: [UntoldAlarms]] = [:]
        var backlog = Backlog(waiting: 0, leased: 0, oldest: nil)
        var cancelled: [SubscriptionID] = []
        var events: [EventID: Event] = [:]
        var audit: [AuditEntry] = []
        var feed: [Event] = []
        var prunedUpTo: Int64 = 0
        var erasures: [Erasure] = []
        var sessions: [[UInt8]: StoredSession] = [:]
        var sessionRemovals = 0
        var tokenKeys: [TokenKey] = []
        var tokenKeyReads = 0
    }

    private let state = Mutex(State())

    func change<Result>(_ change: (inout State) -> Result) -> Result {
        state.withLock { change(&$0) }
    }

    func transaction<Result: Sendable>(
        _ work: (inout State) -> Swift.Result<Result, StoreError>
    ) throws(StoreError) -> Result {
        let result: Swift.Result<Result, StoreError> = state.withLock { state in
            state.isAway ? .failure(.unavailable("switched off")) : work(&state)
        }
        return try result.get()
    }

    func directory() async throws(StoreError) -> Directory { try transaction { .success($0.directory) } }

    func keys() async throws(StoreError) -> [Key] { try transaction { .success(Array($0.keys.values)) } }

    func apply(_ change: Change, telling tidings: Tidings?) async throws(StoreError) -> [Appended] {
        try transaction { state in
            if let refusal = MemoryRules.refusal(of: change, in: state) { return .failure(refusal) }
            state.directory.follow(change)
            state.note(change.audited)
            if case .key(let key) = change.subject { state.keys[key.id] = change.deed == .remove ? nil : key }
            if case .trigger(let trigger) = change.subject {
                state.triggers[trigger.id] = change.deed == .remove ? nil : trigger
            }
            return .success([])
        }
    }

    func triggers() async throws(StoreError) -> [Trigger] { try transaction { .success(Array($0.triggers.values)) } }

    func subscriptions() async throws(StoreError) -> [StoredSubscription] {
        try transaction { .success(Array($0.subscriptions.values)) }
    }

    func add(_ subscription: StoredSubscription, audited: AuditEntry?) async throws(StoreError) -> Int64 {
        try transaction { state -> Swift.Result<Int64, StoreError> in
            guard state.subscriptions[subscription.identity.id] == nil else {
                return .failure(.conflict(index: nil, "the subscription is there already"))
            }
            if let other = MemoryRules.sameURL(as: subscription, in: state) { return .failure(.urlTaken(by: other)) }
            state.subscriptions[subscription.identity.id] = subscription
            state.note(audited)
            return .success(Int64(state.subscriptions.count))
        }
    }

    func change(
        _ subscription: StoredSubscription, telling tidings: Tidings?, audited: AuditEntry?
    ) async throws(StoreError) -> [Appended] {
        try transaction { state -> Swift.Result<[Appended], StoreError> in
            guard let present = state.subscriptions[subscription.identity.id] else { return .failure(.missing) }
            guard present.revision + 1 == subscription.revision else {
                return .failure(.conflict(index: nil, "the subscription changed meanwhile"))
            }
            if let other = MemoryRules.sameURL(as: subscription, in: state) { return .failure(.urlTaken(by: other)) }
            state.subscriptions[subscription.identity.id] = subscription
            state.note(audited)
            return .success([])
        }
    }

    func delete(_ id: SubscriptionID, at now: Instant, audited: AuditEntry?) async throws(StoreError) {
        try transaction { state -> Swift.Result<Void, StoreError> in
            guard state.subscriptions.removeValue(forKey: id) != nil else { return .failure(.missing) }
            state.note(audited)
            return .success(())
        }
    }

    func deliveries(_ filter: DeliveryFilter) async throws(StoreError) -> [Delivery] {
        try transaction { state in
            let found = state.deliveries.filter { delivery, organization in
                (filter.subscription ?? delivery.subscription) == delivery.subscription
                    && (filter.event ?? delivery.event) == delivery.event
                    && (filter.state ?? delivery.state.name) == delivery.state.name
                    && (filter.organizations?.contains(organization) ?? true)
                    && (filter.before.map { delivery.id < $0 } ?? true)
                    && (filter.since.map { delivery.created >= $0 } ?? true)
                    && (filter.until.map { delivery.created < $0 } ?? true)
                    && (filter.kinds == .all || state.events[delivery.event].map { filter.kinds.wants($0) } ?? false)
                    && (filter.doors.map { doors in
                        state.events[delivery.event].map { $0.isAt(oneOf: doors) } ?? false
                    } ?? true)
                    && (filter.outcome.map { $0 == state.attempts[delivery.id]?.last?.outcome.word } ?? true)
            }
            let sorted = found.map(\.delivery).sorted { $0.id > $1.id }
            return .success(Array(sorted.prefix(filter.limit)))
        }
    }

    func outlines(of deliveries: [DeliveryID]) async throws(StoreError) -> [DeliveryID: DeliveryOutline] {
        try transaction { state in
            let outlines = state.deliveries.filter { deliveries.contains($0.delivery.id) }.map { found, _ in
                let event = state.events[found.event]
                let last = state.attempts[found.id]?.last.map {
                    DeliveryOutline.LastAttempt(
                        started: $0.started, outcome: $0.outcome.word, status: $0.outcome.status)
                }
                return (
                    found.id,
                    DeliveryOutline(
                        kind: event?.kind.name ?? "door.opened", door: event?.toldDoor, doorName: event?.toldDoorName,
                        last: last)
                )
            }
            return .success(Dictionary(outlines, uniquingKeysWith: { first, _ in first }))
        }
    }

    func delivery(_ id: DeliveryID) async throws(StoreError) -> (delivery: Delivery, attempts: [Attempt])? {
        try transaction { state in
            .success(
                state.deliveries.first { $0.delivery.id == id }.map { ($0.delivery, state.attempts[id] ?? []) })
        }
    }

    func odometers(
        of subscriptions: [SubscriptionID]
    ) async throws(StoreError) -> [SubscriptionID: Int64] {
        try transaction { state in
            let counts = subscriptions.map { id in
                (id, Int64(state.deliveries.count { $0.delivery.subscription == id }))
            }
            return .success(Dictionary(counts, uniquingKeysWith: { first, _ in first }))
        }
    }

    func backlog() async throws(StoreError) -> Backlog { try transaction { .success($0.backlog) } }

    func isReady() async -> Bool { change { !$0.isAway } }

    func retry(_ delivery: DeliveryID, at now: Instant, audited: AuditEntry?) async throws(StoreError) {
        try move(delivery, from: [.waiting, .dead], to: .waiting(until: now), audited)
    }

    func cancel(_ delivery: DeliveryID, audited: AuditEntry?) async throws(StoreError) {
        try move(delivery, from: [.waiting, .dead], to: .cancelled(.requested), audited)
    }

    private func move(
        _ id: DeliveryID, from states: Set<DeliveryState.Name>, to next: DeliveryState,
        _ audited: AuditEntry?
    ) throws(StoreError) {
        try transaction { state -> Swift.Result<Void, StoreError> in
            guard let place = state.deliveries.firstIndex(where: { $0.delivery.id == id }) else {
                return .failure(.missing)
            }
            let old = state.deliveries[place].delivery
            guard states.contains(old.state.name) else { return .failure(.conflict(index: nil, "it stays as it is")) }
            state.deliveries[place].delivery = Delivery(
                id: id, owing: (old.event, old.subscription), lane: old.lane, state: next, attempts: old.attempts,
                created: old.created, isReplay: old.isReplay)
            state.note(audited)
            return .success(())
        }
    }

    // What the delivery room asks; the server must not.
    func bringForward(
        by duration: Duration, of subscription: SubscriptionID, now: Instant
    ) async throws(StoreError) -> Int { throw .missing }
    func claimDue(
        _ subscription: SubscriptionID, limit: Int, now: Instant, by incarnation: Incarnation
    ) async throws(StoreError) -> Claim { throw .missing }
    func record(_ results: [Settlement], by incarnation: Incarnation) async throws(StoreError) { throw .missing }
    func leases(of incarnation: Incarnation) async throws(StoreError) -> [DeliveryID] { throw .missing }
    func due() async throws(StoreError) -> [Due] { throw .missing }
    func append(
        _ entries: [Entry], by incarnation: Incarnation
    ) async throws(StoreError) -> [Appended] { throw .missing }
    func event(_ id: EventID) async throws(StoreError) -> Event? { try transaction { .success($0.events[id]) } }
}
