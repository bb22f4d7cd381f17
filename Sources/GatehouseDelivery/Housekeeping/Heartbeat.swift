internal import GatehouseControl
internal import GatehouseCore
internal import Logging

/// Tells the store every 5 s that this gateway lives. A gateway that was declared dead, because it could not say so for
/// 15 s, begins anew under a new number: what it held by then belongs to whoever rescued it.
struct Heartbeat: Sendable {
    static let interval = Duration.seconds(5)
    /// After so long without a beat an incarnation is dead.
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
                "this gateway was taken for dead and begins anew",
                metadata: ["incarnation": "\(lease.value.number)", "next": "\(next.number)"])
            lease.update { $0 = next }
        } catch {
            logger.warning("a new incarnation could not be begun", metadata: ["error": "\(error)"])
        }
    }
}
