internal import DequeModule
internal import GatehouseCore

/// What the courier knows and decides: which jobs it holds, whose turn it is, when to fetch more. It does nothing
/// itself, so that every decision can be tested without a store, a socket or a clock.
struct CourierState {
    /// One subscription's jobs in memory, and what is known of those that wait in the store. It is changed in its place
    /// in the dictionary: a copy of it would copy all its jobs.
    struct Queue {
        var urgent: Deque<DeliveryJob> = []
        var normal: Deque<DeliveryJob> = []
        /// Workers that are attempting a job of it.
        var running = 0
        /// Places kept for events that are being committed.
        var reserved = 0
        /// Whether a claim is under way.
        var isClaiming = false
        /// Whether the store holds deliveries that are due: then newer ones queue behind them there.
        var hasBacklog = false
        /// When the store's next delivery is due, as far as is known.
        var nextDue: Instant?
        /// The earliest due that was noted during a claim, which may have looked before it was there.
        var heard: Instant?

        var inHand: Int { urgent.count + normal.count + running + reserved }
        var queued: Int { urgent.count + normal.count }
        var isIdle: Bool { inHand == 0 && !isClaiming && !hasBacklog && nextDue == nil }

        /// Puts jobs in and says how many workers are to be started for them, who count as running from now on.
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

        /// Takes out what a worker is to attempt next; where there is nothing, or more are at work than may be, it runs
        /// no longer.
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

        /// Takes out what one request is to carry: urgent jobs before normal ones, and of a lane those of the oldest
        /// events. In the request all stand in the order of their events.
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

    /// What is to be done after a decision.
    struct Orders {
        /// How many workers to start.
        var workers = 0
        /// How many deliveries to claim from the store; 0 for none.
        var claim = 0
        /// Jobs that came after the stop; they are to be handed back.
        var handBack: [DeliveryJob] = []
    }

    let limits: CourierLimits
    private(set) var queues: [SubscriptionID: Queue] = [:]
    /// Deliveries leased to this gateway whose result is not yet durable.
    private(set) var held: Set<DeliveryID> = []
    private(set) var reserved = 0
    private(set) var workers = 0
    private(set) var isStopping = false

    init(limits: CourierLimits) {
        self.limits = limits
    }

    private var total: Int { held.count + reserved }

    /// How many jobs of a subscription may be in memory: many while there is room, few when slow receivers fill it, so
    /// that they leave room for the others.
    private func window(_ subscription: Subscription) -> Int {
        let few = max(subscription.terms.concurrency * 2, subscription.batch)
        return total < limits.jobs / 2 ? max(limits.window, few) : min(limits.window, few)
    }

    private func room(for subscription: Subscription, in queue: Queue) -> Int {
        let room = max(0, min(window(subscription) - queue.inHand, limits.jobs - total))
        guard subscription.buffer != nil else { return room }
        // A buffer is counted in the store: what cannot go now stays there, so that it holds just what it says.
        let places = (subscription.requestsAtOnce - queue.running) * subscription.batch
        return max(0, min(room, places - queue.queued - queue.reserved))
    }
}

// MARK: - New events

extension CourierState {
    /// Decides whether a delivery may be born leased, and keeps a place for it. It may where it could go now: the
    /// subscription is open, its window has room, and nothing older is due (unless it is urgent).
    mutating func reserve(_ subscription: Subscription, _ lane: Lane) -> Bool {
        guard !isStopping, subscription.isOpen else { return false }
        let queue = queues[subscription.id] ?? Queue()
        guard room(for: subscription, in: queue) > 0, lane == .urgent || !queue.hasBacklog else { return false }
        queues[subscription.id, default: Queue()].reserved += 1
        reserved += 1
        return true
    }

    /// Gives back a place whose delivery was not born.
    mutating func cancelReservation(_ subscription: SubscriptionID) {
        queues[subscription]?.reserved -= 1
        reserved -= 1
    }

    /// Fills a place that was kept with the job that was born.
    mutating func takeReserved(_ job: DeliveryJob, _ subscription: Subscription?) -> Orders {
        cancelReservation(job.subscription)
        return take([job], subscription)
    }
}

// MARK: - Workers

extension CourierState {
    /// Puts jobs in the queue and says how many workers to start for them. After the stop none is taken.
    mutating func take(_ jobs: [DeliveryJob], _ subscription: Subscription?) -> Orders {
        guard !isStopping else { return Orders(handBack: jobs) }
        guard let first = jobs.first else { return Orders() }
        for job in jobs { held.insert(job.id) }
        let started = queues[first.subscription, default: Queue()].take(jobs, atOnce: subscription?.requestsAtOnce ?? 1)
        workers += started
        return Orders(workers: started)
    }

    /// The next job for a worker that has finished one or just begun, and the others that go in the same request; no
    /// job sends the worker home.
    mutating func next(
        of id: SubscriptionID, _ subscription: Subscription?
    ) -> (job: DeliveryJob?, others: ArraySlice<DeliveryJob>, orders: Orders) {
        guard let (job, others, isIdle) = queues[id]?.pop(subscription) else { return (nil, [], Orders()) }
        if job == nil { workers -= 1 }
        if isIdle { queues[id] = nil }
        return (job, others, refill(id, subscription))
    }

    /// Forgets deliveries whose results are durable.
    mutating func settled(_ deliveries: some Sequence<DeliveryID>) {
        for delivery in deliveries { held.remove(delivery) }
    }

    /// Stops everything that is new and empties the queues; what is on the wire goes on. The jobs are to be handed
    /// back.
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

// MARK: - What waits in the store

extension CourierState {
    /// Notes that a delivery of the subscription waits in the store.
    mutating func note(waiting id: SubscriptionID, due: Instant, now: Instant, _ subscription: Subscription?) -> Orders
    {
        // Nothing waits for a subscription that is gone.
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

    /// Decides whether to claim more: only where something is due, and then enough at a time to be worth a transaction.
    mutating func refill(_ id: SubscriptionID, _ subscription: Subscription?) -> Orders {
        guard !isStopping, let subscription, subscription.isOpen, let queue = queues[id], queue.hasBacklog,
            !queue.isClaiming
        else { return Orders() }
        let room = room(for: subscription, in: queue)
        let low = max(subscription.terms.concurrency, subscription.batch)
        guard room > 0, queue.queued <= low else { return Orders() }
        let limit = min(room, limits.claim)
        queues[id]?.isClaiming = true
        reserved += limit
        queues[id]?.reserved += limit
        return Orders(claim: limit)
    }

    /// Takes in what a claim brought, and what was noted while it was under way.
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
    /// Jobs of one subscription in memory while there is room.
    var window = 1024
    /// Jobs in memory in all; about 1 KiB each.
    var jobs = 20_000
    /// Deliveries fetched by one claim.
    var claim = 256
}
