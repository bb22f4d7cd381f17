internal import GatehouseCore

/// Folds what subscriptions were owed into sums, slice by slice, so that asking for one stays cheap and no slice holds
/// the writer up.
struct Odometers: Sendable {
    static let interval = Duration.seconds(10)

    let store: any OdometerStore
    let slice = 5000

    func fold() async throws(StoreError) {
        while try await store.foldOdometers(limit: slice) == slice, !Task.isCancelled {}
    }
}
