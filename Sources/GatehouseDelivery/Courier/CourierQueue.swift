internal import DequeModule
internal import GatehouseCore

/// The jobs of one subscription in memory, and what is known about those that wait in the store. It is changed in place
/// in the courier's dictionary: a copy would copy all its jobs.
struct CourierQueue {
    /// What its receiver may be sent now.
    struct Permit {
        /// Requests at once that the subscription allows, from 1.
        let most: Int
        /// Requests at once by the receiver's pace, from 1 to `most`.
        let requestsAtOnce: Int
        /// Deliveries in one request, from 1.
        let batch: Int
        /// Whether the receiver rests: then it gets one urgent request at a time, and nothing else.
        let rests: Bool
        /// Whether an urgent request may be made now.
        let takesUrgent: Bool
        let standing: ReceiverPace.Standing
        /// Whether the connection is kept after the request.
        let keepsConnection: Bool
    }

    /// A claim that is running.
    struct Claim {
        /// Whether its receiver was not doing well when it began.
        let isStrained: Bool
        /// What was noted while it was running. It may have read the store before.
        var heard = DueTimes()
    }

    private(set) var urgent: Deque<DeliveryJob> = []
    private(set) var normal: Deque<DeliveryJob> = []
    /// Workers that are attempting one of its jobs.
    private(set) var running = 0
    /// Places reserved for events that are being committed, and for jobs that are being claimed.
    var reserved = 0
    /// Deliveries in one request, as far as is known.
    private var batch = 1
    /// The claim that is running.
    var claim: Claim?
    /// The lanes in which the store has due deliveries: newer ones then queue behind them there.
    var backlog = LaneFlags()
    /// When the store's next deliveries are due, as far as is known.
    var next = DueTimes()

    var isClaiming: Bool { claim != nil }
    var queued: Int { urgent.count + normal.count }
    var inHand: Int { queued + running + reserved }
    /// The places in memory that it uses; a request under way counts with all deliveries that it may carry.
    var places: Int { queued + running * batch + reserved }
    var isIdle: Bool { inHand == 0 && !isClaiming && backlog.isEmpty && next.earliest == nil }

    // MARK: Jobs

    /// Adds jobs and returns how many workers to start for them, which count as running from now on, and the jobs for
    /// which a resting receiver has no use.
    mutating func take(_ jobs: [DeliveryJob], _ permit: Permit) -> (started: Int, surplus: [DeliveryJob]) {
        for job in jobs {
            switch job.lane {
            case .urgent: urgent.append(job)
            case .normal: normal.append(job)
            }
        }
        batch = permit.batch
        let surplus = permit.rests ? empty(butUrgent: permit.batch) : []
        return (startMore(permit), surplus)
    }

    /// How many more workers start for the jobs that are here; they count as running from now on. An urgent job does
    /// not wait for the requests under way, as far as the subscription allows one more.
    mutating func startMore(_ permit: Permit) -> Int {
        let bound = permit.rests ? running + 1 : permit.requestsAtOnce + (urgent.isEmpty ? 0 : 1)
        let started = max(0, min(min(bound, permit.most) - running, queued))
        running += started
        return started
    }

    /// Removes the next jobs for a worker. If there are none, or too many workers are running, the worker no longer
    /// counts as running.
    mutating func pop(_ permit: Permit) -> (job: DeliveryJob?, others: ArraySlice<DeliveryJob>, isIdle: Bool) {
        batch = permit.batch
        var jobs: ArraySlice<DeliveryJob> = []
        if running <= (urgent.isEmpty ? permit.requestsAtOnce : permit.most) {
            if permit.batch > 1 {
                jobs = popBatch(permit.batch)[...]
            } else if let job = urgent.popFirst() ?? normal.popFirst() {
                jobs = [job]
            }
        }
        if jobs.isEmpty { running -= 1 }
        for place in jobs.indices {
            jobs[place].standing = permit.standing
            jobs[place].keepsConnection = permit.keepsConnection
        }
        return (jobs.first, jobs.dropFirst(), isIdle)
    }

    /// Removes the jobs of one request: urgent jobs before normal ones, and in a lane those of the oldest events first.
    /// In the request all are in the order of their events.
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

    /// Removes the jobs that no worker has; they then wait in the store and are due.
    ///
    /// - Parameter kept: how many urgent ones stay.
    mutating func empty(butUrgent kept: Int = 0) -> [DeliveryJob] {
        let jobs = Array(urgent.dropFirst(kept)) + Array(normal)
        backlog.urgent = backlog.urgent || urgent.count > kept
        backlog.normal = backlog.normal || !normal.isEmpty
        urgent = Deque(urgent.prefix(kept))
        normal = []
        return jobs
    }

    // MARK: Deliveries that wait in the store

    /// Notes when deliveries in the store are due. Returns whether one is due now.
    mutating func note(_ due: DueTimes, at now: Instant) -> Bool {
        if let heard = claim?.heard { claim?.heard = heard.earlier(due) }
        next = next.earlier(due)
        becomeDue(at: now)
        return due.earliest.map { $0 <= now } ?? false
    }

    /// Whether ``becomeDue(at:)`` would find something, or found it earlier and nothing was claimed since.
    func mayHaveDue(at now: Instant) -> Bool {
        !isClaiming && (!backlog.isEmpty || next.earliest.map { $0 <= now } ?? false)
    }

    /// Counts deliveries whose time has come as a backlog.
    mutating func becomeDue(at now: Instant) {
        if let due = next.urgent, due <= now { (next.urgent, backlog.urgent) = (nil, true) }
        if let due = next.normal, due <= now { (next.normal, backlog.normal) = (nil, true) }
    }
}

/// Yes or no for each lane.
struct LaneFlags: Hashable {
    var urgent = false
    var normal = false

    var isEmpty: Bool { !urgent && !normal }
}
