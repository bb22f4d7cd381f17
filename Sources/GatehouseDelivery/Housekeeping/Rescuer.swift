internal import GatehouseControl
internal import GatehouseCore
internal import Logging

/// Releases the leases of dead gateways, so that their deliveries are attempted again.
struct Rescuer: Sendable {
    let store: any HousekeepingStore
    let lease: Snapshot<Incarnation>
    let clock: any WallClock
    let logger: Logger

    /// Returns how many deliveries were released.
    @discardableResult
    func rescue() async throws(StoreError) -> Int {
        let now = clock.now
        let freed = try await store.rescueOrphaned(
            heardBefore: now - Heartbeat.silence, now: now, survivor: lease.value)
        if freed > 0 {
            logger.notice("deliveries of a dead gateway were released", metadata: ["deliveries": "\(freed)"])
        }
        return freed
    }
}
