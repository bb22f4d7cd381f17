internal import GatehouseControl
internal import GatehouseCore
internal import Logging
internal import Synchronization

/// Notices that the machine's clock was set, and prevents harm from it.
///
/// After a step back, waiting deliveries would wait longer by the same time: they are moved forward. After a step
/// forward, retention times and expiry times would seem to be over: for a day nothing irreversible is done, so that an
/// operator has time to correct the clock. Times on the wire are the clock's own.
final class ClockWatch: Sendable {
    static let interval = Duration.seconds(5)
    /// A smaller difference is a clock that is being adjusted slowly.
    static let least = Duration.seconds(60)
    /// A jump forward of at least this length makes the time doubtful.
    static let far = Duration.seconds(3600)
    /// How long the time stays doubtful, and how long operators are informed.
    static let memory = Duration.seconds(86_400)

    private struct State {
        var now: Instant
        var steady: Duration
        /// Until when, by the monotonic clock, nothing irreversible is done.
        var doubtedUntil: Duration?
        /// Subscriptions whose deliveries must still be moved forward, and by how much.
        var late: [(SubscriptionID, by: Duration)] = []
    }

    private let store: any DeliveryStore
    private let subscriptions: SubscriptionRegistry
    private let courier: Courier
    private let clock: any WallClock
    private let logger: Logger
    private let last: Snapshot<ClockJump?>
    private let state: Mutex<State>

    init(
        store: any DeliveryStore, subscriptions: SubscriptionRegistry, courier: Courier,
        clock: any WallClock, logger: Logger, last: Snapshot<ClockJump?>
    ) {
        self.store = store
        self.subscriptions = subscriptions
        self.courier = courier
        self.clock = clock
        self.logger = logger
        self.last = last
        state = Mutex(State(now: clock.now, steady: clock.steady))
    }

    /// Whether the time is reliable enough to end or delete something for good.
    var isBelieved: Bool {
        let steady = clock.steady
        notice()
        return state.withLock { state in state.doubtedUntil.map { $0 <= steady } ?? true }
    }

    /// Checks whether the clock was set. If some deliveries could not be moved forward, the next check does it.
    func look() async throws(StoreError) {
        notice()
        while let (id, by) = state.withLock({ $0.late.last }) {
            let now = clock.now
            _ = try await store.bringForward(by: by, of: id, now: now)
            state.withLock { _ = $0.late.popLast() }
            courier.look(at: id, DueTimes(both: now))
        }
        let now = clock.now
        last.update { jump in
            if let at = jump?.at, now - at >= Self.memory { jump = nil }
        }
    }

    /// Notes a jump since the last look.
    private func notice() {
        let (now, steady) = (clock.now, clock.steady)
        let by = state.withLock { state -> Duration? in
            let by = (now - state.now) - (steady - state.steady)
            (state.now, state.steady) = (now, steady)
            guard by >= Self.least || by <= .zero - Self.least else { return nil }
            if by >= Self.far { state.doubtedUntil = steady + Self.memory }
            if by < .zero { state.late = subscriptions.index.all.map { ($0.id, by: .zero - by) } + state.late }
            return by
        }
        guard let by else { return }
        let jump = ClockJump(at: now, by: by)
        last.update { $0 = jump }
        logger.warning(
            "the clock of this machine was set",
            metadata: ["jump": "\(jump.sentence)", "now": "\(RFC3339.text(now))"])
    }
}
