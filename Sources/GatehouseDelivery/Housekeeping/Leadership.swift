internal import GatehouseControl
internal import GatehouseCore
internal import Logging

/// Finds out which of the gateways on a store leads: the one that began first among those that live.
///
/// The rescuer declares those dead that were not heard of, so a leader that dies is followed within
/// ``Heartbeat/silence`` and two looks. While the store is away everything stays as it was.
struct Leadership: Sendable {
    let store: any HousekeepingStore
    let lease: Snapshot<Incarnation>
    /// Whether this gateway leads.
    let leads: Snapshot<Bool>
    let logger: Logger

    func look() async throws(StoreError) {
        let own = lease.value
        let isLeader = try await store.leader() == own
        let wasLeader = leads.update { present in
            defer { present = isLeader }
            return present
        }
        guard isLeader != wasLeader else { return }
        logger.info(
            isLeader ? "this gateway leads" : "this gateway leads no more", metadata: ["incarnation": "\(own.number)"])
    }
}
