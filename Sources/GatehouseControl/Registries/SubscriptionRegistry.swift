package import GatehouseCore

/// The subscriptions as the gateway knows them, and the one way to change them. Who must act on a change hears of it by
/// ``Hint/subscriptionChanged(_:)``.
///
/// Each change is a ``Change`` that an intake commits, as with every other noun. What follows from the dialect is
/// computed here before the commit, so the memory takes the subscription that is already made, and not its stored form.
package final class SubscriptionRegistry: Sendable {
    private let factory: SubscriptionFactory
    private let registry: Registry<SubscriptionTable>

    /// Reads all subscriptions from the store.
    ///
    /// - Throws: ``StoreError/corrupt(_:)`` where one cannot be read or is in a dialect that this gateway does not
    ///   speak.
    package init(
        opening store: any SubscriptionStore, dialects: DialectTable, notifier: any Notifier
    ) async throws(StoreError) {
        let factory = SubscriptionFactory(dialects: dialects)
        self.factory = factory
        registry = try await Registry { () async throws(StoreError) -> SubscriptionTable in
            var table = SubscriptionTable()
            for integration in try await store.integrations() { table.keep(integration) }
            for stored in try await store.subscriptions() { table.index.put(try factory.restore(stored)) }
            return table
        }
        registry.observe { notifier.post(.subscriptionChanged($0)) }
    }

    /// The subscriptions as they are now.
    package var index: SubscriptionIndex { registry.table.index }

    /// The integration of that name; nil where the organization has none yet.
    package func integration(_ name: Integration.Name) -> Integration? { registry.table.integrations[name] }

    /// Reads the subscriptions and the integrations again, where the store may know more of them than the memory.
    ///
    /// - Throws: ``StoreError``; then they are as they were.
    package func refresh(since known: Generation? = nil) async throws(StoreError) {
        try await registry.refresh(since: known)
    }

    /// Reads again if needed, see ``Registry/settleDoubt()``.
    func settleDoubt() async throws(StoreError) { try await registry.settleDoubt() }

    // MARK: Changes

    /// Adds a subscription durably, with its audit entry, and with the integration that it founds if its contract has
    /// integrations.
    ///
    /// - Throws: ``StoreError/conflict(index:_:field:)`` if the id is taken or the integration is not as the membership
    ///   says, ``StoreError/urlTaken(by:)`` if the rule of its URL is broken.
    package func add(
        _ draft: Subscription.Draft, as membership: Integration.Membership? = nil, audited: AuditEntry? = nil,
        through intake: any ChangeIntake
    ) async throws(StoreError) -> Subscription {
        let integration = membership?.integration
        let asked = factory.make(draft, number: draft.identity.number, in: integration?.id)
        var stored = factory.stored(asked, draft.url)
        stored.membership = membership
        let change = Change(.add, .subscription(stored), audited: audited)
        guard let integration else {
            return try await registry.changeOne { () throws(StoreError) in
                try await add(draft, by: change, in: nil, through: intake)
            } following: { table, subscription in
                table.put([subscription])
            }
        }
        // A rotation of the integration has its turn before or after, so that it leaves no new member behind.
        return try await registry.change { _ throws(StoreError) in
            try await add(draft, by: change, in: integration.id, through: intake)
        } following: { table, subscription in
            table.keep(integration)
            return table.put([subscription])
        }
    }

    private func add(
        _ draft: Subscription.Draft, by change: Change, in integration: String?, through intake: any ChangeIntake
    ) async throws(StoreError) -> Subscription {
        guard let number = try await intake.commit(change).number else {
            throw .corrupt("the subscription \(draft.identity.id) was added without a number")
        }
        return factory.make(draft, number: number, in: integration)
    }

    /// Replaces the terms of a subscription durably, or its hold, with its audit entry, if the rule of its URL allows.
    ///
    /// - Throws: ``StoreError/missing`` if it is gone, ``StoreError/conflict(index:_:field:)`` if it changed since
    ///   `present`, ``StoreError/urlTaken(by:)`` if the rule is broken.
    package func change(
        _ present: Subscription, terms: Terms? = nil, hold: Subscription.Hold? = nil, url rule: URLRule = .shared,
        audited: AuditEntry? = nil, through intake: any ChangeIntake
    ) async throws(StoreError) -> Subscription {
        let next = factory.next(after: present, terms: terms, hold: hold)
        let change = Change(.change, .subscription(factory.stored(next, rule)), audited: audited)
        return try await replace(by: next, change, through: intake)
    }

    /// Disables a subscription durably, with its audit entry and the events about it: all or nothing.
    ///
    /// - Throws: ``StoreError/missing`` if it is gone, ``StoreError/conflict(index:_:field:)`` if it changed since
    ///   `present`; then no event is committed.
    package func disable(
        _ present: Subscription, audited: AuditEntry? = nil, events: [AdmittedEvent], through intake: any ChangeIntake
    ) async throws(StoreError) {
        let next = factory.next(after: present, hold: .disabled)
        let change = Change(.change, .subscription(factory.stored(next)), audited: audited, events: events)
        _ = try await replace(by: next, change, through: intake)
    }

    private func replace(
        by next: Subscription, _ change: Change, through intake: any ChangeIntake
    ) async throws(StoreError) -> Subscription {
        try await registry.changeOne { () throws(StoreError) in
            try await intake.commit(change)
            return next
        } following: { table, next in
            table.replace([next])
        }
    }

    /// Replaces the secrets of an integration and of all its subscriptions, durably and in one commit. A subscription
    /// that joins it meanwhile has its turn before or after, so that none is left behind.
    ///
    /// - Parameter terms: those of a subscription with the secret that is in force from now on.
    /// - Returns: the subscriptions as they are after it.
    /// - Throws: ``StoreError/conflict(index:_:field:)`` if the integration or a subscription changed meanwhile,
    ///   ``StoreError/missing`` if one of them is gone; then every secret is as it was, or the memory has followed the
    ///   store.
    package func rotate(
        _ integration: Integration, audited: AuditEntry? = nil, through intake: any ChangeIntake,
        terms: @Sendable (Subscription) -> Terms
    ) async throws(StoreError) -> [Subscription] {
        do throws(StoreError) {
            return try await registry.change { table throws(StoreError) -> [Subscription] in
                let next = table.members(of: integration.name).map { factory.next(after: $0, terms: terms($0)) }
                let members = next.map { factory.stored($0) }
                try await intake.commit(
                    Change(.change, .integration(integration, members: members), audited: audited))
                return next
            } following: { table, next in
                table.keep(integration)
                return table.put(next)
            }
        } catch {
            // The change may have been made, and only its answer was lost: then the memory would be behind for ever.
            try? await refresh()
            throw error
        }
    }

    /// Deletes a subscription durably, also one that changed since; what waits for it is cancelled in the same commit.
    ///
    /// - Throws: ``StoreError/missing`` if it is gone.
    package func delete(
        _ subscription: Subscription, at now: Instant, audited: AuditEntry? = nil, through intake: any ChangeIntake
    ) async throws(StoreError) {
        var stored = factory.stored(subscription)
        stored.deleted = now
        let change = Change(.remove, .subscription(stored), audited: audited)
        _ = try await registry.changeOne { () throws(StoreError) in
            try await intake.commit(change)
        } following: { table, _ in
            table.index.remove(subscription.id)
            return [subscription.id]
        }
    }
}

/// All subscriptions, and what those of an organization share.
struct SubscriptionTable: RegistryTable {
    var index = SubscriptionIndex()
    private(set) var integrations: [Integration.Name: Integration] = [:]

    /// Takes an integration in, unless it is older than the one that is here.
    mutating func keep(_ integration: Integration) {
        if let present = integrations[integration.name], present.revision > integration.revision { return }
        integrations[integration.name] = integration
    }

    /// Takes subscriptions in, and names them.
    mutating func put(_ subscriptions: [Subscription]) -> [SubscriptionID] {
        for subscription in subscriptions { index.put(subscription) }
        return subscriptions.map(\.id)
    }

    /// Replaces those subscriptions that are here, by later revisions, and names all. One that was deleted meanwhile
    /// does not come back.
    mutating func replace(_ subscriptions: [Subscription]) -> [SubscriptionID] {
        for subscription in subscriptions where index[subscription.id] != nil { index.put(subscription) }
        return subscriptions.map(\.id)
    }

    /// The subscriptions that belong to an integration.
    func members(of name: Integration.Name) -> [Subscription] {
        index.all.filter { name == Integration.Name($0.organization, $0.terms.dialect) }
    }

    mutating func replace(by stored: SubscriptionTable) -> [SubscriptionID] {
        let changed = stored.index.all.filter { index[$0.id]?.revision != $0.revision }.map(\.id)
        let gone = index.all.filter { stored.index[$0.id] == nil }.map(\.id)
        self = stored
        return changed + gone
    }
}

/// Makes subscriptions of what the store keeps and of what their owners set: what follows from the dialect is worked
/// out here.
struct SubscriptionFactory: Sendable {
    let dialects: DialectTable

    /// A new subscription with the number that the store gave it.
    func make(_ draft: Subscription.Draft, number: Int64, in integration: String?) -> Subscription {
        let asked = draft.identity
        let identity = Subscription.Identity(
            id: asked.id, organization: asked.organization, created: asked.created, maker: asked.maker,
            number: number, integration: integration)
        return make(identity, draft.terms, hold: .none, revision: 1)
    }

    /// The next revision of a subscription.
    func next(after present: Subscription, terms: Terms? = nil, hold: Subscription.Hold? = nil) -> Subscription {
        make(present.identity, terms ?? present.terms, hold: hold ?? present.hold, revision: present.revision + 1)
    }

    /// The subscription as the store keeps it.
    func stored(_ subscription: Subscription, _ url: URLRule = .shared) -> StoredSubscription {
        var stored = StoredSubscription(
            identity: subscription.identity, terms: subscription.terms.stored, hold: subscription.hold,
            revision: subscription.revision)
        stored.urlRule = url
        return stored
    }

    func restore(_ stored: StoredSubscription) throws(StoreError) -> Subscription {
        guard let terms = Terms(stored: stored.terms) else {
            throw .corrupt("the terms of subscription \(stored.identity.id) cannot be read")
        }
        guard dialects[terms.dialect] != nil else {
            throw .corrupt("subscription \(stored.identity.id) is in the dialect \(terms.dialect), unknown here")
        }
        return make(stored.identity, terms, hold: stored.hold, revision: stored.revision)
    }

    private func make(
        _ identity: Subscription.Identity, _ terms: Terms, hold: Subscription.Hold, revision: Int64
    ) -> Subscription {
        let traits = dialects[terms.dialect].map { Subscription.DialectTraits(of: $0, for: terms) }
        return Subscription(
            identity, terms: terms, hold: hold, revision: revision,
            traits: traits ?? Subscription.DialectTraits(sayable: KindSet([])))
    }
}
