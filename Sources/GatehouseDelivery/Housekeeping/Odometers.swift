internal import GatehouseCore

/// Adds up the deliveries of subscriptions in sums, slice by slice, so that a query for one stays cheap and no slice
/// delays the writer.
struct Odometers: Sendable {
    static let interval = Duration.seconds(10)

    let store: any HousekeepingStore
    /// How many deliveries are added in one turn of the writer, for which others wait.
    let slice = 500

    func fold() async throws(StoreError) {
        while try await store.foldOdometers(limit: slice) == slice, !Task.isCancelled {}
    }
}
