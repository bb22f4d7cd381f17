public import GatehouseCore

// What each call does is told where the protocol is.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension FaultyStore {
    public func begin(
        _ wish: Erasure.Wish, at now: Instant, audited: AuditEntry?
    ) async throws(StoreError) -> Erasure {
        try await pass { () throws(StoreError) in try await store.begin(wish, at: now, audited: audited) }
    }

    public func erasures() async throws(StoreError) -> [Erasure] {
        try await pass { () throws(StoreError) in try await store.erasures() }
    }

    public func erasure(of person: String, in organization: OrganizationID) async throws(StoreError) -> Erasure? {
        try await pass { () throws(StoreError) in try await store.erasure(of: person, in: organization) }
    }

    public func advance(_ erasure: Int64, at now: Instant) async throws(StoreError) -> Erasure? {
        try await pass { () throws(StoreError) in try await store.advance(erasure, at: now) }
    }
}
