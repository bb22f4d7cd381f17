internal import GatehouseControl
internal import GatehouseCore
internal import Logging

/// Writes to the store every 5 s that this gateway is alive. A gateway that could not write for 15 s was declared dead:
/// it starts again under a new number, and its former leases belong to the gateway that rescued them.
struct Heartbeat: Sendable {
    static let interval = Duration.seconds(5)
    /// The silence after which an incarnation is dead.
    static let silence = Duration.seconds(15)

    let store: any HousekeepingStore
    let lease: Snapshot<Incarnation>
    let clock: any WallClock
    let logger: Logger

    func beat() async {
        do {
            try await store.beat(lease.value, at: clock.now)
        } catch .fenced {
            await beginAnew()
        } catch {
            logger.warning("a heartbeat could not be written", metadata: ["error": "\(error)"])
        }
    }

    private func beginAnew() async {
        do {
            let next = try await store.begin(at: clock.now)
            logger.error(
                "this gateway was declared dead and starts a new incarnation",
                metadata: ["incarnation": "\(lease.value.number)", "next": "\(next.number)"])
            lease.update { $0 = next }
        } catch {
            logger.warning("a new incarnation could not be started", metadata: ["error": "\(error)"])
        }
    }
}
