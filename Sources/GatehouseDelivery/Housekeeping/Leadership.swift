internal import GatehouseControl
internal import GatehouseCore
internal import Logging

/// Finds out which gateway on a store is the leader: the living one that started first.
///
/// The rescuer declares silent gateways dead, so a dead leader is replaced within ``Heartbeat/silence`` and two
/// turns. While the store is unavailable nothing changes.
struct Leadership: Sendable {
    let store: any HousekeepingStore
    let lease: Snapshot<Incarnation>
    /// Whether this gateway is the leader.
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
            isLeader ? "this gateway leads" : "this gateway no longer leads", metadata: ["incarnation": "\(own.number)"]
        )
    }
}
