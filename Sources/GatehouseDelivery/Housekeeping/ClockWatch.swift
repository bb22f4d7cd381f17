internal import GatehouseControl
internal import GatehouseCore
internal import Logging
internal import Synchronization

/// Notices that the clock of the machine was set, and keeps that from doing harm.
///
/// Set back, what waits would wait for longer by as much: it is brought forward. Set forward, what is kept for so long,
/// or ends at an instant, would seem to be over: nothing that cannot be undone is done for a day, so that an operator
/// has the time to mend the clock. What bears a time on the wire bears the clock's own.
final class ClockWatch: Sendable {
    static let interval = Duration.seconds(5)
    /// What is less is a clock that is slowly put right.
    static let least = Duration.seconds(60)
    /// From what jump forward on the time is not believed at once.
    static let far = Duration.seconds(3600)
    /// For how long it is not, and for how long operators are told.
    static let memory = Duration.seconds(86_400)

    private struct State {
        var now: Instant
        var steady: Duration
        /// Until when, by the steady clock, nothing is done that cannot be undone.
        var doubtedUntil: Duration?
        /// Subscriptions whose deliveries are still to be brought forward, and by how much.
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
        telling: (clock: any WallClock, logger: Logger, last: Snapshot<ClockJump?>)
    ) {
        self.store = store
        self.subscriptions = subscriptions
        self.courier = courier
        (clock, logger, last) = telling
        state = Mutex(State(now: clock.now, steady: clock.steady))
    }

    /// Whether the time may be believed where something is ended or taken out for good.
    var isBelieved: Bool {
        let steady = clock.steady
        notice()
        return state.withLock { state in state.doubtedUntil.map { $0 <= steady } ?? true }
    }

    /// Looks whether the clock was set. Where something could not be brought forward, the next look does it.
    func look() async throws(StoreError) {
        notice()
        while let (id, by) = state.withLock({ $0.late.last }) {
            let now = clock.now
            _ = try await store.bringForward(by: by, of: id, now: now)
            state.withLock { _ = $0.late.popLast() }
            courier.look(at: id, due: now)
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
