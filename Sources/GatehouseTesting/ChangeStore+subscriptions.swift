package import GatehouseCore

/// Short calls for tests that write subscriptions to a store.
extension ChangeStore {
    /// Adds a subscription, and returns its number.
    @discardableResult
    package func add(
        _ subscription: StoredSubscription, as membership: Integration.Membership? = nil, audited: AuditEntry? = nil
    ) async throws(StoreError) -> Int64 {
        var added = subscription
        added.membership = membership
        return try await apply(Change(.add, .subscription(added), audited: audited), events: nil).number ?? 0
    }

    /// Replaces the terms and the hold of a subscription, and returns the results of the events.
    @discardableResult
    package func change(
        _ subscription: StoredSubscription, events: ChangeEvents? = nil, audited: AuditEntry? = nil
    ) async throws(StoreError) -> [Appended] {
        try await apply(Change(.change, .subscription(subscription), audited: audited), events: events).appended
    }

    /// Deletes a subscription by its id.
    package func delete(
        _ id: SubscriptionID, at now: Instant, audited: AuditEntry? = nil
    ) async throws(StoreError) {
        let identity = Subscription.Identity(id: id, organization: OrganizationID("any"), created: now)
        var deleted = StoredSubscription(identity: identity, terms: [], hold: .none, revision: 1)
        deleted.deleted = now
        _ = try await apply(Change(.remove, .subscription(deleted), audited: audited), events: nil)
    }

    /// Replaces the secrets of an integration, and the terms of its subscriptions.
    package func rotate(
        _ integration: Integration, changing members: [StoredSubscription]
    ) async throws(StoreError) {
        try await apply(.change, .integration(integration, members: members))
    }
}
