public import GatehouseCore

// What each call does is told where the protocols are.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension FaultyStore {
    public func integrations() async throws(StoreError) -> [Integration] {
        try await pass { () throws(StoreError) in try await store.integrations() }
    }

    public func add(
        _ subscription: StoredSubscription, as membership: Integration.Membership, audited: AuditEntry?
    ) async throws(StoreError) -> Int64 {
        try await pass { () throws(StoreError) in
            try await store.add(subscription, as: membership, audited: audited)
        }
    }

    public func rotate(
        _ integration: Integration, changing subscriptions: [StoredSubscription], audited: AuditEntry?
    ) async throws(StoreError) {
        try await pass { () throws(StoreError) in
            try await store.rotate(integration, changing: subscriptions, audited: audited)
        }
    }
}
