import GatehouseControl
import GatehouseCore

/// Stores events. Their deliveries wait in the store, because a server's tests deliver nothing.
struct StoreIntake: Intake {
    let store: any Store
    let subscriptions: SubscriptionRegistry
    let directory: DirectoryRegistry
    let dialects: DialectTable
    /// The incarnation of this gateway in the store.
    let incarnation: Incarnation
    /// The executor of each batch's task, nil for the usual threads.
    let executors = Snapshot<[UnownedTaskExecutor?]>([])
    /// The committed changes.
    let changes = Snapshot<[Change]>([])

    func append(_ events: [AdmittedEvent]) async throws(StoreError) -> [Receipt] {
        let executor = withUnsafeCurrentTask { $0?.unownedTaskExecutor }
        executors.update { $0.append(executor) }
        let appended = try await store.append(events.map(entry), by: incarnation)
        return zip(events, appended).map { admitted, result in
            var receipt = Receipt(
                event: result.event, sourceID: admitted.event.sourceID, source: admitted.event.source,
                deliveries: result.owed, isDuplicate: result.isDuplicate)
            receipt.flag = result.flag
            return receipt
        }
    }

    func commit(_ change: Change) async throws(StoreError) -> Change.Result {
        let result = try await store.apply(change, events: ChangeEvents(change.events.map(entry), by: incarnation))
        changes.update { $0.append(change) }
        return result
    }

    private func entry(_ admitted: AdmittedEvent) -> Entry {
        let lineage = directory.directory.lineage(of: admitted.event.organization)
        let owed = subscriptions.index.match(admitted.event, lineage: lineage, dialects: dialects).owed
        return Entry(admitted, owed: owed.map { Entry.Owed($0.id, isBornLeased: false) })
    }
}
