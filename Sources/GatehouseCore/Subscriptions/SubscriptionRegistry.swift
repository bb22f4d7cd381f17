import Synchronization

/// The subscriptions as the gateway knows them, and the one way to change them: the store first, then the memory, then
/// whoever must act on it.
public final class SubscriptionRegistry: Sendable {
    /// Told of each subscription that was added, changed or deleted, after the fact.
    public typealias Observer = @Sendable (SubscriptionID) -> Void

    private let store: any SubscriptionStore
    private let dialects: DialectTable
    private let live = Snapshot(SubscriptionIndex())
    private let shared = Snapshot<[Integration.Name: Integration]>([:])
    /// For joining an integration and for changing it.
    private let turns = AsyncMutex()
    private let observer = Mutex<Observer?>(nil)

    /// Reads all subscriptions from the store.
    ///
    /// - Throws: ``StoreError/corrupt(_:)`` where one cannot be read or is in a dialect that this gateway does not
    ///   speak.
    public init(opening store: any SubscriptionStore, dialects: DialectTable) async throws(StoreError) {
        self.store = store
        self.dialects = dialects
        try await rereadIntegrations()
        for stored in try await store.subscriptions() {
            let subscription = try restore(stored)
            live.update { $0.put(subscription) }
        }
    }

    /// The subscriptions as they are now.
    public var index: SubscriptionIndex { live.value }

    /// Names the one who is told of changes; the courier, which opens and closes its queues by them.
    public func observe(_ observer: @escaping Observer) {
        self.observer.withLock { $0 = observer }
    }

    /// Adds a subscription that belongs to no integration durably, with its line of the audit.
    ///
    /// - Throws: what ``add(_:as:audited:)`` throws.
    public func add(
        _ identity: Subscription.Identity, _ terms: Terms, url: URLRule = .shared, audited: AuditEntry? = nil
    ) async throws(StoreError) -> Subscription {
        try await add(Subscription.Draft(identity, terms, url: url), audited: audited)
    }

    /// Adds a subscription durably, with its line of the audit, and with the integration that it founds where its
    /// contract has such.
    ///
    /// - Throws: ``StoreError/conflict(index:_:)`` where the id is taken or the integration is not as the membership
    ///   says, ``StoreError/urlTaken(by:)`` where the rule is broken.
    public func add(
        _ draft: Subscription.Draft, as membership: Integration.Membership? = nil, audited: AuditEntry? = nil
    ) async throws(StoreError) -> Subscription {
        let identity = draft.identity
        func identified(_ number: Int64) -> Subscription.Identity {
            Subscription.Identity(
                id: identity.id, organization: identity.organization, created: identity.created,
                maker: identity.maker, number: number, integration: membership?.integration.id)
        }
        let asked = stored(make(identified(identity.number), draft.terms, hold: .none, revision: 1), draft.url)
        guard let membership else {
            let number = try await store.add(asked, audited: audited)
            return published(make(identified(number), draft.terms, hold: .none, revision: 1))
        }
        return try await turns.take { () async throws(StoreError) -> Subscription in
            let number = try await store.add(asked, as: membership, audited: audited)
            keep(membership.integration)
            return published(make(identified(number), draft.terms, hold: .none, revision: 1))
        }
    }

    /// Replaces the terms of a subscription durably, or its hold, with its line of the audit, where the rule of its URL
    /// allows.
    ///
    /// - Throws: ``StoreError/missing`` where it is gone, ``StoreError/conflict(index:_:)`` where it changed since
    ///   `present`, ``StoreError/urlTaken(by:)`` where the rule is broken.
    public func change(
        _ present: Subscription, terms: Terms? = nil, hold: Subscription.Hold? = nil, url rule: URLRule = .shared,
        audited: AuditEntry? = nil
    ) async throws(StoreError) -> Subscription {
        let next = make(
            present.identity, terms ?? present.terms, hold: hold ?? present.hold, revision: present.revision + 1)
        _ = try await store.change(stored(next, rule), telling: nil, audited: audited)
        publish(next)
        return next
    }

    /// The integration of that name; nil where the organization has none yet.
    public func integration(_ name: Integration.Name) -> Integration? { shared.value[name] }

    /// Reads the integrations again, where the store may know more of them than the memory.
    public func rereadIntegrations() async throws(StoreError) {
        let present = try await store.integrations()
        shared.update { $0 = Dictionary(present.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }) }
    }

    /// Replaces the secrets of an integration and of all its subscriptions, durably and in one commit. What joins it
    /// meanwhile has its turn before or after, so that none is left behind.
    ///
    /// - Parameter terms: those of a subscription with the secret that is in force from now on.
    /// - Throws: what ``SubscriptionStore/rotate(_:changing:audited:)`` throws; then every secret is as it was.
    public func rotate(
        _ integration: Integration, audited: AuditEntry? = nil, terms: @Sendable (Subscription) -> Terms
    ) async throws(StoreError) {
        try await turns.take { () async throws(StoreError) -> Void in
            let next = index.all.filter { integration.name == Integration.Name($0.organization, $0.terms.dialect) }
                .map { make($0.identity, terms($0), hold: $0.hold, revision: $0.revision + 1) }
            do throws(StoreError) {
                try await store.rotate(integration, changing: next.map { stored($0) }, audited: audited)
            } catch {
                // It may have come about, its answer alone lost: then the memory would be behind for ever.
                try? await reread(integration.name)
                throw error
            }
            keep(integration)
            for subscription in next { publish(subscription) }
        }
    }

    /// Reads an integration and its subscriptions again, where the store may know more of them than the memory.
    private func reread(_ name: Integration.Name) async throws(StoreError) {
        try await rereadIntegrations()
        for stored in try await store.subscriptions() where stored.identity.organization == name.organization {
            let subscription = try restore(stored)
            let present = index[subscription.id]
            guard subscription.terms.dialect == name.dialect, subscription.revision > present?.revision ?? 0 else {
                continue
            }
            publish(subscription)
        }
    }

    /// Follows the store; two changes may arrive in either order.
    private func keep(_ integration: Integration) {
        shared.update { shared in
            if let present = shared[integration.name], present.revision > integration.revision { return }
            shared[integration.name] = integration
        }
    }

    /// Disables a subscription durably, with the events that tell of it and its line of the audit: all or nothing.
    ///
    /// - Returns: what became of the events.
    /// - Throws: what ``change(_:terms:hold:audited:)`` throws; then nobody is told.
    public func disable(
        _ present: Subscription, telling changeEvents: ChangeEvents, audited: AuditEntry? = nil
    ) async throws(StoreError) -> [Appended] {
        let next = make(present.identity, present.terms, hold: .disabled, revision: present.revision + 1)
        let appended = try await store.change(stored(next), telling: changeEvents, audited: audited)
        publish(next)
        return appended
    }

    /// Reads a subscription again, where the store may know more of it than the memory: a change that came about though
    /// its answer was an error.
    public func reread(_ id: SubscriptionID) async throws(StoreError) {
        guard let stored = try await store.subscriptions().first(where: { $0.identity.id == id }) else {
            live.update { $0.remove(id) }
            return tell(id)
        }
        publish(try restore(stored))
    }

    /// Deletes a subscription durably; what waits for it is cancelled in the same commit.
    ///
    /// - Throws: ``StoreError/missing`` where it is gone.
    public func delete(
        _ id: SubscriptionID, at now: Instant, audited: AuditEntry? = nil
    ) async throws(StoreError) {
        try await store.delete(id, at: now, audited: audited)
        live.update { $0.remove(id) }
        tell(id)
    }

    private func published(_ subscription: Subscription) -> Subscription {
        publish(subscription)
        return subscription
    }

    private func publish(_ subscription: Subscription) {
        live.update { $0.put(subscription) }
        tell(subscription.id)
    }

    /// Tells whoever acts on changes that something of a subscription has changed in the store.
    public func tell(_ id: SubscriptionID) {
        observer.withLock { $0 }?(id)
    }

    private func make(
        _ identity: Subscription.Identity, _ terms: Terms, hold: Subscription.Hold, revision: Int64
    ) -> Subscription {
        let traits = dialects[terms.dialect].map { Subscription.DialectTraits(of: $0, for: terms) }
        return Subscription(
            identity, terms: terms, hold: hold, revision: revision,
            traits: traits ?? Subscription.DialectTraits(sayable: KindSet([])))
    }

    private func stored(_ subscription: Subscription, _ url: URLRule = .shared) -> StoredSubscription {
        var stored = StoredSubscription(
            identity: subscription.identity, terms: subscription.terms.stored, hold: subscription.hold,
            revision: subscription.revision)
        stored.urlRule = url
        return stored
    }

    private func restore(_ stored: StoredSubscription) throws(StoreError) -> Subscription {
        guard let terms = Terms(stored: stored.terms) else {
            throw .corrupt("the terms of subscription \(stored.identity.id) cannot be read")
        }
        guard dialects[terms.dialect] != nil else {
            throw .corrupt("subscription \(stored.identity.id) is in the dialect \(terms.dialect), unknown here")
        }
        return make(stored.identity, terms, hold: stored.hold, revision: stored.revision)
    }
}
