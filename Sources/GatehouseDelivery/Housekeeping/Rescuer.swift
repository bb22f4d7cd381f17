internal import GatehouseControl
internal import GatehouseCore
internal import Logging

/// Sets free what dead gateways held, so that it is attempted again.
struct Rescuer: Sendable {
    let store: any HousekeepingStore
    let lease: Snapshot<Incarnation>
    let clock: any WallClock
    let logger: Logger

    /// Returns how many deliveries were set free.
    @discardableResult
    func rescue() async throws(StoreError) -> Int {
        let now = clock.now
        let freed = try await store.rescueOrphaned(
            heardBefore: now - Heartbeat.silence, now: now, survivor: lease.value)
        if freed > 0 {
            logger.notice("deliveries of a dead gateway were set free", metadata: ["deliveries": "\(freed)"])
        }
        return freed
    }
}
