internal import GatehouseControl
internal import GatehouseCore

/// Accepts changes that the code below the courier makes, with the raised events about them. ``DurableIntake`` is above
/// the courier and cannot be asked there; so the deliveries of these events are born waiting.
struct RaisingIntake: ChangeIntake {
    let store: any ChangeStore
    let raising: Raising
    let lease: Snapshot<Incarnation>
    let signals: DeliverySignals

    func commit(_ change: Change) async throws(StoreError) -> Change.Result {
        let entries = change.events.map { raising.entry($0) }
        let result = try await store.apply(change, events: ChangeEvents(entries, by: lease.value))
        signals.tellAccepted(result.appended)
        for owed in entries.flatMap(\.owed) { signals.notifier.post(.deliveriesDue(owed.subscription)) }
        return result
    }
}
