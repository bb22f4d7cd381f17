internal import DequeModule
internal import GatehouseCore

/// The state and the decisions of the courier: which jobs it holds, which job is next, when to fetch more. It has no
/// effects, so that every decision can be tested without a store, a socket or a clock.
///
/// Each receiver has its own pace (``ReceiverPace``). The memory and the claims are shared by all; of each, a share is
/// kept for receivers that are doing well and for urgent deliveries (``CourierLimits``).
struct CourierState {
    /// What to do after a decision.
    struct Orders {
        /// How many workers to start.
        var workers = 0
        /// How many deliveries to claim from the store; 0 for none.
        var claim = 0
        /// Whether these are urgent ones alone.
        var isUrgentOnly = false
        /// Jobs that came after the stop, or that a resting receiver has no use for; they must be handed back.
        var handBack: [DeliveryJob] = []

        /// The lanes to claim from.
        var lanes: [Lane] { isUrgentOnly ? [.urgent] : Lane.allCases }
    }

    let limits: CourierLimits
    private(set) var queues: [SubscriptionID: CourierQueue] = [:]
    private(set) var paces: [SubscriptionID: ReceiverPace] = [:]
    /// Deliveries that are leased to this gateway and whose result is not yet durable.
    private(set) var held: Set<DeliveryID> = []
    private(set) var reserved = 0
    private(set) var workers = 0
    /// The places in memory of receivers that are not doing well.
    private(set) var strained = 0
    /// The claims that are running, and those of them for receivers that are not doing well.
    private(set) var claims = 0
    private(set) var strainedClaims = 0
    private(set) var isStopping = false

    init(limits: CourierLimits) {
        self.limits = limits
    }

    private var total: Int { held.count + reserved }

    private func pace(of id: SubscriptionID) -> ReceiverPace { paces[id] ?? ReceiverPace(atFirst: limits.atFirst) }

    private func isWell(_ id: SubscriptionID) -> Bool { pace(of: id).standing == .well }

    /// What a receiver may be sent now.
    private func permit(_ id: SubscriptionID, _ subscription: Subscription?, at now: Instant) -> CourierQueue.Permit {
        let pace = pace(of: id)
        let most = subscription?.requestsAtOnce ?? 1
        return CourierQueue.Permit(
            most: most, requestsAtOnce: max(1, min(most, pace.requestsAtOnce)), batch: subscription?.batch ?? 1,
            rests: pace.rests(at: now), takesUrgent: pace.takesUrgent(at: now), standing: pace.standing,
            keepsConnection: pace.failures == 0)
    }

    /// Changes a queue and keeps the count of strained places.
    private mutating func change<Result>(
        _ id: SubscriptionID, _ change: (inout CourierQueue) -> Result
    ) -> Result {
        let before = queues[id]?.places ?? 0
        let result = change(&queues[id, default: CourierQueue()])
        if !isWell(id) { strained += (queues[id]?.places ?? 0) - before }
        return result
    }
}

// MARK: - Space in memory

extension CourierState {
    /// How many jobs of a subscription may be in memory: many while there is space; few when slow receivers fill it, so
    /// that other subscriptions have space; few as well for a receiver that has not reached its pace.
    private func window(_ subscription: Subscription, _ permit: CourierQueue.Permit) -> Int {
        let pair = permit.requestsAtOnce * 2 * permit.batch
        switch permit.standing {
        case .probed: return permit.batch
        case .unproven: return pair
        case .well where permit.requestsAtOnce < permit.most: return pair
        case .well:
            let few = max(subscription.terms.concurrency * 2, subscription.batch)
            return total < limits.jobs / 2 ? max(limits.window, few) : min(limits.window, few)
        }
    }

    /// The free places in memory for a receiver that is doing well, or not, or for an urgent delivery.
    private func free(_ standing: ReceiverPace.Standing, _ lane: Lane) -> Int {
        let free = limits.jobs - total
        if lane == .urgent { return free + limits.urgentJobs }
        return standing == .well
            ? min(free, limits.jobsOfWell - (total - strained)) : min(free, limits.jobsOfOthers - strained)
    }

    private func space(
        for subscription: Subscription, _ lane: Lane, in queue: CourierQueue, _ permit: CourierQueue.Permit
    ) -> Int {
        // While a receiver rests, older requests may still be under way; they do not count.
        if permit.rests { return lane == .urgent ? max(0, min(permit.batch, free(permit.standing, lane))) : 0 }
        // An urgent delivery has a place beside a full window.
        let window = window(subscription, permit) + (lane == .urgent ? permit.batch : 0)
        let space = max(0, min(window - queue.inHand, free(permit.standing, lane)))
        guard subscription.buffer != nil else { return space }
        // A buffer is counted in the store: deliveries that cannot start now stay there, so that it contains exactly
        // what it reports.
        let places = (permit.requestsAtOnce - queue.running) * subscription.batch
        return max(0, min(space, places - queue.queued - queue.reserved))
    }
}

// MARK: - New events

extension CourierState {
    /// Decides whether a delivery may be born leased, and reserves a place for it. It may if it could start now: the
    /// subscription is open, its window has space, and nothing older is due (unless it is urgent). A receiver that
    /// rests gets urgent deliveries, one at a time.
    mutating func reserve(_ subscription: Subscription, _ lane: Lane, at now: Instant) -> Bool {
        guard !isStopping, subscription.isOpen else { return false }
        let queue = queues[subscription.id] ?? CourierQueue()
        let permit = permit(subscription.id, subscription, at: now)
        if permit.rests {
            guard lane == .urgent, mayProbe(queue, permit) else { return false }
        }
        guard space(for: subscription, lane, in: queue, permit) > 0 else { return false }
        guard lane == .urgent || queue.backlog.isEmpty else { return false }
        if permit.rests { paces[subscription.id]?.beginUrgent(at: now) }
        change(subscription.id) { $0.reserved += 1 }
        reserved += 1
        return true
    }

    /// Whether a receiver that rests gets an urgent request.
    private func mayProbe(_ queue: CourierQueue, _ permit: CourierQueue.Permit) -> Bool {
        permit.takesUrgent && queue.queued == 0 && queue.reserved == 0 && queue.running < permit.most
    }

    /// Releases the place of a delivery that was not created.
    mutating func cancelReservation(_ id: SubscriptionID) {
        if queues[id] != nil { change(id) { $0.reserved -= 1 } }
        reserved -= 1
    }

    /// Fills a reserved place with its job.
    mutating func takeReserved(_ job: DeliveryJob, _ subscription: Subscription?, at now: Instant) -> Orders {
        cancelReservation(job.subscription)
        return take([job], subscription, at: now)
    }
}

// MARK: - Workers

extension CourierState {
    /// Adds jobs to the queue and returns how many workers to start for them. After the stop no job is accepted; while
    /// a receiver rests, only an urgent request.
    mutating func take(_ jobs: [DeliveryJob], _ subscription: Subscription?, at now: Instant) -> Orders {
        guard !isStopping else { return Orders(handBack: jobs) }
        guard let id = jobs.first?.subscription else { return Orders() }
        for job in jobs { held.insert(job.id) }
        let permit = permit(id, subscription, at: now)
        let (started, surplus) = change(id) { $0.take(jobs, permit) }
        workers += started
        return Orders(workers: started, handBack: surplus)
    }

    /// Takes the results of a worker's last request into the pace of its receiver, and then finds its next job, in one
    /// step: see ``judge(_:_:upTo:at:)`` and ``next(of:_:at:)``.
    mutating func next(
        of id: SubscriptionID, _ subscription: Subscription?, after results: [RequestResult], at now: Instant
    ) -> (job: DeliveryJob?, others: ArraySlice<DeliveryJob>, orders: Orders) {
        var handBack: [DeliveryJob] = []
        for result in results {
            guard let subscription else {
                forget(id)
                break
            }
            handBack += judge(id, result, upTo: subscription.requestsAtOnce, at: now).handBack
        }
        var next = next(of: id, subscription, at: now)
        next.orders.handBack += handBack
        return next
    }

    /// The next job for a worker that has finished one or just started, and the other jobs of the same request; without
    /// a job the worker ends.
    mutating func next(
        of id: SubscriptionID, _ subscription: Subscription?, at now: Instant
    ) -> (job: DeliveryJob?, others: ArraySlice<DeliveryJob>, orders: Orders) {
        guard queues[id] != nil else { return (nil, [], Orders()) }
        let permit = permit(id, subscription, at: now)
        let (job, others, isIdle) = change(id) { $0.pop(permit) }
        if job == nil { workers -= 1 }
        if isIdle {
            queues[id] = nil
            return (job, others, Orders())
        }
        var orders = refill(id, subscription, at: now)
        orders.workers = change(id) { $0.startMore(permit) }
        workers += orders.workers
        return (job, others, orders)
    }

    /// Notes the result of a request. When the receiver begins to rest, its jobs go back to the store.
    ///
    /// - Parameter most: how many requests at once the subscription allows.
    mutating func judge(
        _ id: SubscriptionID, _ result: RequestResult, upTo most: Int = ReceiverPace.most, at now: Instant
    ) -> Orders {
        var pace = pace(of: id)
        if result.isAccepted {
            pace.succeed(upTo: most)
        } else {
            pace.fail(started: result.started, at: now)
        }
        keep(pace, of: id)
        guard pace.rests(at: now), queues[id] != nil else { return Orders() }
        return Orders(handBack: change(id) { $0.empty() })
    }

    /// Takes over what the store knows of a receiver, before its first request.
    mutating func restore(_ id: SubscriptionID, _ health: SubscriptionHealth, at now: Instant) {
        keep(ReceiverPace(restoring: health, atFirst: limits.atFirst, now: now), of: id)
    }

    /// Ends the rest of a receiver, because an operator changed the subscription or asked for a retry.
    mutating func endRest(of id: SubscriptionID, at now: Instant) { paces[id]?.endRest(at: now) }

    /// Forgets a receiver whose subscription is gone.
    mutating func forget(_ id: SubscriptionID) {
        forgetBacklog(of: id)
        keep(nil, of: id)
    }

    /// Forgets what waits in the store for a subscription from which nothing is claimed now; a change of it is followed
    /// by another look.
    mutating func forgetBacklog(of id: SubscriptionID) {
        guard let queue = queues[id] else { return }
        queues[id]?.backlog = LaneFlags()
        queues[id]?.next = DueTimes()
        if queue.inHand == 0, !queue.isClaiming { queues[id] = nil }
    }

    /// A queue's places are counted by its receiver's standing, so they change sides together.
    private mutating func keep(_ pace: ReceiverPace?, of id: SubscriptionID) {
        let (wasWell, places) = (isWell(id), queues[id]?.places ?? 0)
        paces[id] = pace
        if wasWell != isWell(id) { strained += wasWell ? places : -places }
    }

    /// Forgets deliveries with durable results.
    mutating func settled(_ deliveries: some Sequence<DeliveryID>) {
        for delivery in deliveries { held.remove(delivery) }
    }

    /// Refuses new jobs and empties the queues; running attempts continue. The returned jobs must be handed back.
    mutating func stop() -> [DeliveryJob] {
        isStopping = true
        return queues.keys.flatMap { id in
            change(id) { queue in
                defer { queue.backlog = LaneFlags() }
                return queue.empty()
            }
        }
    }
}

// MARK: - Deliveries that wait in the store

extension CourierState {
    /// Notes that deliveries of the subscription wait in the store, by lane.
    mutating func note(
        waiting id: SubscriptionID, _ due: DueTimes, now: Instant, _ subscription: Subscription?
    ) -> Orders {
        // Nothing waits for a deleted subscription.
        guard let subscription else {
            forget(id)
            return Orders()
        }
        let isDue = change(id) { $0.note(due, at: now) }
        return isDue ? refill(id, subscription, at: now) : Orders()
    }

    /// Decides whether to claim more: only if something is due, and then enough at a time to be worth a transaction.
    /// While a receiver rests, one urgent request is claimed at a time.
    mutating func refill(_ id: SubscriptionID, _ subscription: Subscription?, at now: Instant) -> Orders {
        guard !isStopping, let subscription, subscription.isOpen, let queue = queues[id], !queue.isClaiming,
            !queue.backlog.isEmpty
        else { return Orders() }
        let permit = permit(id, subscription, at: now)
        let urgent = queue.backlog.urgent ? space(for: subscription, .urgent, in: queue, permit) : 0
        if permit.rests {
            guard urgent > 0, mayProbe(queue, permit), mayClaim(permit.standing, .urgent) else { return Orders() }
            paces[id]?.beginUrgent(at: now)
            return claim(min(urgent, permit.batch), isUrgentOnly: true, of: id)
        }
        let normal = space(for: subscription, .normal, in: queue, permit)
        if normal > 0, queue.queued <= max(permit.requestsAtOnce, permit.batch), mayClaim(permit.standing, .normal) {
            return claim(min(normal, limits.claim), isUrgentOnly: false, of: id)
        }
        // Urgent deliveries do not wait until the normal ones leave space.
        guard urgent > 0, mayClaim(permit.standing, .urgent) else { return Orders() }
        return claim(min(urgent, permit.batch), isUrgentOnly: true, of: id)
    }

    private func mayClaim(_ standing: ReceiverPace.Standing, _ lane: Lane) -> Bool {
        if lane == .urgent { return claims < limits.claims + limits.urgentClaims }
        return claims < limits.claims && (standing == .well || strainedClaims < limits.claimsOfOthers)
    }

    private mutating func claim(_ limit: Int, isUrgentOnly: Bool, of id: SubscriptionID) -> Orders {
        claims += 1
        let isStrained = !isWell(id)
        if isStrained { strainedClaims += 1 }
        change(id) { queue in
            queue.claim = CourierQueue.Claim(isStrained: isStrained)
            queue.reserved += limit
        }
        reserved += limit
        return Orders(claim: limit, isUrgentOnly: isUrgentOnly)
    }

    /// Takes the result of a claim, and what was noted while it was running.
    mutating func claimed(
        _ jobs: [DeliveryJob], asked limit: Int, next: DueTimes, now: Instant, of subscription: Subscription
    ) -> Orders {
        let id = subscription.id
        let next = next.earlier(queues[id]?.claim?.heard ?? DueTimes())
        finishClaim(id, asked: limit)
        _ = change(id) { queue in
            queue.next = DueTimes()
            return queue.note(next, at: now)
        }
        var orders = take(jobs, subscription, at: now)
        let more = refill(id, subscription, at: now)
        (orders.claim, orders.isUrgentOnly) = (more.claim, more.isUrgentOnly)
        return orders
    }

    /// Ends a claim that failed: the backstop asks again.
    mutating func finishClaim(_ id: SubscriptionID, asked limit: Int) {
        let claim = queues[id]?.claim
        claims -= 1
        if claim?.isStrained ?? false { strainedClaims -= 1 }
        change(id) { queue in
            queue.claim = nil
            queue.reserved -= limit
            queue.backlog = LaneFlags()
        }
        reserved -= limit
    }

    /// The subscriptions that have something to claim now and no worker that would do so: deliveries became due, a rest
    /// is over, or there was no space before.
    mutating func becomeDue(at now: Instant) -> [SubscriptionID] {
        // First found, then changed: a change during the search would copy all queues.
        let ids = queues.filter { $0.value.mayHaveDue(at: now) }.map(\.key)
        return ids.filter { id in
            queues[id]?.becomeDue(at: now)
            guard let queue = queues[id] else { return false }
            let pace = pace(of: id)
            if queue.backlog.urgent, pace.takesUrgent(at: now) { return true }
            return queue.inHand == 0 && !pace.rests(at: now)
        }
    }
}
