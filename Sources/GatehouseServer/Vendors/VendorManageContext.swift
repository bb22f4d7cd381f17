internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes
internal import Synchronization

/// The access of one dialect's manage API: its own subscriptions, in the organizations that the caller reaches.
struct VendorManageContext: ManageContext {
    let dialect: DialectName
    let services: VendorServices
    /// The caller, and the time.
    let author: Author
    /// The organization that the request's header names.
    let chosen: OrganizationID?
    /// Whether the caller uses a secret URL: it finds its own subscriptions by their URLs, and gets no list.
    var isTrigger = false
    /// Collects warnings for the caller about what it set.
    let warnings = GatheredWarnings()

    var caller: Key { author.key }
    var now: Instant { author.now }

    func home() throws(ValidationError) -> Organization {
        if let id = chosen ?? caller.organization { return try organization(id) }
        let tops = services.directory.directory.organizations.values.filter { $0.parent == nil }
        guard let only = tops.first, tops.count == 1 else {
            throw ValidationError(
                .malformed, field: "gatehouse-organization",
                "the key stands above all organizations: say which one by the header gatehouse-organization")
        }
        return only
    }

    func organization(_ id: OrganizationID) throws(ValidationError) -> Organization {
        let directory = services.directory.directory
        // An unknown organization and one that the key does not reach get the same answer, so that nothing is revealed.
        guard caller.reaches(id, in: directory) else {
            throw ValidationError(.forbidden, "the key does not reach the organization \(id)")
        }
        guard let organization = directory.organizations[id] else {
            throw ValidationError(.notFound, "there is no organization \(id)")
        }
        return organization
    }

    func doors(of organization: Organization) -> [(door: Door, panel: Panel)] {
        let directory = services.directory.directory
        return directory.doors.values
            .filter { $0.organization == organization.id }
            .compactMap { door in directory.panel(door.panel, in: organization.id).map { (door, $0) } }
            .sorted { ($0.panel.id.text, $0.door.number) < ($1.panel.id.text, $1.door.number) }
    }

    /// Vendors' callers send no repetition key, so every request is a new command.
    func unlock(_ door: Door) async throws -> CommandOutcome {
        let commanded = try await services.commander.unlock(door, for: author.asker, repetitionKey: nil)
        guard case .ended(let command) = commanded, let ended = command.ended else {
            return CommandOutcome(.unknown, "the door was not told")
        }
        return ended.outcome
    }

    func numbers(of names: [Numbers.Name]) async throws -> [Int64] {
        try await services.store.numbers(of: names)
    }

    func clear(_ subscription: Subscription) async throws {
        try await services.subscriptions.clear(subscription, author: author)
    }

    func subscriptions(of organization: Organization) -> [Subscription] {
        let found = services.registry.index.all
            .filter { $0.organization == organization.id && $0.terms.dialect == dialect }
            .sorted { ($0.created, $0.id.text) < ($1.created, $1.id.text) }
        return found.map { isWhole($0) ? $0 : $0.masked }
    }

    /// Whether the caller gets a subscription with the credentials for its receiver: it may manage it, and may see as
    /// much of events as the receiver gets.
    private func isWhole(_ subscription: Subscription) -> Bool {
        guard caller.role.allows(.manage) else { return false }
        return isTrigger || caller.leastStrictLevel <= subscription.terms.privacyLevel
    }

    /// The stored subscription of one that the caller may have got masked: a masked one is only for showing.
    private func whole(_ handed: Subscription) -> Subscription {
        isWhole(handed) ? handed : services.registry.index[handed.id] ?? handed
    }

    /// The stored subscription of a delivery; nil if it was deleted.
    private func subscription(_ delivery: Delivery) -> Subscription? {
        services.registry.index[delivery.subscription]
    }

    func add(_ terms: JSONObject, to organization: Organization, url rule: URLRule) async throws -> NewSubscription {
        var object = terms
        object["dialect"] = .string(dialect.text)
        do {
            let made = try await services.subscriptions.create(
                object, id: nil, in: organization.id, url: rule, author: author)
            warnings.add(made.warnings)
            return made
        } catch {
            if case .urlTaken(let other) = error as? StoreError, services.registry.index[other] == nil {
                try await services.registry.refresh()
            }
            throw error
        }
    }

    func change(
        _ subscription: Subscription, url rule: URLRule, by terms: (Subscription) throws -> JSONObject
    ) async throws {
        guard caller.role.allows(.manage) else {
            throw ValidationError(.forbidden, "the key may not change subscriptions")
        }
        let updated = try await services.subscriptions.update(
            whole(subscription), url: rule, wokenByActive: true, author: author
        ) { present in
            var terms = try terms(isWhole(present) ? present : present.masked)
            // A held subscription is shown as inactive, and a client that writes back what it read wants no change. An
            // inactive subscription would lose all its held deliveries.
            if terms["active"] == false, present.isActive, !present.isDelivering(at: now) { terms["active"] = nil }
            return terms
        }
        warnings.add(services.subscriptions.warn(of: updated.after) { updated.body[$0] != nil })
    }

    func delete(_ subscription: Subscription) async throws {
        try await services.subscriptions.delete(subscription, author: author)
    }

    func odometers(of subscriptions: [Subscription]) async throws -> [SubscriptionID: Int64] {
        try await services.store.odometers(of: subscriptions.map(\.id))
    }

    func deliveries(of subscription: Subscription, before: DeliveryID?, limit: Int) async throws -> DeliverySlice {
        var filter = DeliveryFilter(limit: limit)
        filter.subscription = subscription.id
        filter.before = before
        return try await services.store.deliveries(filter)
    }

    func delivery(formerly number: Int64) async throws -> DeliveryID? {
        try await services.store.delivery(formerly: number)
    }

    func delivery(
        _ id: DeliveryID, of subscriptions: [Subscription]
    ) async throws -> (delivery: Delivery, attempts: [Attempt])? {
        guard let found = try await services.store.delivery(id),
            subscriptions.contains(where: { $0.id == found.delivery.subscription })
        else { return nil }
        services.reads.note(.storedBodies, by: author)
        let terms = subscription(found.delivery)?.terms
        return (found.delivery, found.attempts.map { $0.readable(at: caller.privacyLevel, of: terms) })
    }

    func event(of delivery: Delivery) async throws -> Event? {
        let level = max(caller.privacyLevel, subscription(delivery)?.terms.privacyLevel ?? .everything)
        guard let event = try await services.store.event(delivery.event) else { return nil }
        return try await services.pages.run(on: event.weight) { event.readable(at: level) }
    }

    func test(_ subscription: Subscription) async throws -> TestDelivery? {
        try await services.subscriptions.test(whole(subscription))
    }
}

/// Warnings for a vendor's caller about what one request set. No contract has a place for them in its bodies, so they
/// go into the answer's header fields.
final class GatheredWarnings: Sendable {
    private let sentences = Mutex<[String]>([])

    func add(_ more: [String]) { sentences.withLock { $0 += more } }

    /// `gatehouse-warning`, if there are warnings.
    var fields: HTTPFields {
        let told = sentences.withLock { $0 }
        return told.isEmpty ? [:] : [.warning: told.joined(separator: "; ")]
    }
}

extension HTTPField.Name {
    fileprivate static let warning = constant("gatehouse-warning")
}
