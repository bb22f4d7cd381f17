import GatehouseCore
import Testing

@testable import GatehouseDelivery

/// The courier's decisions, without a store, a socket or a clock.
@Suite struct CourierStateTests {
    private let subscription = CourierStateTests.subscription(concurrency: 2)
    private let now = Instant(seconds: 1_000)

    @Test func aFreshDeliveryIsLeasedWhereItCanGoNow() {
        var state = CourierState(limits: CourierLimits())
        expect(state.reserve(subscription, .normal))
        let orders = state.takeReserved(job(1), subscription)
        expect(orders.workers == 1)
        expect(state.reserved == 0)
        expect(state.next(of: subscription.id, subscription).job?.id == DeliveryID(1))
        expect(state.next(of: subscription.id, subscription).job == nil)
    }

    @Test(arguments: [Subscription.Hold.paused, .disabled])
    func aHeldSubscriptionIsOwedButNotLeased(hold: Subscription.Hold) {
        var state = CourierState(limits: CourierLimits())
        expect(!state.reserve(Self.subscription(concurrency: 2, hold: hold), .normal))
    }

    @Test func whatExceedsTheWindowWaits() {
        var state = CourierState(limits: CourierLimits(window: 4, jobs: 100, claim: 10))
        let granted = (0..<10).count { _ in state.reserve(subscription, .normal) }
        expect(granted == 4)
    }

    @Test func whatExceedsTheWholeMemoryWaits() {
        var state = CourierState(limits: CourierLimits(window: 50, jobs: 20, claim: 10))
        let granted = (0..<100).count { _ in state.reserve(subscription, .normal) }
        expect(granted <= 20)
        expect(granted >= 4)
    }

    @Test func behindABacklogOnlyUrgentDeliveriesAreBornLeased() {
        var state = CourierState(limits: CourierLimits())
        _ = state.note(waiting: subscription.id, due: now, now: now, subscription)
        expect(!state.reserve(subscription, .normal))
        expect(state.reserve(subscription, .urgent))
    }

    @Test func noMoreWorkersStartThanTheSubscriptionAllows() {
        var state = CourierState(limits: CourierLimits())
        let orders = state.take((1...5).map { job($0) }, subscription)
        expect(orders.workers == 2)
        expect(state.take([job(6)], subscription).workers == 0)
    }

    @Test func urgentJobsGoFirst() {
        var state = CourierState(limits: CourierLimits())
        _ = state.take([job(1), job(2, .urgent)], subscription)
        expect(state.next(of: subscription.id, subscription).job?.id == DeliveryID(2))
        expect(state.next(of: subscription.id, subscription).job?.id == DeliveryID(1))
    }

    @Test func somethingDueIsClaimedOnceAtATime() {
        var state = CourierState(limits: CourierLimits(window: 100, jobs: 1000, claim: 10))
        expect(state.note(waiting: subscription.id, due: now, now: now, subscription).claim == 10)
        expect(state.note(waiting: subscription.id, due: now, now: now, subscription).claim == 0)
        let orders = state.claimed((1...3).map { job($0) }, asked: 10, nextDue: nil, now: now, of: subscription)
        expect(orders.workers == 2)
        expect(orders.claim == 0)
        expect(state.reserved == 0)
    }

    @Test func aFullClaimIsFollowedByAnotherWhenTheQueueRunsLow() {
        var state = CourierState(limits: CourierLimits(window: 100, jobs: 1000, claim: 4))
        _ = state.note(waiting: subscription.id, due: now, now: now, subscription)
        let first = state.claimed((1...4).map { job($0) }, asked: 4, nextDue: now, now: now, of: subscription)
        expect(first.claim == 0)
        expect(state.next(of: subscription.id, subscription).orders.claim == 0)
        expect(state.next(of: subscription.id, subscription).orders.claim == 4)
    }

    /// A claim looks at the store at one instant; what was committed after it is not in its answer.
    @Test func whatIsNotedDuringAClaimIsLookedForAfterIt() {
        var state = CourierState(limits: CourierLimits())
        let orders = state.note(waiting: subscription.id, due: now, now: now, subscription)
        expect(state.note(waiting: subscription.id, due: now, now: now, subscription).claim == 0)
        let again = state.claimed([job(1)], asked: orders.claim, nextDue: nil, now: now, of: subscription)
        expect(again.claim > 0)
        expect(state.claimed([job(2)], asked: again.claim, nextDue: nil, now: now, of: subscription).claim == 0)
    }

    @Test func aRetryThatIsNotedDuringAClaimKeepsItsTime() {
        var state = CourierState(limits: CourierLimits())
        let later = now + .seconds(5)
        let orders = state.note(waiting: subscription.id, due: now, now: now, subscription)
        _ = state.note(waiting: subscription.id, due: later, now: now, subscription)
        let again = state.claimed(
            [], asked: orders.claim, nextDue: now + .seconds(60), now: now, of: subscription)
        expect(again.claim == 0)
        expect(state.becomeDue(at: later) == [subscription.id])
    }

    @Test func whatIsDueLaterIsClaimedThen() {
        var state = CourierState(limits: CourierLimits())
        let later = now + .seconds(5)
        expect(state.note(waiting: subscription.id, due: later, now: now, subscription).claim == 0)
        expect(state.becomeDue(at: now).isEmpty)
        expect(state.becomeDue(at: later) == [subscription.id])
        expect(state.refill(subscription.id, subscription).claim > 0)
    }

    @Test func aFailedClaimGivesItsPlacesBack() {
        var state = CourierState(limits: CourierLimits())
        let orders = state.note(waiting: subscription.id, due: now, now: now, subscription)
        state.finishClaim(subscription.id, asked: orders.claim)
        expect(state.reserved == 0)
        expect(state.note(waiting: subscription.id, due: now, now: now, subscription).claim > 0)
    }

    @Test func theStopEmptiesTheQueuesAndTakesNothingNew() {
        var state = CourierState(limits: CourierLimits())
        _ = state.take((1...5).map { job($0) }, subscription)
        _ = state.next(of: subscription.id, subscription)
        expect(state.stop().count == 4)
        expect(!state.reserve(subscription, .urgent))
        expect(state.next(of: subscription.id, subscription).job == nil)
        expect(state.note(waiting: subscription.id, due: now, now: now, subscription).claim == 0)
    }

    @Test func aLoweredBoundSendsWorkersHome() {
        var state = CourierState(limits: CourierLimits())
        let wide = Self.subscription(concurrency: 3)
        _ = state.take((1...9).map { job($0) }, wide)
        let narrow = Self.subscription(concurrency: 1)
        expect(state.next(of: wide.id, narrow).job == nil)
        expect(state.next(of: wide.id, narrow).job == nil)
        expect(state.next(of: wide.id, narrow).job != nil)
    }

    @Test func aDurableResultFreesItsPlaceInMemory() {
        var state = CourierState(limits: CourierLimits(window: 2, jobs: 2, claim: 2))
        _ = state.take([job(1), job(2)], subscription)
        while state.next(of: subscription.id, subscription).job != nil {}
        expect(!state.reserve(subscription, .normal))
        state.settled([DeliveryID(1), DeliveryID(2)])
        expect(state.reserve(subscription, .normal))
    }

    /// Random walks over the decisions: counts never go negative, bounds hold, and nothing is left behind at the end.
    @Test(arguments: [UInt64](1...20))
    func countsStayRightOnEveryWalk(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var state = CourierState(limits: CourierLimits(window: 8, jobs: 16, claim: 4))
        var number = 0
        var open: [DeliveryID] = []
        var running = 0
        for _ in 0..<2_000 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where state.reserve(subscription, .normal):
                number += 1
                running += state.takeReserved(job(number), subscription).workers
            case 1 where running > 0:
                if let job = state.next(of: subscription.id, subscription).job {
                    open.append(job.id)
                } else {
                    running -= 1
                }
            case 2 where !open.isEmpty:
                state.settled([open.removeFirst()])
            case 3:
                let limit = state.note(waiting: subscription.id, due: now, now: now, subscription).claim
                guard limit > 0 else { continue }
                let jobs = (0..<Int.random(in: 0...limit, using: &random)).map { _ in
                    number += 1
                    return job(number)
                }
                running += state.claimed(jobs, asked: limit, nextDue: nil, now: now, of: subscription).workers
            default: continue
            }
            expect(state.workers == running && running <= 2)
            expect(state.held.count + state.reserved <= 16 && state.reserved >= 0)
        }
    }

    private func job(_ number: Int, _ lane: Lane = .normal) -> DeliveryJob {
        let event = Event(
            Event.Parts(
                id: EventID(high: 1, low: UInt64(number)), kind: .doorOpened, organization: OrganizationID("acme"),
                received: now))
        return DeliveryJob(
            id: DeliveryID(Int64(number)), subscription: subscription.id, event: event, lane: lane, attempts: 0,
            isReplay: false)
    }

    private static func subscription(concurrency: Int, hold: Subscription.Hold = .none) -> Subscription {
        let defaults = DialectDefaults(
            privacyLevel: .everything, timeout: .seconds(1), retries: .standard, makesSecret: false)
        guard let url = TargetURL("https://receiver.example/") else { preconditionFailure("the URL is well formed") }
        var terms = Terms(name: "one", dialect: DialectName("standard"), url: url, defaults: defaults)
        terms.concurrency = concurrency
        let identity = Subscription.Identity(
            id: SubscriptionID("sub_1"), organization: OrganizationID("acme"), created: Instant(seconds: 0))
        return Subscription(identity, terms: terms, hold: hold, revision: 1, sayable: .all)
    }

    /// Takes calls that change the state, which the macro cannot.
    private func expect(_ holds: Bool, at location: SourceLocation = #_sourceLocation) {
        #expect(holds, sourceLocation: location)
    }
}
