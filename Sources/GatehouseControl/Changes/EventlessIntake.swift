package import GatehouseCore

/// Accepts changes that raise no events, such as those of the start: there is nothing to match, so it needs the store
/// alone. It ignores the events of a change.
package struct EventlessIntake: ChangeIntake {
    private let store: any ChangeStore

    /// Commits to that store.
    package init(_ store: any ChangeStore) { self.store = store }

    @discardableResult
    package func commit(_ change: Change) async throws(StoreError) -> Change.Result {
        try await store.apply(change, events: nil)
    }
}
