internal import DequeModule
internal import GatehouseCore

/// The state and the decisions of the courier: which jobs it holds, which job is next, when to fetch more. It has no
/// effects, so that every decision can be tested without a store, a socket or a clock.
struct CourierState {
    /// The jobs of one subscription in memory, and what is known about those that wait in the store. It is changed in
    /// place in the dictionary: a copy would copy all its jobs.
    struct Queue {
        var urgent: Deque<DeliveryJob> = []
        var normal: Deque<DeliveryJob> = []
        /// Workers that are attempting one of its jobs.
        var running = 0
        /// Places reserved for events that are being committed.
        var reserved = 0
        /// Whether a claim is running.
        var isClaiming = false
        /// Whether the store has due deliveries: newer ones then queue behind them there.
        var hasBacklog = false
        /// When the store's next delivery is due, as far as is known.
        var nextDue: Instant?
        /// The earliest due time that was noted during a claim. The claim may have read before that delivery existed.
        var heard: Instant?

        var inHand: Int { urgent.count + normal.count + running + reserved }
        var queued: Int { urgent.count + normal.count }
        var isIdle: Bool { inHand == 0 && !isClaiming && !hasBacklog && nextDue == nil }

        /// Adds jobs and returns how many workers to start for them; these count as running from now on.
        mutating func take(_ jobs: [DeliveryJob], atOnce bound: Int) -> Int {
            for job in jobs {
                switch job.lane {
                case .urgent: urgent.append(job)
                case .normal: normal.append(job)
                }
            }
            let started = max(0, min(bound - running, queued))
            running += started
            return started
        }

        /// Removes the next jobs for a worker. If there are none, or too many workers are running, the worker no longer
        /// counts as running.
        mutating func pop(
            _ subscription: Subscription?
        ) -> (job: DeliveryJob?, others: ArraySlice<DeliveryJob>, isIdle: Bool) {
            var job: DeliveryJob?
            var others: ArraySlice<DeliveryJob> = []
            if running <= subscription?.requestsAtOnce ?? 1 {
                if let subscription, subscription.batch > 1 {
                    let jobs = popBatch(subscription.batch)
                    job = jobs.first
                    others = jobs.dropFirst()
                } else {
                    job = urgent.popFirst() ?? normal.popFirst()
                }
            }
            if job == nil { running -= 1 }
            return (job, others, isIdle)
        }

        /// Removes the jobs of one request: urgent jobs before normal ones, and in a lane those of the oldest events
        /// first. In the request all are in the order of their events.
        private mutating func popBatch(_ most: Int) -> [DeliveryJob] {
            urgent.sort { $0.isOlder(than: $1) }
            normal.sort { $0.isOlder(than: $1) }
            var jobs = Array(urgent.prefix(most))
            urgent.removeFirst(jobs.count)
            let more = min(most - jobs.count, normal.count)
            jobs += normal.prefix(more)
            normal.removeFirst(more)
            jobs.sort { $0.isOlder(than: $1) }
            return jobs
        }
    }

    /// What to do after a decision.
    struct Orders {
        /// How many workers to start.
        var workers = 0
        /// How many deliveries to claim from the store; 0 for none.
        var claim = 0
        /// Jobs that came after the stop; they must be handed back.
        var handBack: [DeliveryJob] = []
    }

    let limits: CourierLimits
    private(set) var queues: [SubscriptionID: Queue] = [:]
    /// Deliveries that are leased to this gateway and whose result is not yet durable.
    private(set) var held: Set<DeliveryID> = []
    private(set) var reserved = 0
    private(set) var workers = 0
    private(set) var isStopping = false

    init(limits: CourierLimits) {
        self.limits = limits
    }

    private var total: Int { held.count + reserved }

    /// How many jobs of a subscription may be in memory: many while there is space; few when slow receivers fill it, so
    /// that other subscriptions have space.
    private func window(_ subscription: Subscription) -> Int {
        let few = max(subscription.terms.concurrency * 2, subscription.batch)
        return total < limits.jobs / 2 ? max(limits.window, few) : min(limits.window, few)
    }

    private func space(for subscription: Subscription, in queue: Queue) -> Int {
        let space = max(0, min(window(subscription) - queue.inHand, limits.jobs - total))
        guard subscription.buffer != nil else { return space }
        // A buffer is counted in the store: deliveries that cannot start now stay there, so that it contains exactly
        // what it reports.
        let places = (subscription.requestsAtOnce - queue.running) * subscription.batch
        return max(0, min(space, places - queue.queued - queue.reserved))
    }
}

// MARK: - New events

extension CourierState {
    /// Decides whether a delivery may be born leased, and reserves a place for it. It may if it could start now: the
    /// subscription is open, its window has space, and nothing older is due (unless it is urgent).
    mutating func reserve(_ subscription: Subscription, _ lane: Lane) -> Bool {
        guard !isStopping, subscription.isOpen else { return false }
        let queue = queues[subscription.id] ?? Queue()
        guard space(for: subscription, in: queue) > 0, lane == .urgent || !queue.hasBacklog else { return false }
        queues[subscription.id, default: Queue()].reserved += 1
        reserved += 1
        return true
    }

    /// Releases the place of a delivery that was not created.
    mutating func cancelReservation(_ subscription: SubscriptionID) {
        queues[subscription]?.reserved -= 1
        reserved -= 1
    }

    /// Fills a reserved place with its job.
    mutating func takeReserved(_ job: DeliveryJob, _ subscription: Subscription?) -> Orders {
        cancelReservation(job.subscription)
        return take([job], subscription)
    }
}

// MARK: - Workers

extension CourierState {
    /// Adds jobs to the queue and returns how many workers to start for them. After the stop no job is accepted.
    mutating func take(_ jobs: [DeliveryJob], _ subscription: Subscription?) -> Orders {
        guard !isStopping else { return Orders(handBack: jobs) }
        guard let first = jobs.first else { return Orders() }
        for job in jobs { held.insert(job.id) }
        let started = queues[first.subscription, default: Queue()].take(jobs, atOnce: subscription?.requestsAtOnce ?? 1)
        workers += started
        return Orders(workers: started)
    }

    /// The next job for a worker that has finished one or just started, and the other jobs of the same request; without
    /// a job the worker ends.
    mutating func next(
        of id: SubscriptionID, _ subscription: Subscription?
    ) -> (job: DeliveryJob?, others: ArraySlice<DeliveryJob>, orders: Orders) {
        guard let (job, others, isIdle) = queues[id]?.pop(subscription) else { return (nil, [], Orders()) }
        if job == nil { workers -= 1 }
        if isIdle { queues[id] = nil }
        return (job, others, refill(id, subscription))
    }

    /// Forgets deliveries with durable results.
    mutating func settled(_ deliveries: some Sequence<DeliveryID>) {
        for delivery in deliveries { held.remove(delivery) }
    }

    /// Refuses new jobs and empties the queues; running attempts continue. The returned jobs must be handed back.
    mutating func stop() -> [DeliveryJob] {
        isStopping = true
        var jobs: [DeliveryJob] = []
        for id in queues.keys {
            jobs += queues[id]?.urgent ?? []
            jobs += queues[id]?.normal ?? []
            queues[id]?.urgent = []
            queues[id]?.normal = []
            queues[id]?.hasBacklog = false
        }
        return jobs
    }
}

// MARK: - Deliveries that wait in the store

extension CourierState {
    /// Notes that a delivery of the subscription waits in the store.
    mutating func note(waiting id: SubscriptionID, due: Instant, now: Instant, _ subscription: Subscription?) -> Orders
    {
        // Nothing waits for a deleted subscription.
        guard let subscription else { return Orders() }
        if let queue = queues[id], queue.isClaiming { queues[id]?.heard = min(queue.heard ?? due, due) }
        if due <= now {
            queues[id, default: Queue()].hasBacklog = true
            return refill(id, subscription)
        }
        let known = queues[id]?.nextDue
        queues[id, default: Queue()].nextDue = min(known ?? due, due)
        return Orders()
    }

    /// Decides whether to claim more: only if something is due, and then enough at a time to be worth a transaction.
    mutating func refill(_ id: SubscriptionID, _ subscription: Subscription?) -> Orders {
        guard !isStopping, let subscription, subscription.isOpen, let queue = queues[id], queue.hasBacklog,
            !queue.isClaiming
        else { return Orders() }
        let space = space(for: subscription, in: queue)
        let low = max(subscription.terms.concurrency, subscription.batch)
        guard space > 0, queue.queued <= low else { return Orders() }
        let limit = min(space, limits.claim)
        queues[id]?.isClaiming = true
        reserved += limit
        queues[id]?.reserved += limit
        return Orders(claim: limit)
    }

    /// Takes the result of a claim, and what was noted while it was running.
    mutating func claimed(
        _ jobs: [DeliveryJob], asked limit: Int, nextDue: Instant?, now: Instant, of subscription: Subscription
    ) -> Orders {
        let nextDue = [nextDue, queues[subscription.id]?.heard].compactMap { $0 }.min()
        finishClaim(subscription.id, asked: limit)
        queues[subscription.id, default: Queue()].hasBacklog = nextDue.map { $0 <= now } ?? false
        queues[subscription.id]?.nextDue = nextDue
        var orders = take(jobs, subscription)
        orders.claim = refill(subscription.id, subscription).claim
        return orders
    }

    /// Ends a claim that failed: the backstop asks again.
    mutating func finishClaim(_ id: SubscriptionID, asked limit: Int) {
        queues[id]?.isClaiming = false
        queues[id]?.heard = nil
        queues[id]?.reserved -= limit
        reserved -= limit
        queues[id]?.hasBacklog = false
    }

    /// The subscriptions whose next delivery has become due; from now on they have a backlog.
    mutating func becomeDue(at now: Instant) -> [SubscriptionID] {
        let ids = queues.filter { $0.value.nextDue.map { $0 <= now } ?? false }.map(\.key)
        for id in ids {
            queues[id]?.nextDue = nil
            queues[id]?.hasBacklog = true
        }
        return ids
    }
}

/// How much the courier may hold.
struct CourierLimits: Sendable {
    /// Jobs of one subscription in memory while there is space.
    var window = 1024
    /// Jobs in memory in all; about 1 KiB each.
    var jobs = 20_000
    /// Deliveries fetched by one claim.
    var claim = 256
}
