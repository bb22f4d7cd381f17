import GatehouseCore
import Testing

@testable import GatehouseDelivery

/// What a receiver that rests may use, and the shares of what all receivers use.
@Suite struct CourierSharesTests {
    private let now = Instant(seconds: 1_000)
    private let one = CourierStateTests.subscription("1", concurrency: 16)
    private let jobs = CourierStateTests()

    private static func result(_ isAccepted: Bool, _ started: Instant) -> RequestResult {
        RequestResult(started: started, isAccepted: isAccepted)
    }

    /// A state in which one receiver rests for three more seconds.
    private func resting() -> CourierState {
        var state = CourierState(limits: CourierLimits())
        for earlier in [4, 4, 4, 4, 4, 3, 1] {
            let then = now - .seconds(earlier)
            _ = state.judge(one.id, Self.result(false, then), at: then)
        }
        return state
    }

    @Test func newReceiverGetsTwoRequestsAtOnce() {
        var state = CourierState(limits: CourierLimits())
        expect(state.take((1...9).map { jobs.job($0) }, one, at: now).workers == 2)
        let orders = state.judge(one.id, Self.result(true, now), at: now)
        expect(orders.handBack.isEmpty)
        expect(state.next(of: one.id, one, at: now).job != nil)
    }

    @Test func restHandsEveryJobBackAndClaimsNothing() {
        var state = CourierState(limits: CourierLimits())
        _ = state.take((1...9).map { jobs.job($0) } + [jobs.job(10, .urgent)], one, at: now)
        expect((0..<3).compactMap { _ in state.next(of: one.id, one, at: now).job }.map(\.id.event.number) == [10, 1])
        for _ in 0..<4 { expect(state.judge(one.id, Self.result(false, now), at: now).handBack.isEmpty) }
        expect(state.judge(one.id, Self.result(false, now), at: now).handBack.count == 8)
        expect(state.next(of: one.id, one, at: now).job == nil)
        expect(state.next(of: one.id, one, at: now).job == nil)
        expect(state.workers == 0 && state.strained == 0)
        expect(state.note(waiting: one.id, DueTimes(.normal, now), now: now, one).claim == 0)
        expect(!state.reserve(one, .normal, at: now))
        expect(state.becomeDue(at: now).isEmpty)
    }

    @Test func afterTheRestOneRequestIsMade() {
        var state = resting()
        _ = state.note(waiting: one.id, DueTimes(.normal, now), now: now, one)
        let later = now + .seconds(3)
        expect(state.becomeDue(at: later - .milliseconds(1)).isEmpty)
        expect(state.becomeDue(at: later) == [one.id])
        expect(state.refill(one.id, one, at: later).claim == 1)
        let orders = state.claimed([jobs.job(1)], asked: 1, next: DueTimes(.normal, now), now: later, of: one)
        expect(orders.workers == 1 && orders.claim == 0)
        expect(state.next(of: one.id, one, at: later).job?.standing == .probed)
        expect(state.judge(one.id, Self.result(true, later), at: later).handBack.isEmpty)
        expect(state.next(of: one.id, one, at: later).orders.claim > 1)
    }

    @Test func urgentDeliveriesPassARestOneAtATime() {
        var state = resting()
        expect(state.reserve(one, .urgent, at: now))
        expect(!state.reserve(one, .urgent, at: now))
        expect(state.takeReserved(jobs.job(1, .urgent), one, at: now).workers == 1)
        expect(state.next(of: one.id, one, at: now).job?.id == DeliveryID(EventPosition(1), 1))
        _ = state.note(waiting: one.id, DueTimes(.urgent, now), now: now, one)
        expect(state.refill(one.id, one, at: now).claim == 0, "one is under way")
        expect(state.judge(one.id, Self.result(false, now), at: now).handBack.isEmpty)
        expect(state.next(of: one.id, one, at: now).orders.claim == 0, "not more than one a second")
        expect(state.becomeDue(at: now).isEmpty && !state.reserve(one, .urgent, at: now))
        let later = now + .seconds(1)
        expect(state.becomeDue(at: later) == [one.id])
        let orders = state.refill(one.id, one, at: later)
        expect(orders.claim == 1 && orders.lanes == [.urgent])
        let claimed = state.claimed(
            [jobs.job(2, .urgent)], asked: 1, next: DueTimes(.normal, now), now: later, of: one)
        expect(claimed.workers == 1 && claimed.claim == 0)
    }

    /// The claim was running when the rest began.
    @Test func jobsThatAreClaimedForAReceiverThatRestsGoBack() {
        var state = CourierState(limits: CourierLimits())
        let limit = state.note(waiting: one.id, DueTimes(.normal, now), now: now, one).claim
        expect(limit == 4)
        for _ in 0..<5 { _ = state.judge(one.id, Self.result(false, now), at: now) }
        let orders = state.claimed(
            (1...4).map { jobs.job($0) }, asked: limit, next: DueTimes(), now: now, of: one)
        expect(orders.handBack.count == 4 && orders.workers == 0 && orders.claim == 0)
        expect(state.claims == 0 && state.strainedClaims == 0 && state.strained == 0)
    }

    @Test func restEndsForAnOperator() {
        var state = resting()
        state.endRest(of: one.id, at: now)
        expect(state.note(waiting: one.id, DueTimes(both: now), now: now, one).claim == 1)
    }

    @Test func receiversInTroubleLeaveHalfOfTheMemory() {
        var state = CourierState(limits: CourierLimits(window: 8, jobs: 160, claim: 10))
        let hanging = (1...100).map { CourierStateTests.subscription("h\($0)", concurrency: 16) }
        let granted = hanging.map { receiver in (0..<10).count { _ in state.reserve(receiver, .normal, at: now) } }
        expect(granted.reduce(0, +) == 80 && state.strained == 80)
        let well = CourierStateTests.subscription("well", concurrency: 16)
        for _ in 0..<20 { _ = state.judge(well.id, Self.result(true, now), at: now) }
        expect((0..<20).count { _ in state.reserve(well, .normal, at: now) } == 8)
        expect(state.reserve(CourierStateTests.subscription("new"), .urgent, at: now))
        expect(!state.reserve(CourierStateTests.subscription("new2"), .normal, at: now))
    }

    @Test func receiversThatAreWellLeaveAnEighthForNewOnes() {
        var state = CourierState(limits: CourierLimits(window: 8, jobs: 160, claim: 10))
        for number in 1...100 {
            let well = CourierStateTests.subscription("w\(number)", concurrency: 16)
            for _ in 0..<20 { _ = state.judge(well.id, Self.result(true, now), at: now) }
            for _ in 0..<10 { _ = state.reserve(well, .normal, at: now) }
        }
        expect(state.reserved == 140 && state.strained == 0)
        expect((0..<10).count { _ in state.reserve(one, .normal, at: now) } == 4)
    }

    @Test func placesOfAReceiverChangeSidesWithItsStanding() {
        var state = CourierState(limits: CourierLimits())
        for _ in 0..<3 { _ = state.reserve(one, .normal, at: now) }
        expect(state.strained == 3)
        _ = state.judge(one.id, Self.result(true, now), at: now)
        expect(state.strained == 0)
        _ = state.judge(one.id, Self.result(false, now), at: now)
        expect(state.strained == 3)
        for _ in 0..<3 { state.cancelReservation(one.id) }
        expect(state.strained == 0 && state.reserved == 0)
    }

    @Test func receiversInTroubleLeaveHalfOfTheClaims() {
        var state = CourierState(limits: CourierLimits(window: 8, jobs: 10_000, claim: 10, claims: 8))
        func claims(_ receiver: Subscription, _ lane: Lane = .normal) -> Bool {
            state.note(waiting: receiver.id, DueTimes(lane, now), now: now, receiver).claim > 0
        }
        let others = (1...20).map { CourierStateTests.subscription("o\($0)") }
        expect(others.count { claims($0) } == 4)
        let well = (1...20).map { CourierStateTests.subscription("w\($0)") }
        for receiver in well { _ = state.judge(receiver.id, Self.result(true, now), at: now) }
        expect(well.count { claims($0) } == 4)
        expect(claims(CourierStateTests.subscription("urgent"), .urgent))
        for id in [others[0].id, CourierStateTests.subscription("urgent").id] { state.finishClaim(id, asked: 4) }
        expect(claims(others[9]) && !claims(others[10]))
    }

    /// Ten new receivers that take one request at once must not fill the part of all new ones.
    @Test(arguments: [1, 2, 16])
    func newReceiverHasASmallWindow(concurrency: Int) {
        var state = CourierState(limits: CourierLimits())
        let new = CourierStateTests.subscription("1", concurrency: concurrency)
        let most = min(concurrency, 2) * 2
        expect((0..<100).count { _ in state.reserve(new, .normal, at: now) } == most)
        expect(state.reserve(new, .urgent, at: now), "an urgent delivery has a place beside a full window")
        expect(!state.reserve(new, .urgent, at: now))
    }

    /// Both requests hang; the subscription allows more.
    @Test func urgentJobStartsBesideTheRequestsUnderWay() {
        var state = CourierState(limits: CourierLimits())
        expect(state.take((1...4).map { jobs.job($0) }, one, at: now).workers == 2)
        for _ in 0..<2 { expect(state.next(of: one.id, one, at: now).job != nil) }
        expect(state.take([jobs.job(5, .urgent)], one, at: now).workers == 1)
        expect(state.next(of: one.id, one, at: now).job?.id == DeliveryID(EventPosition(5), 1))
        expect(state.take([jobs.job(6)], one, at: now).workers == 0)
    }

    @Test func urgentBacklogIsClaimedBesideAFullWindow() {
        var state = CourierState(limits: CourierLimits())
        _ = state.take((1...4).map { jobs.job($0) }, one, at: now)
        for _ in 0..<2 { _ = state.next(of: one.id, one, at: now) }
        let orders = state.note(waiting: one.id, DueTimes(.urgent, now), now: now, one)
        expect(orders.claim == 1 && orders.lanes == [.urgent])
    }

    /// Requests that began before the rest hang on; the urgent one does not wait for them.
    @Test func urgentDeliveryDoesNotWaitForOlderRequestsDuringARest() {
        var state = CourierStateTests.state(CourierLimits())
        expect(state.take((1...10).map { jobs.job($0) }, one, at: now).workers == 10)
        for _ in 0..<10 { _ = state.next(of: one.id, one, at: now) }
        for _ in 0..<5 { _ = state.judge(one.id, Self.result(false, now), at: now) }
        for _ in 0..<5 { expect(state.next(of: one.id, one, at: now).job == nil) }
        let later = now + .milliseconds(1_000)
        _ = state.judge(one.id, Self.result(false, later), at: later)
        let during = later + .milliseconds(1_500)
        expect(state.reserve(one, .urgent, at: during))
        expect(!state.reserve(one, .urgent, at: during))
        expect(state.takeReserved(jobs.job(11, .urgent), one, at: during).workers == 1)
        expect(state.next(of: one.id, one, at: during).job?.id == DeliveryID(EventPosition(11), 1))
    }

    @Test func recoveredReceiverGetsItsWorkersBack() {
        var state = CourierState(limits: CourierLimits())
        _ = state.judge(one.id, Self.result(true, now), upTo: 16, at: now)
        expect(state.take((1...40).map { jobs.job($0) }, one, at: now).workers == 3)
        for _ in 0..<3 { expect(state.next(of: one.id, one, at: now).job != nil) }
        for pace in 4...16 {
            _ = state.judge(one.id, Self.result(true, now), upTo: 16, at: now)
            expect(state.next(of: one.id, one, at: now).orders.workers == 1)
            expect(state.workers == pace)
            expect(state.next(of: one.id, one, at: now).job != nil)
        }
    }

    @Test func deletedSubscriptionLeavesNothing() {
        var state = resting()
        _ = state.note(waiting: one.id, DueTimes(.normal, now), now: now, one)
        _ = state.note(waiting: one.id, DueTimes(both: now), now: now, nil)
        expect(state.queues.isEmpty && state.paces.isEmpty && state.strained == 0)
    }

    private func expect(_ holds: Bool, _ comment: Comment? = nil, at location: SourceLocation = #_sourceLocation) {
        #expect(holds, comment, sourceLocation: location)
    }
}
