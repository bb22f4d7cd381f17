/// A subscription as the store keeps it; what follows from the dialect is worked out when it is loaded.
public struct StoredSubscription: Hashable, Sendable {
    /// What stays the same.
    public let identity: Subscription.Identity
    /// What its owner set, as ``Terms/stored``.
    public let terms: [UInt8]
    /// Whether deliveries are held back.
    public let hold: Subscription.Hold
    /// Grows with every change.
    public let revision: Int64
    /// What must hold when it is written; not kept.
    public var urlRule = URLRule.shared

    /// Joins the four.
    public init(identity: Subscription.Identity, terms: [UInt8], hold: Subscription.Hold, revision: Int64) {
        self.identity = identity
        self.terms = terms
        self.hold = hold
        self.revision = revision
    }
}

/// How many subscriptions of one organization and dialect may have the same URL, where a contract says so. The store
/// holds a subscription to it in the transaction that writes it, so that of two who come at once one is refused; no
/// lock is held by anybody while a name is looked up.
public enum URLRule: Hashable, Sendable {
    /// Any number.
    case shared
    /// One.
    case once
    /// One of each maker (``Subscription/Identity/maker``).
    case oncePerMaker
}

/// Keeps subscriptions, and what those of an organization share. Every method is one durable transaction.
public protocol SubscriptionStore: Sendable {
    // MARK: Subscriptions

    /// All subscriptions that were not deleted.
    func subscriptions() async throws(StoreError) -> [StoredSubscription]

    /// Adds a subscription and gives it a number, higher than every earlier one, deleted ones too. Returns the number.
    ///
    /// What is given for the audit is written in the same commit, here and in the other methods.
    ///
    /// - Throws: ``StoreError/conflict(index:_:)`` where the id is taken, ``StoreError/urlTaken(by:)`` where its
    ///   ``StoredSubscription/urlRule`` is broken.
    @discardableResult
    func add(_ subscription: StoredSubscription, audited: AuditEntry?) async throws(StoreError) -> Int64

    /// Replaces terms and hold, where the present revision is one below the given one, and writes the events that tell
    /// of it with all that they owe: all or nothing.
    ///
    /// - Returns: what became of the entries of events, in their order; empty where there are none.
    /// - Throws: ``StoreError/conflict(index:_:)`` where somebody else changed it first, ``StoreError/missing`` where
    ///   it is gone, ``StoreError/urlTaken(by:)`` where its ``StoredSubscription/urlRule`` is broken.
    func change(
        _ subscription: StoredSubscription, telling changeEvents: ChangeEvents?, audited: AuditEntry?
    ) async throws(StoreError) -> [Appended]

    /// Deletes a subscription and cancels what waits for it, in one transaction; its history stays.
    /// - Throws: ``StoreError/missing`` where it is gone.
    func delete(_ id: SubscriptionID, at now: Instant, audited: AuditEntry?) async throws(StoreError)

    // MARK: Integrations

    /// All integrations; one stays where its last subscription is deleted, and goes with its organization.
    func integrations() async throws(StoreError) -> [Integration]

    /// Adds a subscription as ``SubscriptionStore/add(_:audited:)`` does, with the integration that it founds.
    ///
    /// - Throws: what that throws, and ``StoreError/conflict(index:_:)`` where an integration that is to be founded is
    ///   there, or one that is to be joined is not there or not as it is given; then nothing is written.
    func add(
        _ subscription: StoredSubscription, as membership: Integration.Membership, audited: AuditEntry?
    ) async throws(StoreError) -> Int64

    /// Replaces the secrets of an integration, and the terms of these subscriptions with them: all or nothing.
    ///
    /// - Throws: ``StoreError/conflict(index:_:)`` where the integration or one of them is not one revision below what
    ///   is given, ``StoreError/missing`` where one of them is gone.
    func rotate(
        _ integration: Integration, changing subscriptions: [StoredSubscription], audited: AuditEntry?
    ) async throws(StoreError)
}

extension SubscriptionStore {
    /// Makes a change of which nobody is told.
    public func change(_ subscription: StoredSubscription) async throws(StoreError) {
        _ = try await change(subscription, telling: nil, audited: nil)
    }

    /// Makes a change that nobody asked for.
    public func change(
        _ subscription: StoredSubscription, telling changeEvents: ChangeEvents?
    ) async throws(StoreError) -> [Appended] {
        try await change(subscription, telling: changeEvents, audited: nil)
    }

    /// Adds a subscription that nobody asked for.
    @discardableResult
    public func add(_ subscription: StoredSubscription) async throws(StoreError) -> Int64 {
        try await add(subscription, audited: nil)
    }

    /// Deletes a subscription though nobody asked for it.
    public func delete(_ id: SubscriptionID, at now: Instant) async throws(StoreError) {
        try await delete(id, at: now, audited: nil)
    }
}
