import Synchronization

/// The subscriptions as the gateway knows them, and the one way to change them: the store first, then the memory, then
/// whoever must act on it.
public final class SubscriptionBook: Sendable {
    /// Told of each subscription that was added, changed or deleted, after the fact.
    public typealias Observer = @Sendable (SubscriptionID) -> Void

    private let store: any SubscriptionStore
    private let dialects: DialectTable
    private let live = Live(SubscriptionIndex())
    private let observer = Mutex<Observer?>(nil)

    /// Reads all subscriptions from the store.
    ///
    /// - Throws: ``StoreError/corrupt(_:)`` where one cannot be read or is in a dialect that this gateway does not
    ///   speak.
    public init(opening store: any SubscriptionStore, dialects: DialectTable) async throws(StoreError) {
        self.store = store
        self.dialects = dialects
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

    /// Adds a subscription durably, with its line of the audit.
    ///
    /// - Throws: ``StoreError/conflict(index:_:)`` where the id is taken, ``StoreError/urlTaken(by:)`` where the rule
    ///   is broken.
    public func add(
        _ identity: Subscription.Identity, _ terms: Terms, url: URLRule = .shared, audited: AuditEntry? = nil
    ) async throws(StoreError) -> Subscription {
        let asked = make(identity, terms, hold: .none, revision: 1)
        let number = try await store.add(stored(asked, url), audited: audited)
        let numbered = Subscription.Identity(
            id: identity.id, organization: identity.organization, created: identity.created, maker: identity.maker,
            number: number)
        let subscription = make(numbered, terms, hold: .none, revision: 1)
        publish(subscription)
        return subscription
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

    /// Disables a subscription durably, with the events that tell of it and its line of the audit: all or nothing.
    ///
    /// - Returns: what became of the events.
    /// - Throws: what ``change(_:terms:hold:audited:)`` throws; then nobody is told.
    public func disable(
        _ present: Subscription, telling tidings: Tidings, audited: AuditEntry? = nil
    ) async throws(StoreError) -> [Appended] {
        let next = make(present.identity, present.terms, hold: .disabled, revision: present.revision + 1)
        let appended = try await store.change(stored(next), telling: tidings, audited: audited)
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
        let manner = dialects[terms.dialect].map { Subscription.Manner(of: $0, for: terms) }
        return Subscription(
            identity, terms: terms, hold: hold, revision: revision,
            manner: manner ?? Subscription.Manner(sayable: KindSet([])))
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
