/// A subscription in its stored form; what depends on the dialect is computed when it is loaded.
public struct StoredSubscription: Hashable, Sendable {
    /// The parts that never change.
    public let identity: Subscription.Identity
    /// Its owner's terms, as ``Terms/stored``.
    public let terms: [UInt8]
    /// Whether deliveries are held.
    public let hold: Subscription.Hold
    /// Grows with every change.
    public let revision: Int64
    /// The rule that is checked when it is written; not stored.
    public var urlRule = URLRule.shared

    /// Joins the four.
    public init(identity: Subscription.Identity, terms: [UInt8], hold: Subscription.Hold, revision: Int64) {
        self.identity = identity
        self.terms = terms
        self.hold = hold
        self.revision = revision
    }
}

/// How many subscriptions of one organization and dialect may have the same URL, if a contract limits them. The store
/// checks the rule in the transaction that writes the subscription, so that one of two concurrent requests is refused,
/// and no lock is held during a name lookup.
public enum URLRule: Hashable, Sendable {
    /// Any number.
    case shared
    /// One.
    case once
    /// One per creator (``Subscription/Identity/maker``).
    case oncePerMaker
}

/// Keeps subscriptions, and what those of an organization share. Every method is one durable transaction.
public protocol SubscriptionStore: Sendable {
    // MARK: Subscriptions

    /// All subscriptions that were not deleted.
    func subscriptions() async throws(StoreError) -> [StoredSubscription]

    /// Adds a subscription and gives it a number, higher than that of every earlier one, even a deleted one. Returns
    /// the number.
    ///
    /// The audit entry is written in the same commit, here and in the other methods.
    ///
    /// - Throws: ``StoreError/conflict(index:_:)`` if the id is taken, ``StoreError/urlTaken(by:)`` if its
    ///   ``StoredSubscription/urlRule`` is broken.
    @discardableResult
    func add(_ subscription: StoredSubscription, audited: AuditEntry?) async throws(StoreError) -> Int64

    /// Replaces terms and hold, if the present revision is one below the given one, and writes the events about it with
    /// all deliveries that they owe: all or nothing.
    ///
    /// - Returns: the results of the events' entries, in their order; empty if there are none.
    /// - Throws: ``StoreError/conflict(index:_:)`` if another caller changed it first, ``StoreError/missing`` if it is
    ///   gone, ``StoreError/urlTaken(by:)`` if its ``StoredSubscription/urlRule`` is broken.
    func change(
        _ subscription: StoredSubscription, events changeEvents: ChangeEvents?, audited: AuditEntry?
    ) async throws(StoreError) -> [Appended]

    /// Deletes a subscription and cancels its waiting deliveries, in one transaction; its history stays.
    /// - Throws: ``StoreError/missing`` if it is gone.
    func delete(_ id: SubscriptionID, at now: Instant, audited: AuditEntry?) async throws(StoreError)

    // MARK: Integrations

    /// All integrations. An integration stays when its last subscription is deleted, and is removed with its
    /// organization.
    func integrations() async throws(StoreError) -> [Integration]

    /// Adds a subscription as ``SubscriptionStore/add(_:audited:)`` does, with the integration that it founds.
    ///
    /// - Throws: the errors of that method, and ``StoreError/conflict(index:_:)`` if an integration to found already
    ///   exists, or one to join does not exist or differs from the given one; then nothing is written.
    func add(
        _ subscription: StoredSubscription, as membership: Integration.Membership, audited: AuditEntry?
    ) async throws(StoreError) -> Int64

    /// Replaces the secrets of an integration, and the terms of these subscriptions: all or nothing.
    ///
    /// - Throws: ``StoreError/conflict(index:_:)`` if the integration or one of them is not one revision below the
    ///   given one, ``StoreError/missing`` if one of them is gone.
    func rotate(
        _ integration: Integration, changing subscriptions: [StoredSubscription], audited: AuditEntry?
    ) async throws(StoreError)
}

extension SubscriptionStore {
    /// Makes a change without an event.
    public func change(_ subscription: StoredSubscription) async throws(StoreError) {
        _ = try await change(subscription, events: nil, audited: nil)
    }

    /// Makes a change without an audit entry.
    public func change(
        _ subscription: StoredSubscription, events changeEvents: ChangeEvents?
    ) async throws(StoreError) -> [Appended] {
        try await change(subscription, events: changeEvents, audited: nil)
    }

    /// Adds a subscription without an audit entry.
    @discardableResult
    public func add(_ subscription: StoredSubscription) async throws(StoreError) -> Int64 {
        try await add(subscription, audited: nil)
    }

    /// Deletes a subscription without an audit entry.
    public func delete(_ id: SubscriptionID, at now: Instant) async throws(StoreError) {
        try await delete(id, at: now, audited: nil)
    }
}
