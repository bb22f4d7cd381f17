internal import GatehouseControl
internal import GatehouseCore
internal import Logging
internal import Synchronization

/// Finds deliveries that the store has leased to this gateway and that the courier does not know: their commit
/// succeeded although its answer was an error. They are handed back, so that nothing waits for a restart.
final class LostLeases: Sendable {
    static let interval = Duration.seconds(30)

    private let store: any DeliveryStore
    private let courier: Courier
    private let recorder: ResultRecorder
    private let lease: Snapshot<Incarnation>
    private let clock: any WallClock
    private let suspects = Mutex<Set<DeliveryID>>([])

    init(
        store: any DeliveryStore, courier: Courier, recorder: ResultRecorder, lease: Snapshot<Incarnation>,
        clock: any WallClock
    ) {
        self.store = store
        self.courier = courier
        self.recorder = recorder
        self.lease = lease
        self.clock = clock
    }

    /// One turn. A delivery is lost only if two turns in a row find it not held: a commit may just be on its way to the
    /// courier.
    func look() async throws(StoreError) {
        let now = clock.now
        let leases = try await store.leases(of: lease.value)
        let notHeld = courier.notHeld(leases)
        let lost = suspects.withLock { suspects in
            defer { suspects = notHeld }
            return suspects.intersection(notHeld)
        }
        for delivery in lost.sorted() {
            recorder.record(Settlement(delivery: delivery, next: .handedBack(due: now), attempt: nil))
        }
    }
}
