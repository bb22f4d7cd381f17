package import GatehouseCore

/// The subscriptions as the gateway knows them, and the one way to change them. Who must act on a change hears of it by
/// ``Hint/subscriptionChanged(_:)``.
package final class SubscriptionRegistry: Sendable {
    private let store: any SubscriptionStore
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
        self.store = store
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

    /// Adds a subscription that belongs to no integration durably, with its line of the audit.
    ///
    /// - Throws: what ``add(_:as:audited:)`` throws.
    package func add(
        _ identity: Subscription.Identity, _ terms: Terms, url: URLRule = .shared, audited: AuditEntry? = nil
    ) async throws(StoreError) -> Subscription {
        try await add(Subscription.Draft(identity, terms, url: url), audited: audited)
    }

    /// Adds a subscription durably, with its line of the audit, and with the integration that it founds where its
    /// contract has such.
    ///
    /// - Throws: ``StoreError/conflict(index:_:)`` where the id is taken or the integration is not as the membership
    ///   says, ``StoreError/urlTaken(by:)`` where the rule is broken.
    package func add(
        _ draft: Subscription.Draft, as membership: Integration.Membership? = nil, audited: AuditEntry? = nil
    ) async throws(StoreError) -> Subscription {
        let asked = factory.make(draft, number: draft.identity.number, in: membership?.integration.id)
        let stored = factory.stored(asked, draft.url)
        guard let membership else {
            return try await registry.changeOne { () throws(StoreError) in
                factory.make(draft, number: try await store.add(stored, audited: audited), in: nil)
            } following: { table, subscription in
                table.put([subscription])
            }
        }
        return try await registry.change { _ throws(StoreError) in
            let number = try await store.add(stored, as: membership, audited: audited)
            return factory.make(draft, number: number, in: membership.integration.id)
        } following: { table, subscription in
            table.keep(membership.integration)
            return table.put([subscription])
        }
    }

    /// Replaces the terms of a subscription durably, or its hold, with its line of the audit, where the rule of its URL
    /// allows.
    ///
    /// - Throws: ``StoreError/missing`` where it is gone, ``StoreError/conflict(index:_:)`` where it changed since
    ///   `present`, ``StoreError/urlTaken(by:)`` where the rule is broken.
    package func change(
        _ present: Subscription, terms: Terms? = nil, hold: Subscription.Hold? = nil, url rule: URLRule = .shared,
        audited: AuditEntry? = nil
    ) async throws(StoreError) -> Subscription {
        let next = factory.next(after: present, terms: terms, hold: hold)
        return try await registry.changeOne { () throws(StoreError) in
            _ = try await store.change(factory.stored(next, rule), events: nil, audited: audited)
            return next
        } following: { table, next in
            table.replace([next])
        }
    }

    /// Disables a subscription durably, with the events that tell of it and its line of the audit: all or nothing.
    ///
    /// - Returns: what became of the events.
    /// - Throws: what ``change(_:terms:hold:url:audited:)`` throws; then no event is committed.
    package func disable(
        _ present: Subscription, events: ChangeEvents, audited: AuditEntry? = nil
    ) async throws(StoreError) -> [Appended] {
        let next = factory.next(after: present, hold: .disabled)
        return try await registry.changeOne { () throws(StoreError) in
            try await store.change(factory.stored(next), events: events, audited: audited)
        } following: { table, _ in
            table.replace([next])
        }
    }

    /// Replaces the secrets of an integration and of all its subscriptions, durably and in one commit. What joins it
    /// meanwhile has its turn before or after, so that none is left behind.
    ///
    /// - Parameter terms: those of a subscription with the secret that is in force from now on.
    /// - Returns: the subscriptions as they are after it.
    /// - Throws: what ``SubscriptionStore/rotate(_:changing:audited:)`` throws; then every secret is as it was, or the
    ///   memory has followed the store.
    package func rotate(
        _ integration: Integration, audited: AuditEntry? = nil, terms: @Sendable (Subscription) -> Terms
    ) async throws(StoreError) -> [Subscription] {
        do throws(StoreError) {
            return try await registry.change { table throws(StoreError) -> [Subscription] in
                let next = table.members(of: integration.name).map { factory.next(after: $0, terms: terms($0)) }
                try await store.rotate(integration, changing: next.map { factory.stored($0) }, audited: audited)
                return next
            } following: { table, next in
                table.keep(integration)
                return table.put(next)
            }
        } catch {
            // It may have come about, its answer alone lost: then the memory would be behind for ever.
            try? await refresh()
            throw error
        }
    }

    /// Deletes a subscription durably; what waits for it is cancelled in the same commit.
    ///
    /// - Throws: ``StoreError/missing`` where it is gone.
    package func delete(
        _ id: SubscriptionID, at now: Instant, audited: AuditEntry? = nil
    ) async throws(StoreError) {
        try await registry.changeOne { () throws(StoreError) in
            try await store.delete(id, at: now, audited: audited)
        } following: { table, _ in
            table.index.remove(id)
            return [id]
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
