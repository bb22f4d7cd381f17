import GatehouseCore
import Testing

@testable import GatehouseDelivery

/// A world around the courier's decisions: receivers with a behaviour, a store in memory, a clock that jumps from one
/// happening to the next. Hours pass in seconds.
struct CourierWorld {
    /// How a receiver answers.
    enum Behaviour: CaseIterable {
        case answers, refuses, hangs
        /// Hangs for ten minutes of each twenty.
        case hangsNowAndThen
    }

    /// One receiver.
    struct Receiver {
        let subscription: Subscription
        var behaviour: Behaviour
        /// Deliveries in the store, with the time when they are due.
        var waiting: [(id: Int, lane: Lane, due: Instant)] = []
        var owed = 0
        var delivered = 0
        /// The longest time from an event to its delivery, by lane.
        var slowest: [Lane: Duration] = [:]
        var requests = 0
        var underWay = 0
    }

    private struct Request {
        let receiver: Int
        let jobs: [DeliveryJob]
        let started: Instant
        let ends: Instant
        let isAccepted: Bool
    }

    static let timeout = Duration.seconds(10)

    var state: CourierState
    private(set) var receivers: [Receiver] = []
    private(set) var now = Instant(seconds: 1_000_000)
    private var open: [Request] = []
    private var born: [Int: Instant] = [:]
    private var places: [SubscriptionID: Int] = [:]
    private var nextTick = Instant(seconds: 1_000_000)
    private var attempts: [Int: Int] = [:]
    private let tick: Duration
    private var random: SeededRandom

    init(limits: CourierLimits, tick: Duration = .milliseconds(200), seed: UInt64) {
        self.tick = tick
        state = CourierState(limits: limits)
        random = SeededRandom(seed: seed)
    }

    mutating func add(_ count: Int, _ behaviour: Behaviour, waiting: Int = 0) {
        for _ in 0..<count {
            let subscription = CourierStateTests.subscription(
                "r\(receivers.count)", concurrency: [16, 1, 2, 4][receivers.count % 4])
            places[subscription.id] = receivers.count
            receivers.append(Receiver(subscription: subscription, behaviour: behaviour))
            for _ in 0..<waiting { owe(receivers.count - 1, .normal) }
            if waiting > 0 { note(receivers.count - 1, DueTimes(.normal, now)) }
        }
    }

    /// From now on a receiver answers.
    mutating func heal(_ place: Int) { receivers[place].behaviour = .answers }

    /// An event that every receiver is owed.
    mutating func post(_ lane: Lane) {
        for place in receivers.indices {
            if state.reserve(receivers[place].subscription, lane, at: now) {
                let number = bear(place)
                obey(state.takeReserved(job(number, place, lane), receivers[place].subscription, at: now), place)
            } else {
                owe(place, lane)
                note(place, DueTimes(lane, now))
            }
        }
    }

    /// Lets time pass.
    mutating func run(for duration: Duration, _ check: (CourierWorld) -> Void = { _ in }) {
        let end = now + duration
        while true {
            let next = min(open.map(\.ends).min() ?? nextTick, nextTick)
            guard next <= end else { break }
            now = max(now, next)
            while let place = open.firstIndex(where: { $0.ends <= now }) { finish(open.remove(at: place)) }
            if nextTick <= now {
                nextTick = now + tick
                for id in state.becomeDue(at: now) {
                    guard let place = places[id] else { continue }
                    obey(state.refill(id, receivers[place].subscription, at: now), place)
                }
                check(self)
            }
        }
        now = end
    }

    func paceRests(_ place: Int) -> Bool {
        state.paces[receivers[place].subscription.id]?.rests(at: now) ?? false
    }

    // MARK: Deliveries

    private mutating func bear(_ place: Int) -> Int {
        let number = born.count + 1
        born[number] = now
        receivers[place].owed += 1
        return number
    }

    private mutating func owe(_ place: Int, _ lane: Lane) {
        receivers[place].waiting.append((bear(place), lane, now))
    }

    private func job(_ number: Int, _ place: Int, _ lane: Lane) -> DeliveryJob {
        let parts = Event.Parts(
            id: EventID(high: 1, low: UInt64(number)), kind: .doorOpened, organization: OrganizationID("acme"),
            received: now)
        return DeliveryJob(
            id: DeliveryID(EventPosition(Int64(number)), 1), subscription: receivers[place].subscription.id,
            event: Event(parts),
            lane: lane, attempts: 0, spent: 0)
    }

    private mutating func note(_ place: Int, _ due: DueTimes) {
        let subscription = receivers[place].subscription
        obey(state.note(waiting: subscription.id, due, now: now, subscription), place)
    }

    // MARK: What the courier does

    private mutating func obey(_ orders: CourierState.Orders, _ place: Int) {
        state.settled(orders.handBack.map(\.id))
        for job in orders.handBack {
            receivers[place].waiting.append((Int(job.id.event.number), job.lane, now))
            note(place, DueTimes(job.lane, now))
        }
        for _ in 0..<orders.workers { work(place) }
        if orders.claim > 0 { claim(place, orders) }
    }

    private mutating func claim(_ place: Int, _ orders: CourierState.Orders) {
        var jobs: [DeliveryJob] = []
        for lane in orders.lanes {
            while jobs.count < orders.claim,
                let found = receivers[place].waiting.firstIndex(where: { $0.lane == lane && $0.due <= now })
            {
                jobs.append(job(receivers[place].waiting.remove(at: found).id, place, lane))
            }
        }
        var next = DueTimes()
        for lane in Lane.allCases {
            next[lane] = receivers[place].waiting.filter { $0.lane == lane }.map(\.due).min()
        }
        let subscription = receivers[place].subscription
        obey(state.claimed(jobs, asked: orders.claim, next: next, now: now, of: subscription), place)
    }

    private mutating func work(_ place: Int) {
        let subscription = receivers[place].subscription
        let (job, others, orders) = state.next(of: subscription.id, subscription, at: now)
        if let job {
            let (duration, isAccepted) = answer(place)
            receivers[place].requests += 1
            receivers[place].underWay += 1
            open.append(
                Request(
                    receiver: place, jobs: [job] + others, started: now, ends: now + duration, isAccepted: isAccepted))
        }
        obey(orders, place)
    }

    private mutating func answer(_ place: Int) -> (Duration, Bool) {
        let quick = Duration.milliseconds(Int64.random(in: 5...50, using: &random))
        return switch receivers[place].behaviour {
        case .answers: (quick, true)
        case .refuses: (quick, false)
        case .hangs: (Self.timeout, false)
        case .hangsNowAndThen: (now.microseconds / 600_000_000) % 2 == 0 ? (Self.timeout, false) : (quick, true)
        }
    }

    private mutating func finish(_ request: Request) {
        let place = request.receiver
        receivers[place].underWay -= 1
        let result = RequestResult(started: request.started, isAccepted: request.isAccepted)
        let most = receivers[place].subscription.requestsAtOnce
        obey(state.judge(receivers[place].subscription.id, result, upTo: most, at: now), place)
        state.settled(request.jobs.map(\.id))
        for job in request.jobs { settle(job, place, request.isAccepted) }
        work(place)
    }

    private mutating func settle(_ job: DeliveryJob, _ place: Int, _ isAccepted: Bool) {
        let number = Int(job.id.event.number)
        if isAccepted {
            receivers[place].delivered += 1
            let took = born[number].map { now - $0 } ?? .zero
            receivers[place].slowest[job.lane] = max(receivers[place].slowest[job.lane] ?? .zero, took)
        } else {
            attempts[number, default: 0] += 1
            let due = now + .seconds(5 << min(attempts[number, default: 0], 9))
            receivers[place].waiting.append((number, job.lane, due))
            note(place, DueTimes(job.lane, due))
        }
    }
}
