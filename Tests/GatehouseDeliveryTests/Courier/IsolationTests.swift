import GatehouseCore
import Testing

@testable import GatehouseDelivery

/// Receivers in trouble cost the others nothing.
@Suite struct IsolationTests {
    /// Small bounds, so that they are reached: a place for each receiver in trouble would fill them.
    private static let limits = CourierLimits(window: 64, jobs: 400, claim: 16, claims: 16)

    /// Every count is that of the queues, and what rests has nothing in memory but an urgent request.
    private static func check(_ world: CourierWorld) {
        let state = world.state
        let places = state.queues.mapValues(\.places)
        let strained = places.filter { state.paces[$0.key]?.standing != .well }.map(\.value).reduce(0, +)
        #expect(state.strained == strained)
        #expect(state.strainedClaims >= 0 && state.strainedClaims <= state.claims)
        #expect(state.reserved >= 0 && state.workers >= 0)
        #expect(state.held.count + state.reserved <= state.limits.jobs + state.limits.urgentJobs)
        for receiver in world.receivers.indices where world.paceRests(receiver) {
            let queue = state.queues[world.receivers[receiver].subscription.id]
            #expect(queue?.queued ?? 0 <= 1)
        }
    }

    @Test func ninehundredOfAThousandHangAndTheOthersAreServedAtOnce() {
        var world = CourierWorld(limits: CourierLimits(), seed: 1)
        world.add(900, .hangs)
        world.add(100, .answers)
        for _ in 0..<24 {
            world.post(.normal)
            world.run(for: .milliseconds(500))
        }
        world.run(for: .seconds(1))
        for receiver in world.receivers[900...] {
            #expect(receiver.delivered == 24)
            #expect(receiver.slowest[.normal] ?? .zero < .seconds(1))
        }
        #expect(world.receivers[..<900].allSatisfy { $0.underWay <= 2 })
        Self.check(world)
    }

    @Test func receiverThatRefusesIsAskedSeldomHoweverMuchWaits() {
        var world = CourierWorld(limits: CourierLimits(), seed: 2)
        world.add(1, .refuses, waiting: 5_000)
        world.add(1, .answers)
        for _ in 0..<600 {
            world.post(.normal)
            world.run(for: .seconds(1))
        }
        #expect(world.receivers[0].requests <= 30, "5, and one after each rest of at most a minute")
        #expect(world.receivers[0].requests >= 12)
        #expect(world.receivers[1].delivered == 600)
        #expect(world.receivers[1].slowest[.normal] ?? .zero < .seconds(1))
    }

    @Test func receiverThatRecoversHasItsWholePaceSoon() {
        var world = CourierWorld(limits: CourierLimits(), seed: 3)
        world.add(1, .refuses, waiting: 3_000)
        world.run(for: .seconds(600))
        world.heal(0)
        world.run(for: .seconds(120))
        #expect(world.receivers[0].delivered == 3_000)
    }

    @Test func urgentDeliveriesDoNotWaitForTheEndOfARest() {
        var world = CourierWorld(limits: CourierLimits(), seed: 4)
        world.add(1, .refuses, waiting: 500)
        world.run(for: .seconds(300))
        #expect(world.paceRests(0))
        world.heal(0)
        let before = world.receivers[0].requests
        world.post(.urgent)
        world.run(for: .milliseconds(100))
        #expect(world.receivers[0].requests > before)
        #expect(world.receivers[0].slowest[.urgent] ?? .seconds(1) < .milliseconds(100))
    }

    /// Two hours with receivers of every kind, small bounds and a changing load.
    @Test(arguments: [UInt64](1...3))
    func twoHoursOfEveryKindOfReceiver(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var world = CourierWorld(limits: Self.limits, tick: .seconds(1), seed: seed)
        for behaviour in CourierWorld.Behaviour.allCases { world.add(4, behaviour) }
        world.add(8, .hangs)
        for minute in 0..<120 {
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                world.post(Int.random(in: 0..<10, using: &random) == 0 ? .urgent : .normal)
                world.run(for: .seconds(60 / 8))
            }
            world.run(for: .seconds(Int.random(in: 0...30, using: &random)))
            if minute % 4 == 0 { Self.check(world) }
        }
        world.run(for: .seconds(60))
        Self.check(world)
        for receiver in world.receivers {
            switch receiver.behaviour {
            case .answers:
                #expect(receiver.delivered == receiver.owed)
                #expect(receiver.slowest.values.allSatisfy { $0 < .seconds(3) }, "\(receiver.slowest)")
            case .hangsNowAndThen:
                #expect(receiver.delivered >= receiver.owed * 2 / 3, "\(receiver.delivered) of \(receiver.owed)")
            case .refuses, .hangs:
                #expect(receiver.delivered == 0)
                #expect(receiver.requests < 7_200 / 60 + 1_000, "\(receiver.requests) of \(receiver.owed) deliveries")
            }
        }
    }
}
