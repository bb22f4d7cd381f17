import GatehouseCore
import Testing

@testable import GatehouseDelivery

/// The pace of a receiver by the results of its requests.
@Suite struct ReceiverPaceTests {
    private let now = Instant(seconds: 1_000)

    private func failed(_ times: Int, from pace: ReceiverPace = ReceiverPace()) -> ReceiverPace {
        var pace = pace
        for _ in 0..<times { pace.fail(started: now, at: now) }
        return pace
    }

    @Test func receiverStartsWithTwoGainsOneASuccessAndLosesHalfAFailure() {
        var pace = ReceiverPace()
        #expect(pace.requestsAtOnce == 2 && pace.standing == .unproven)
        for expected in 3...40 {
            pace.succeed()
            #expect(pace.requestsAtOnce == expected && pace.standing == .well)
        }
        for expected in [20, 10, 5] {
            pace.fail(started: now, at: now)
            #expect(pace.requestsAtOnce == expected && pace.standing == .unproven)
        }
        pace.succeed()
        #expect(pace.requestsAtOnce == 6 && pace.failures == 0)
    }

    @Test func paceHasABound() {
        var pace = ReceiverPace()
        for _ in 0..<5_000 { pace.succeed() }
        #expect(pace.requestsAtOnce == ReceiverPace.most)
    }

    @Test func paceDoesNotExceedTheSubscriptionsBound() {
        var pace = ReceiverPace()
        for _ in 0..<100 { pace.succeed(upTo: 16) }
        #expect(pace.requestsAtOnce == 16)
        pace.succeed(upTo: 4)
        #expect(pace.requestsAtOnce == 4)
    }

    @Test func oneUrgentRequestIsUnderWayDuringARest() {
        var pace = failed(5)
        for _ in 0..<4 { pace.fail(started: pace.restsUntil ?? now, at: pace.restsUntil ?? now) }
        let during = (pace.restsUntil ?? now) - .seconds(10)
        #expect(pace.takesUrgent(at: during))
        pace.beginUrgent(at: during)
        #expect(!pace.takesUrgent(at: during + .seconds(5)))
        pace.fail(started: during - .seconds(9), at: during + .seconds(1))
        #expect(!pace.takesUrgent(at: during + .seconds(5)), "that was an older request")
        pace.fail(started: during, at: during + .seconds(1))
        #expect(pace.takesUrgent(at: during + .seconds(2)))
    }

    @Test func receiverRestsAfterFiveFailuresInARow() {
        #expect(!failed(4).rests(at: now))
        let pace = failed(5)
        #expect(pace.restsUntil == now + .seconds(1))
        #expect(pace.rests(at: now) && !pace.rests(at: now + .seconds(1)))
        #expect(pace.standing == .probed && pace.requestsAtOnce == 1)
    }

    @Test func eachFailureAfterARestDoublesTheNextOneUpToAMinute() {
        var pace = failed(5)
        var rests: [Duration] = []
        for _ in 0..<9 {
            let start = pace.restsUntil ?? now
            pace.fail(started: start, at: start + .seconds(10))
            rests.append((pace.restsUntil ?? start) - (start + .seconds(10)))
        }
        #expect(rests == [2, 4, 8, 16, 32, 60, 60, 60, 60].map { .seconds($0) })
    }

    /// Sixteen requests that time out together are one failure of the receiver and not sixteen.
    @Test func failureOfARequestThatBeganBeforeTheRestDoesNotProlongIt() {
        let pace = failed(16)
        #expect(pace.restsUntil == now + .seconds(1))
        #expect(pace.failures == 16)
    }

    @Test func urgentRequestIsMadeDuringARestOnceASecond() {
        var pace = failed(4)
        #expect(pace.takesUrgent(at: now))
        for _ in 0..<5 { pace.fail(started: pace.restsUntil ?? now, at: pace.restsUntil ?? now) }
        let began = (pace.restsUntil ?? now) - .seconds(16)
        #expect(!pace.takesUrgent(at: began) && pace.takesUrgent(at: began + .seconds(1)))
        let until = pace.restsUntil
        pace.fail(started: began + .seconds(1), at: began + .seconds(2))
        #expect(!pace.takesUrgent(at: began + .seconds(2)) && pace.takesUrgent(at: began + .seconds(3)))
        #expect(pace.restsUntil == until, "it does not prolong the rest")
    }

    @Test func clockThatIsSetBackEndsTheRest() {
        let pace = failed(5)
        #expect(pace.rests(at: now))
        #expect(!pace.rests(at: now - .seconds(3600)) && pace.takesUrgent(at: now - .seconds(3600)))
    }

    @Test func successEndsTheRest() {
        var pace = failed(9)
        pace.succeed()
        #expect(pace.restsUntil == nil && pace.standing == .well && pace.requestsAtOnce == 2)
        #expect(failed(5, from: pace).restsUntil == now + .seconds(1), "the next rest is short again")
    }

    @Test func operatorEndsTheRestAndTheNextFailureIsStillALongOne() {
        var pace = failed(5)
        for _ in 0..<4 { pace.fail(started: pace.restsUntil ?? now, at: pace.restsUntil ?? now) }
        pace.endRest(at: now)
        #expect(!pace.rests(at: now) && pace.requestsAtOnce == 1)
        pace.fail(started: now, at: now)
        #expect(pace.restsUntil == now + .seconds(32))
    }

    @Test func afterARestartAReceiverThatFailedIsAskedWithOneAndRestsAsBefore() {
        var health = SubscriptionHealth()
        #expect(ReceiverPace(restoring: health, now: now) == ReceiverPace())
        health.consecutiveFailures = 3
        health.since = now - .seconds(600)
        let few = ReceiverPace(restoring: health, now: now)
        #expect(few.requestsAtOnce == 1 && !few.rests(at: now) && few.standing == .unproven)
        health.consecutiveFailures = 40
        var many = ReceiverPace(restoring: health, now: now)
        #expect(many.requestsAtOnce == 1 && !many.rests(at: now) && many.standing == .probed)
        many.fail(started: now, at: now)
        #expect(many.restsUntil == now + .seconds(60))
        health.since = now - .seconds(8)
        var recent = ReceiverPace(restoring: health, now: now)
        recent.fail(started: now, at: now)
        #expect(recent.restsUntil == now + .seconds(8))
    }
}
