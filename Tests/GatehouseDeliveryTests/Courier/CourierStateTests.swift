import GatehouseCore
import Testing

@testable import GatehouseDelivery

/// The courier's decisions, without a store, a socket or a clock.
@Suite struct CourierStateTests {
    private let subscription = CourierStateTests.subscription(concurrency: 2)
    private let now = Instant(seconds: 1_000)

    @Test func aFreshDeliveryIsLeasedWhereItCanGoNow() {
        var state = Self.state(CourierLimits())
        expect(state.reserve(subscription, .normal, at: now))
        let orders = state.takeReserved(job(1), subscription, at: now)
        expect(orders.workers == 1)
        expect(state.reserved == 0)
        expect(state.next(of: subscription.id, subscription, at: now).job?.id == DeliveryID(EventPosition(1), 1))
        expect(state.next(of: subscription.id, subscription, at: now).job == nil)
    }

    @Test(arguments: [Subscription.Hold.paused, .disabled])
    func aHeldSubscriptionIsOwedButNotLeased(hold: Subscription.Hold) {
        var state = Self.state(CourierLimits())
        expect(!state.reserve(Self.subscription(concurrency: 2, hold: hold), .normal, at: now))
    }

    @Test func deliveryBeyondTheWindowWaits() {
        var state = Self.state(CourierLimits(window: 4, jobs: 100, claim: 10))
        let granted = (0..<10).count { _ in state.reserve(subscription, .normal, at: now) }
        expect(granted == 4)
    }

    @Test func deliveryBeyondTheWholeMemoryWaits() {
        var state = Self.state(CourierLimits(window: 50, jobs: 20, claim: 10))
        let granted = (0..<100).count { _ in state.reserve(subscription, .normal, at: now) }
        expect(granted <= 20)
        expect(granted >= 4)
    }

    @Test func behindABacklogOnlyUrgentDeliveriesAreBornLeased() {
        var state = Self.state(CourierLimits())
        _ = state.note(waiting: subscription.id, DueTimes(.normal, now), now: now, subscription)
        expect(!state.reserve(subscription, .normal, at: now))
        expect(state.reserve(subscription, .urgent, at: now))
    }

    @Test func noMoreWorkersStartThanTheSubscriptionAllows() {
        var state = Self.state(CourierLimits())
        let orders = state.take((1...5).map { job($0) }, subscription, at: now)
        expect(orders.workers == 2)
        expect(state.take([job(6)], subscription, at: now).workers == 0)
    }

    @Test func urgentJobsGoFirst() {
        var state = Self.state(CourierLimits())
        _ = state.take([job(1), job(2, .urgent)], subscription, at: now)
        expect(state.next(of: subscription.id, subscription, at: now).job?.id == DeliveryID(EventPosition(2), 1))
        expect(state.next(of: subscription.id, subscription, at: now).job?.id == DeliveryID(EventPosition(1), 1))
    }

    @Test func resultsOfAWorkerAreJudgedBeforeItsNextJob() {
        var state = Self.state(CourierLimits())
        _ = state.take((1...5).map { job($0) }, subscription, at: now)
        let failed = RequestResult(started: now, isAccepted: false)
        let first = state.next(of: subscription.id, subscription, after: [], at: now)
        expect(first.job?.id == DeliveryID(EventPosition(1), 1))
        let four = Array(repeating: failed, count: ReceiverPace.patience - 1)
        let second = state.next(of: subscription.id, subscription, after: four, at: now)
        expect(second.job?.id == DeliveryID(EventPosition(2), 1))
        let last = state.next(of: subscription.id, subscription, after: [failed], at: now)
        expect(last.job == nil)
        expect(last.orders.handBack.map(\.id.event.number) == [3, 4, 5])
    }

    @Test func receiverOfADeletedSubscriptionIsForgotten() {
        var state = Self.state(CourierLimits())
        _ = state.take([job(1)], subscription, at: now)
        _ = state.next(of: subscription.id, subscription, at: now)
        let failed = RequestResult(started: now, isAccepted: false)
        expect(state.next(of: subscription.id, nil, after: [failed], at: now).job == nil)
        expect(state.paces[subscription.id] == nil && state.queues.isEmpty)
    }

    @Test func somethingDueIsClaimedOnceAtATime() {
        var state = Self.state(CourierLimits(window: 100, jobs: 1000, claim: 10))
        expect(state.note(waiting: subscription.id, DueTimes(.normal, now), now: now, subscription).claim == 10)
        expect(state.note(waiting: subscription.id, DueTimes(.normal, now), now: now, subscription).claim == 0)
        let orders = state.claimed((1...3).map { job($0) }, asked: 10, next: DueTimes(), now: now, of: subscription)
        expect(orders.workers == 2)
        expect(orders.claim == 0)
        expect(state.reserved == 0)
    }

    @Test func aFullClaimIsFollowedByAnotherWhenTheQueueRunsLow() {
        var state = Self.state(CourierLimits(window: 100, jobs: 1000, claim: 4))
        _ = state.note(waiting: subscription.id, DueTimes(.normal, now), now: now, subscription)
        let first = state.claimed(
            (1...4).map { job($0) }, asked: 4, next: DueTimes(.normal, now), now: now, of: subscription)
        expect(first.claim == 0)
        expect(state.next(of: subscription.id, subscription, at: now).orders.claim == 0)
        expect(state.next(of: subscription.id, subscription, at: now).orders.claim == 4)
    }

    /// A claim reads the store at one instant; its answer does not contain later commits.
    @Test func deliveryNotedDuringAClaimIsLookedForAfterIt() {
        var state = Self.state(CourierLimits())
        let orders = state.note(waiting: subscription.id, DueTimes(.normal, now), now: now, subscription)
        expect(state.note(waiting: subscription.id, DueTimes(.normal, now), now: now, subscription).claim == 0)
        let again = state.claimed([job(1)], asked: orders.claim, next: DueTimes(), now: now, of: subscription)
        expect(again.claim > 0)
        expect(state.claimed([job(2)], asked: again.claim, next: DueTimes(), now: now, of: subscription).claim == 0)
    }

    @Test func aRetryThatIsNotedDuringAClaimKeepsItsTime() {
        var state = Self.state(CourierLimits())
        let later = now + .seconds(5)
        let orders = state.note(waiting: subscription.id, DueTimes(.normal, now), now: now, subscription)
        _ = state.note(waiting: subscription.id, DueTimes(.normal, later), now: now, subscription)
        let again = state.claimed(
            [], asked: orders.claim, next: DueTimes(.normal, now + .seconds(60)), now: now, of: subscription)
        expect(again.claim == 0)
        expect(state.becomeDue(at: later) == [subscription.id])
    }

    @Test func deliveryDueLaterIsClaimedThen() {
        var state = Self.state(CourierLimits())
        let later = now + .seconds(5)
        expect(state.note(waiting: subscription.id, DueTimes(.normal, later), now: now, subscription).claim == 0)
        expect(state.becomeDue(at: now).isEmpty)
        expect(state.becomeDue(at: later) == [subscription.id])
        expect(state.refill(subscription.id, subscription, at: now).claim > 0)
    }

    @Test func aFailedClaimGivesItsPlacesBack() {
        var state = Self.state(CourierLimits())
        let orders = state.note(waiting: subscription.id, DueTimes(.normal, now), now: now, subscription)
        state.finishClaim(subscription.id, asked: orders.claim)
        expect(state.reserved == 0)
        expect(state.note(waiting: subscription.id, DueTimes(.normal, now), now: now, subscription).claim > 0)
    }

    @Test func theStopEmptiesTheQueuesAndTakesNothingNew() {
        var state = Self.state(CourierLimits())
        _ = state.take((1...5).map { job($0) }, subscription, at: now)
        _ = state.next(of: subscription.id, subscription, at: now)
        expect(state.stop().count == 4)
        expect(!state.reserve(subscription, .urgent, at: now))
        expect(state.next(of: subscription.id, subscription, at: now).job == nil)
        expect(state.note(waiting: subscription.id, DueTimes(.normal, now), now: now, subscription).claim == 0)
    }

    /// A commit, or a claim, may have been running at the stop.
    @Test func jobAfterTheStopIsHandedBack() {
        var state = Self.state(CourierLimits())
        expect(state.reserve(subscription, .urgent, at: now))
        let claim = state.note(waiting: subscription.id, DueTimes(.normal, now), now: now, subscription).claim
        _ = state.stop()
        let born = state.takeReserved(job(1), subscription, at: now)
        let claimed = state.claimed([job(2), job(3)], asked: claim, next: DueTimes(), now: now, of: subscription)
        expect(born.handBack.map(\.id) == [job(1).id] && born.workers == 0)
        expect(claimed.handBack.map(\.id) == [job(2).id, job(3).id] && claimed.workers == 0 && claimed.claim == 0)
        expect(state.held.isEmpty && state.reserved == 0)
    }

    @Test func aLoweredBoundSendsWorkersHome() {
        var state = Self.state(CourierLimits())
        let wide = Self.subscription(concurrency: 3)
        _ = state.take((1...9).map { job($0) }, wide, at: now)
        let narrow = Self.subscription(concurrency: 1)
        expect(state.next(of: wide.id, narrow, at: now).job == nil)
        expect(state.next(of: wide.id, narrow, at: now).job == nil)
        expect(state.next(of: wide.id, narrow, at: now).job != nil)
    }

    // MARK: Requests that carry several

    @Test func readyJobsGoTogetherUrgentAndOldestFirst() {
        var state = Self.state(CourierLimits())
        let envelopes = Self.subscription(concurrency: 4, batch: 3)
        _ = state.take([4, 2, 5, 1, 3].map { job($0) } + [job(6, .urgent)], envelopes, at: now)
        expect(taken(&state, envelopes) == [1, 2, 6])
        expect(taken(&state, envelopes) == [3, 4, 5])
        expect(taken(&state, envelopes).isEmpty)
        expect(state.workers == 0)
    }

    /// Deliveries may be created in another order than their events; a manual retry does this too.
    @Test func inARequestTheOrderIsThatOfTheEvents() {
        var state = Self.state(CourierLimits())
        let envelopes = Self.subscription(concurrency: 1, batch: 3)
        _ = state.take(
            [job(1, position: 30), job(2, position: 10), job(3, position: 20), job(4, position: 5)], envelopes, at: now)
        expect(taken(&state, envelopes) == [4, 2, 3])
        expect(taken(&state, envelopes) == [1])
    }

    @Test func whereRequestsCarrySeveralOneIsUnderWayAtATime() {
        var state = Self.state(CourierLimits())
        let envelopes = Self.subscription(concurrency: 4, batch: 3)
        let orders = state.take((1...7).map { job($0) }, envelopes, at: now)
        expect(orders.workers == 1)
        expect(state.take([job(8)], envelopes, at: now).workers == 0)
    }

    @Test func changeToBatchesLetsSingleRequestsEndFirst() {
        var state = Self.state(CourierLimits())
        let single = Self.subscription(concurrency: 3)
        _ = state.take((1...9).map { job($0) }, single, at: now)
        let envelopes = Self.subscription(concurrency: 3, batch: 5)
        expect(taken(&state, envelopes).isEmpty)
        expect(taken(&state, envelopes).isEmpty)
        expect(taken(&state, envelopes) == [1, 2, 3, 4, 5])
    }

    @Test func theNextClaimComesBeforeARequestWouldRunShort() {
        var state = Self.state(CourierLimits(window: 100, jobs: 1000, claim: 5))
        let envelopes = Self.subscription(concurrency: 1, batch: 3)
        _ = state.note(waiting: envelopes.id, DueTimes(.normal, now), now: now, envelopes)
        let first = state.claimed(
            (1...5).map { job($0) }, asked: 5, next: DueTimes(.normal, now), now: now, of: envelopes)
        expect(first.claim == 0)
        expect(state.next(of: envelopes.id, envelopes, at: now).orders.claim == 5)
    }

    @Test func inACrowdedMemoryThereIsStillRoomForAWholeRequest() {
        var state = Self.state(CourierLimits(window: 50, jobs: 100, claim: 10))
        let other = Self.subscription(concurrency: 50)
        _ = state.take((1...50).map { job($0) }, other, at: now)
        let (envelopes, single) = (Self.subscription("two", batch: 20), Self.subscription("three"))
        expect((0..<100).count { _ in state.reserve(single, .normal, at: now) } == 4)
        expect((0..<100).count { _ in state.reserve(envelopes, .normal, at: now) } == 20)
    }

    // MARK: Buffers

    @Test(arguments: [(1, 1), (3, 3), (100, 100)])
    func bufferedDeliveryIsClaimedJustToBeSentNow(_ batch: Int, _ expected: Int) {
        var state = Self.state(CourierLimits())
        let bounded = Self.subscription(concurrency: 1, batch: batch, buffer: 100)
        let orders = state.note(waiting: bounded.id, DueTimes(.normal, now), now: now, bounded)
        expect(orders.claim == expected)
        let jobs = (1...expected).map { job($0) }
        let begun = state.claimed(jobs, asked: expected, next: DueTimes(.normal, now), now: now, of: bounded)
        expect(begun.workers == 1 && begun.claim == 0)
        let first = state.next(of: bounded.id, bounded, at: now)
        expect(first.job != nil && first.others.count == expected - 1)
        expect(first.orders.claim == 0)
        expect(state.note(waiting: bounded.id, DueTimes(.normal, now), now: now, bounded).claim == 0)
        let home = state.next(of: bounded.id, bounded, at: now)
        expect(home.job == nil && home.orders.claim == expected)
    }

    @Test func aBufferLeavesAsManyUnderWayAsTheSubscriptionAllows() {
        var state = Self.state(CourierLimits())
        let bounded = Self.subscription(concurrency: 3, buffer: 100)
        expect(state.note(waiting: bounded.id, DueTimes(.normal, now), now: now, bounded).claim == 3)
        expect(state.claimed([job(1)], asked: 3, next: DueTimes(), now: now, of: bounded).workers == 1)
        expect(state.next(of: bounded.id, bounded, at: now).job != nil)
        expect(state.note(waiting: bounded.id, DueTimes(.normal, now), now: now, bounded).claim == 2)
    }

    @Test func aDurableResultFreesItsPlaceInMemory() {
        var state = Self.state(CourierLimits(window: 2, jobs: 2, claim: 2))
        _ = state.take([job(1), job(2)], subscription, at: now)
        while state.next(of: subscription.id, subscription, at: now).job != nil {}
        expect(!state.reserve(subscription, .normal, at: now))
        state.settled([DeliveryID(EventPosition(1), 1), DeliveryID(EventPosition(2), 1)])
        expect(state.reserve(subscription, .normal, at: now))
    }

    /// Random walks over the decisions: counts never go negative, bounds hold, and nothing is left behind at the end.
    @Test(arguments: [UInt64](1...20), [1, 3])
    func countsStayRightOnEveryWalk(seed: UInt64, batch: Int) {
        let subscription = Self.subscription(concurrency: 2, batch: batch)
        var random = SeededRandom(seed: seed)
        var state = Self.state(CourierLimits(window: 8, jobs: 16, claim: 4))
        var number = 0
        var open: [DeliveryID] = []
        var running = 0
        for _ in 0..<2_000 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where state.reserve(subscription, .normal, at: now):
                number += 1
                running += state.takeReserved(job(number), subscription, at: now).workers
            case 1 where running > 0:
                let (job, others, _) = state.next(of: subscription.id, subscription, at: now)
                expect(others.count < batch)
                if let job {
                    open += [job.id] + others.map(\.id)
                } else {
                    running -= 1
                }
            case 2 where !open.isEmpty:
                state.settled([open.removeFirst()])
            case 3:
                let limit = state.note(waiting: subscription.id, DueTimes(.normal, now), now: now, subscription).claim
                guard limit > 0 else { continue }
                let jobs = (0..<Int.random(in: 0...limit, using: &random)).map { _ in
                    number += 1
                    return job(number)
                }
                running += state.claimed(jobs, asked: limit, next: DueTimes(), now: now, of: subscription).workers
            default: continue
            }
            expect(state.workers == running && running <= subscription.requestsAtOnce)
            expect(state.held.count + state.reserved <= 16 && state.reserved >= 0)
        }
    }

    /// A state in which every receiver of these tests is doing well and has its whole pace.
    static func state(_ limits: CourierLimits) -> CourierState {
        var limits = limits
        limits.atFirst = ReceiverPace.most
        var state = CourierState(limits: limits)
        for name in ["1", "two", "three"] {
            let result = RequestResult(started: Instant(seconds: 1), isAccepted: true)
            _ = state.judge(SubscriptionID("sub_\(name)"), result, at: Instant(seconds: 1))
        }
        return state
    }

    func job(_ number: Int, _ lane: Lane = .normal, position: Int64? = nil) -> DeliveryJob {
        var parts = Event.Parts(
            id: EventID(high: 1, low: UInt64(number)), kind: .doorOpened, organization: OrganizationID("acme"),
            received: now)
        parts.labels.numbers.position = position
        return DeliveryJob(
            id: DeliveryID(EventPosition(Int64(number)), 1), subscription: subscription.id, event: Event(parts),
            lane: lane, attempts: 0,
            spent: 0)
    }

    /// The numbers of the jobs of the next request.
    private func taken(_ state: inout CourierState, _ subscription: Subscription) -> [Int64] {
        let (job, others, _) = state.next(of: subscription.id, subscription, at: now)
        return ((job.map { [$0] } ?? []) + others).map(\.id.event.number)
    }

    static func subscription(
        _ name: String = "1", concurrency: Int = 2, hold: Subscription.Hold = .none, batch: Int = 1,
        buffer: Int? = nil
    ) -> Subscription {
        let defaults = DialectDefaults(
            privacyLevel: .everything, timeout: .seconds(1), retries: .standard, makesSecret: false)
        guard let url = TargetURL("https://receiver.example/") else { preconditionFailure("the URL is well formed") }
        var terms = Terms(name: "one", dialect: DialectName("standard"), url: url, defaults: defaults)
        terms.concurrency = concurrency
        let identity = Subscription.Identity(
            id: SubscriptionID("sub_\(name)"), organization: OrganizationID("acme"), created: Instant(seconds: 0))
        return Subscription(
            identity, terms: terms, hold: hold, revision: 1, traits: .init(sayable: .all, batch: batch, buffer: buffer))
    }

    /// Takes calls that change the state, which the macro cannot.
    private func expect(_ holds: Bool, at location: SourceLocation = #_sourceLocation) {
        #expect(holds, sourceLocation: location)
    }
}
