internal import GatehouseControl
internal import GatehouseCore
internal import Logging
internal import Synchronization

/// Carries owed deliveries to the workers that attempt them: fresh ones straight from the commit, the others from the
/// store when they are due. At most `concurrency` deliveries of a subscription are attempted at once, fewer while its
/// receiver has not earned them (``ReceiverPace``).
///
/// ``CourierState`` decides what to do; the courier does it: it starts workers, claims deliveries, hands them back.
final class Courier: Sendable {
    private let state: Mutex<CourierState>
    private let store: any DeliveryStore
    private let subscriptions: SubscriptionRegistry
    private let pipeline: DeliveryPipeline
    private let lease: Snapshot<Incarnation>
    private let loops: LoopTurns
    private let resting: RestingReceivers
    private let clock: any WallClock
    private let logger: Logger

    init(_ parts: Parts, limits: CourierLimits) {
        self.state = Mutex(CourierState(limits: limits))
        self.store = parts.store
        self.subscriptions = parts.pipeline.subscriptions
        self.pipeline = parts.pipeline
        self.lease = parts.lease
        self.loops = parts.loops
        self.resting = parts.resting
        self.clock = parts.pipeline.clock
        self.logger = parts.pipeline.signals.logger
    }

    struct Parts: Sendable {
        let store: any DeliveryStore
        let pipeline: DeliveryPipeline
        let lease: Snapshot<Incarnation>
        let loops: LoopTurns
        /// Where the receivers that rest are shown.
        let resting: RestingReceivers
    }

    /// Takes over how receivers did before this start.
    func restore(_ health: [SubscriptionID: SubscriptionHealth]) {
        let now = clock.now
        state.withLock { state in
            for (id, health) in health { state.restore(id, health, at: now) }
        }
    }

    // MARK: Fresh deliveries

    /// Decides for each subscription whether its delivery may be born leased, and reserves places for those.
    ///
    /// A delivery with a bounded buffer waits in the store, because the buffer is counted there.
    func reserve(_ owed: [Subscription], _ lane: Lane) -> [Entry.Owed] {
        let now = clock.now
        return state.withLock { state in
            owed.map { subscription in
                let isBornLeased = subscription.buffer == nil && state.reserve(subscription, lane, at: now)
                return Entry.Owed(subscription.id, isBornLeased: isBornLeased, buffer: subscription.buffer)
            }
        }
    }

    /// Releases the places of an append that failed.
    func cancelReservations(_ entries: [Entry]) {
        state.withLock { state in
            for entry in entries {
                for owed in entry.owed where owed.isBornLeased { state.cancelReservation(owed.subscription) }
            }
        }
    }

    /// Takes the deliveries that a commit created: it starts the leased ones, and notes the waiting ones.
    func take(_ entry: Entry, _ appended: Appended) {
        let event = entry.admitted.event.numbered(appended.numbers).flagged(appended.flag)
        let now = clock.now
        for (place, owed) in entry.owed.enumerated() {
            let subscription = subscriptions.index[owed.subscription]
            let orders = state.withLock { state -> CourierState.Orders in
                guard !appended.isDuplicate, place < appended.deliveries.count else {
                    if owed.isBornLeased { state.cancelReservation(owed.subscription) }
                    return CourierState.Orders()
                }
                guard owed.isBornLeased else {
                    return state.note(
                        waiting: owed.subscription, DueTimes(event.lane, event.received), now: now, subscription)
                }
                let job = DeliveryJob(
                    id: appended.deliveries[place], subscription: owed.subscription, event: event, lane: event.lane,
                    attempts: 0, spent: 0)
                return state.takeReserved(job, subscription, at: now)
            }
            obey(orders, owed.subscription)
        }
    }

    // MARK: Deliveries that wait in the store

    /// Looks for due deliveries of a subscription, because the store has some.
    func look(at id: SubscriptionID, _ due: DueTimes) {
        let (subscription, now) = (subscriptions.index[id], clock.now)
        obey(state.withLock { $0.note(waiting: id, due, now: now, subscription) }, id)
    }

    /// Looks for due deliveries of a subscription at once, also if its receiver rests: it was changed, or an operator
    /// asked for a retry.
    func lookAtOnce(at id: SubscriptionID) {
        let now = clock.now
        state.withLock { $0.endRest(of: id, at: now) }
        resting.set(id, until: nil)
        look(at: id, DueTimes(both: now))
    }

    /// Looks for everything that is due.
    func lookForDue() {
        let now = clock.now
        for id in state.withLock({ $0.becomeDue(at: now) }) {
            let subscription = subscriptions.index[id]
            guard subscription?.isOpen ?? false else {
                state.withLock { $0.forgetBacklog(of: id) }
                continue
            }
            obey(state.withLock { $0.refill(id, subscription, at: now) }, id)
        }
    }

    /// Notes that results became durable: the deliveries are no longer held; retries have their due time, and those
    /// that were handed back wait again.
    func settled(_ lines: [ResultRecorder.Line]) {
        state.withLock { $0.settled(lines.lazy.map(\.settlement.delivery)) }
        for line in lines {
            guard let id = line.subscription, let lane = line.lane else { continue }
            switch line.settlement.next {
            case .verdict(.dueAgain(let due)), .handedBack(let due): look(at: id, DueTimes(lane, due))
            case .verdict, .cancelled: break
            }
        }
    }

    /// Of these deliveries, leased to this gateway, the ones that the courier does not hold.
    func notHeld(_ leases: [DeliveryID]) -> Set<DeliveryID> {
        state.withLock { state in Set(leases.filter { !state.held.contains($0) }) }
    }

    // MARK: The end

    /// How many attempts are running.
    var attempts: Int { state.withLock { $0.workers } }

    /// Accepts nothing new, starts nothing, and hands back deliveries that were not started.
    func stop() {
        pipeline.recorder.shut()
        for job in state.withLock({ $0.stop() }) { pipeline.recorder.record(job.handedBack(at: clock.now)) }
    }

    /// Stops, and returns when nothing is on the wire or at `deadline`.
    func drain(until deadline: Instant) async {
        stop()
        while state.withLock({ $0.workers }) > 0, clock.now < deadline {
            try? await clock.sleep(until: clock.now + .milliseconds(20))
        }
    }

    // MARK: Carrying out decisions

    private func obey(_ orders: CourierState.Orders, _ id: SubscriptionID) {
        for job in orders.handBack { pipeline.recorder.record(job.handedBack(at: clock.now), of: job) }
        for _ in 0..<orders.workers { startWorker(id) }
        if orders.claim > 0 { startClaim(id, orders.lanes, limit: orders.claim) }
    }

    /// A worker attempts one job after another on one event loop, and ends when there is none. If the contract's
    /// requests carry several deliveries, it attempts the ready ones together.
    private func startWorker(_ id: SubscriptionID) {
        Task(executorPreference: loops.next()) {
            var results: [RequestResult] = []
            while let (job, others) = self.nextJobs(of: id, after: results) {
                if others.isEmpty {
                    results = await self.pipeline.attempt(job).map { [$0] } ?? []
                } else {
                    results = await self.pipeline.attempt([job] + others)
                }
            }
        }
    }

    /// The jobs of a worker's next request, after the results of its last one were taken into the receiver's pace.
    private func nextJobs(
        of id: SubscriptionID, after results: [RequestResult]
    ) -> (DeliveryJob, others: ArraySlice<DeliveryJob>)? {
        let subscription = subscriptions.index[id]
        let now = clock.now
        let (next, before, after) = state.withLock { state in
            let before = state.paces[id]?.restsUntil
            let next = state.next(of: id, subscription, after: results, at: now)
            return (next, before, state.paces[id]?.restsUntil)
        }
        if before != after { resting.set(id, until: after) }
        obey(next.orders, id)
        return next.job.map { ($0, next.others) }
    }

    private func startClaim(_ id: SubscriptionID, _ lanes: [Lane], limit: Int) {
        Task { await self.claim(id, lanes, limit: limit) }
    }

    private func claim(_ id: SubscriptionID, _ lanes: [Lane], limit: Int) async {
        do {
            let claim = try await store.claimDue(id, lanes, limit: limit, now: clock.now, by: lease.value)
            let jobs = claim.deliveries.compactMap { job(of: $0, id) }
            guard let subscription = subscriptions.index[id] else { return forget(id, limit, jobs) }
            let now = clock.now
            let orders = state.withLock {
                $0.claimed(jobs, asked: limit, next: claim.next, now: now, of: subscription)
            }
            obey(orders, id)
        } catch {
            logger.warning("a claim failed", metadata: ["subscription": "\(id)", "error": "\(error)"])
            forget(id, limit, [])
        }
    }

    private func forget(_ id: SubscriptionID, _ limit: Int, _ jobs: [DeliveryJob]) {
        state.withLock { $0.finishClaim(id, asked: limit) }
        for job in jobs { pipeline.recorder.record(job.handedBack(at: clock.now)) }
    }

    /// A delivery whose stored event is damaged becomes dead at once, with that reason: it could never be rendered.
    private func job(of claimed: Claimed, _ id: SubscriptionID) -> DeliveryJob? {
        guard let event = claimed.event else {
            pipeline.recorder.record(
                Settlement(delivery: claimed.id, next: .verdict(.dead(.corrupt)), attempt: nil))
            return nil
        }
        return DeliveryJob(
            id: claimed.id, subscription: id, event: event, lane: claimed.lane, attempts: claimed.attempts,
            spent: claimed.spent)
    }
}
