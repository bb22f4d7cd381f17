public import GatehouseCore

// What each call does is told where the protocol is.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension FaultyStore {
    public func prune(_ order: PruneOrder) async throws(StoreError) -> PruneSlice {
        try await pass { () throws(StoreError) in try await store.prune(order) }
    }

    public func diskShare() async -> Double? { await store.diskShare() }
}
