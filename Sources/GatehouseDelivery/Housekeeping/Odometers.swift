internal import GatehouseCore

/// Folds what subscriptions were owed into sums, slice by slice, so that asking for one stays cheap and no slice holds
/// the writer up.
struct Odometers: Sendable {
    static let interval = Duration.seconds(10)

    let store: any HousekeepingStore
    /// How many deliveries are folded in one turn of the writer, for whom others wait.
    let slice = 500

    func fold() async throws(StoreError) {
        while try await store.foldOdometers(limit: slice) == slice, !Task.isCancelled {}
    }
}
