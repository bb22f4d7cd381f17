import GatehouseCore
import Synchronization

/// A store in memory, as far as the server asks: small and honest, with one switch that takes it away.
final class MemoryStore: DirectoryStore, KeyStore, SubscriptionStore, HistoryStore, DeliveryStore, EventStore, Sendable
{
    struct State {
        var isAway = false
        var directory = Directory()
        var keys: [KeyID: Key] = [:]
        var subscriptions: [SubscriptionID: StoredSubscription] = [:]
        var deliveries: [(delivery: Delivery, organization: OrganizationID)] = []
        var attempts: [DeliveryID: [Attempt]] = [:]
        var backlog = Backlog(waiting: 0, leased: 0, oldest: nil)
        var cancelled: [SubscriptionID] = []
        var events: [EventID: Event] = [:]
    }

    private let state = Mutex(State())

    func change<Result>(_ change: (inout State) -> Result) -> Result {
        state.withLock { change(&$0) }
    }

    private func transaction<Result: Sendable>(
        _ work: (inout State) -> Swift.Result<Result, StoreError>
    ) throws(StoreError) -> Result {
        let result: Swift.Result<Result, StoreError> = state.withLock { state in
            state.isAway ? .failure(.unavailable("switched off")) : work(&state)
        }
        return try result.get()
    }

    func directory() async throws(StoreError) -> Directory { try transaction { .success($0.directory) } }

    func add(_ organization: Organization) async throws(StoreError) {
        try transaction { state -> Swift.Result<Void, StoreError> in
            guard state.directory.organizations[organization.id] == nil else {
                return .failure(.conflict(index: nil, "the organization \(organization.id) is there already"))
            }
            return .success(state.directory.put(organization))
        }
    }

    func add(_ panel: Panel) async throws(StoreError) {
        try transaction { state -> Swift.Result<Void, StoreError> in
            guard state.directory.panel(panel.id, in: panel.organization) == nil else {
                return .failure(.conflict(index: nil, "the panel \(panel.id) is there already"))
            }
            return .success(state.directory.put(panel))
        }
    }

    func add(_ door: Door) async throws(StoreError) {
        try transaction { state -> Swift.Result<Void, StoreError> in
            let sameNumber = state.directory.doors.values.contains {
                $0.organization == door.organization && $0.panel == door.panel && $0.number == door.number
            }
            guard state.directory.door(door.id, in: door.organization) == nil, !sameNumber else {
                return .failure(.conflict(index: nil, "the door \(door.id) or its number is there already"))
            }
            return .success(state.directory.put(door))
        }
    }

    func keys() async throws(StoreError) -> [Key] { try transaction { .success(Array($0.keys.values)) } }

    func add(_ key: Key) async throws(StoreError) {
        try transaction { .success($0.keys[key.id] = key) }
    }

    func change(_ organization: Organization) async throws(StoreError) {
        try transaction { state -> Swift.Result<Void, StoreError> in
            guard state.directory.organizations[organization.id] != nil else { return .failure(.missing) }
            return .success(state.directory.put(organization))
        }
    }

    func change(_ panel: Panel) async throws(StoreError) {
        try transaction { state -> Swift.Result<Void, StoreError> in
            guard state.directory.panel(panel.id, in: panel.organization) != nil else { return .failure(.missing) }
            return .success(state.directory.put(panel))
        }
    }

    func change(_ door: Door) async throws(StoreError) {
        try transaction { state -> Swift.Result<Void, StoreError> in
            let sameNumber = state.directory.doors.values.contains {
                $0.organization == door.organization && $0.panel == door.panel && $0.number == door.number
                    && $0.id != door.id
            }
            guard state.directory.door(door.id, in: door.organization) != nil else { return .failure(.missing) }
            guard !sameNumber else { return .failure(.conflict(index: nil, "the number is taken")) }
            return .success(state.directory.put(door))
        }
    }

    func remove(_ organization: OrganizationID) async throws(StoreError) {
        try transaction { state -> Swift.Result<Void, StoreError> in
            guard state.directory.organizations[organization] != nil else { return .failure(.missing) }
            let isUsed =
                state.directory.organizations.values.contains { $0.parent == organization }
                || state.directory.panels.keys.contains { $0.organization == organization }
                || state.keys.values.contains { $0.organization == organization }
                || state.subscriptions.values.contains { $0.identity.organization == organization }
            guard !isUsed else { return .failure(.conflict(index: nil, "something belongs to it")) }
            return .success(state.directory.remove(organization))
        }
    }

    func remove(_ panel: Panel) async throws(StoreError) {
        try transaction { state -> Swift.Result<Void, StoreError> in
            guard state.directory.panel(panel.id, in: panel.organization) != nil else { return .failure(.missing) }
            let hasDoors = state.directory.doors.values.contains {
                $0.organization == panel.organization && $0.panel == panel.id
            }
            guard !hasDoors else { return .failure(.conflict(index: nil, "doors hang on it")) }
            return .success(state.directory.remove(panel))
        }
    }

    func remove(_ door: Door) async throws(StoreError) {
        try transaction { state -> Swift.Result<Void, StoreError> in
            guard state.directory.door(door.id, in: door.organization) != nil else { return .failure(.missing) }
            return .success(state.directory.remove(door))
        }
    }

    func change(_ key: Key) async throws(StoreError) {
        try transaction { state -> Swift.Result<Void, StoreError> in
            guard state.keys[key.id] != nil else { return .failure(.missing) }
            return .success(state.keys[key.id] = key)
        }
    }

    func remove(_ key: KeyID) async throws(StoreError) {
        try transaction { state -> Swift.Result<Void, StoreError> in
            state.keys.removeValue(forKey: key) == nil ? .failure(.missing) : .success(())
        }
    }

    func subscriptions() async throws(StoreError) -> [StoredSubscription] {
        try transaction { .success(Array($0.subscriptions.values)) }
    }

    func add(_ subscription: StoredSubscription) async throws(StoreError) {
        try transaction { state -> Swift.Result<Void, StoreError> in
            guard state.subscriptions[subscription.identity.id] == nil else {
                return .failure(.conflict(index: nil, "the subscription is there already"))
            }
            return .success(state.subscriptions[subscription.identity.id] = subscription)
        }
    }

    func change(_ subscription: StoredSubscription) async throws(StoreError) {
        try transaction { state -> Swift.Result<Void, StoreError> in
            guard let present = state.subscriptions[subscription.identity.id] else { return .failure(.missing) }
            guard present.revision + 1 == subscription.revision else {
                return .failure(.conflict(index: nil, "the subscription changed meanwhile"))
            }
            return .success(state.subscriptions[subscription.identity.id] = subscription)
        }
    }

    func delete(_ id: SubscriptionID, at now: Instant) async throws(StoreError) {
        try transaction { state -> Swift.Result<Void, StoreError> in
            state.subscriptions.removeValue(forKey: id) == nil ? .failure(.missing) : .success(())
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
            }
            let sorted = found.map(\.delivery).sorted { $0.id > $1.id }
            return .success(Array(sorted.prefix(filter.limit)))
        }
    }

    func delivery(_ id: DeliveryID) async throws(StoreError) -> (delivery: Delivery, attempts: [Attempt])? {
        try transaction { state in
            .success(
                state.deliveries.first { $0.delivery.id == id }.map { ($0.delivery, state.attempts[id] ?? []) })
        }
    }

    func backlog() async throws(StoreError) -> Backlog { try transaction { .success($0.backlog) } }

    func isReady() async -> Bool { change { !$0.isAway } }

    func cancelWaiting(
        of subscription: SubscriptionID, _ reason: DeliveryState.CancelReason
    ) async throws(StoreError) -> Int {
        try transaction { state in
            state.cancelled.append(subscription)
            return .success(1)
        }
    }

    func retry(_ delivery: DeliveryID, at now: Instant) async throws(StoreError) {
        try move(delivery, from: [.waiting, .dead], to: .waiting(until: now))
    }

    func cancel(_ delivery: DeliveryID) async throws(StoreError) {
        try move(delivery, from: [.waiting], to: .cancelled(.requested))
    }

    private func move(
        _ id: DeliveryID, from states: Set<DeliveryState.Name>, to next: DeliveryState
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
            return .success(())
        }
    }

    // What the delivery room asks; the server must not.
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
