internal import GatehouseControl
internal import GatehouseCore

/// Stores events durably: it matches them, commits them with their deliveries, and hands the deliveries to the courier
/// without reading anything back.
struct DurableIntake: Intake {
    let store: any EventStore & ChangeStore
    let directory: DirectoryRegistry
    let subscriptions: SubscriptionRegistry
    let dialects: DialectTable
    let courier: Courier
    let lease: Snapshot<Incarnation>
    let signals: DeliverySignals

    func append(_ events: [AdmittedEvent]) async throws(StoreError) -> [Receipt] {
        let (entries, unsayable) = match(events, in: directory.directory)
        let appended = try await taking(entries, unsayable) { () throws(StoreError) in
            try await store.append(entries, by: lease.value)
        }
        return zip(events, appended).map { admitted, result in
            var receipt = Receipt(
                event: result.event, sourceID: admitted.event.sourceID, source: admitted.event.source,
                deliveries: result.owed, isDuplicate: result.isDuplicate)
            receipt.flag = result.flag
            return receipt
        }
    }

    func commit(_ change: Change) async throws(StoreError) -> Change.Result {
        var directory = directory.directory
        // Added resources are reported in the tree after the change, removed ones in the tree before it.
        if change.action != .remove { directory.follow(change) }
        let (entries, unsayable) = match(change.events, in: directory)
        var number: Int64?
        let appended = try await taking(entries, unsayable) { () throws(StoreError) in
            let result = try await store.apply(change, events: ChangeEvents(entries, by: lease.value))
            number = result.number
            return result.appended
        }
        return Change.Result(appended: appended, number: number)
    }

    /// Hands the deliveries of a commit to the courier, or releases the places that it reserved for them.
    private func taking(
        _ entries: [Entry], _ unsayable: [[Unsayable]], _ commit: () async throws(StoreError) -> [Appended]
    ) async throws(StoreError) -> [Appended] {
        let appended: [Appended]
        do {
            appended = try await commit()
        } catch {
            // If the commit succeeded after all, the sweep for lost leases finds its deliveries.
            courier.cancelReservations(entries)
            throw error
        }
        for (entry, result) in zip(entries, appended) { courier.take(entry, result) }
        signals.tellAccepted(appended)
        for (place, result) in appended.enumerated() where !result.isDuplicate && !unsayable[place].isEmpty {
            signals.tell(unsayable[place], of: entries[place].admitted.event)
        }
        return appended
    }

    /// The deliveries that each event owes, and the subscriptions that cannot get it.
    private func match(_ events: [AdmittedEvent], in directory: Directory) -> ([Entry], [[Unsayable]]) {
        let index = subscriptions.index
        var unsayable: [[Unsayable]] = []
        unsayable.reserveCapacity(events.count)
        let entries = events.map { admitted in
            let lineage = directory.lineage(of: admitted.event.organization)
            let matched = index.match(admitted.event, lineage: lineage, dialects: dialects)
            unsayable.append(matched.unsayable)
            var entry = Entry(admitted, owed: courier.reserve(matched.owed, admitted.event.lane))
            if !matched.unsayable.isEmpty { entry.untold = Self.untold(matched.unsayable, of: admitted.event) }
            return entry
        }
        return (entries, unsayable)
    }

    private static func untold(_ missed: [Unsayable], of event: Event) -> [UntoldAlarm] {
        missed.compactMap { UntoldAlarm($0, of: event, at: event.received) }
    }
}
