internal import GatehouseCore

/// Takes events for good: matches them, commits them with what they owe, and hands the deliveries to the courier
/// without reading anything back.
struct DurableIntake: Intake {
    let store: any EventStore
    let directory: DirectoryBook
    let subscriptions: SubscriptionBook
    let dialects: DialectTable
    let courier: Courier
    let lease: Live<Incarnation>
    let signals: DeliverySignals

    func append(_ events: [AdmittedEvent]) async throws(StoreError) -> [Receipt] {
        let entries = match(events)
        let appended: [Appended]
        do {
            appended = try await store.append(entries, by: lease.value)
        } catch {
            // Should the commit have come about after all, the sweep for lost leases finds its deliveries.
            courier.cancelReservations(entries)
            throw error
        }
        for (entry, result) in zip(entries, appended) { courier.take(entry, result) }
        signals.tellAccepted(appended)
        return zip(events, appended).map { admitted, result in
            Receipt(
                event: result.event, sourceID: admitted.event.sourceID, source: admitted.event.source,
                deliveries: result.owed, isDuplicate: result.isDuplicate)
        }
    }

    private func match(_ events: [AdmittedEvent]) -> [Entry] {
        let index = subscriptions.index
        let directory = directory.directory
        return events.map { admitted in
            let lineage = directory.lineage(of: admitted.event.organization)
            let owed = index.owed(admitted.event, lineage: lineage, dialects: dialects)
            return Entry(admitted, owed: courier.reserve(owed, admitted.event.lane))
        }
    }
}
