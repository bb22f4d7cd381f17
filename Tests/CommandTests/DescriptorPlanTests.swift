import Testing

@testable import GatehouseGateway

/// How file descriptors are divided: no part may take another's.
@Suite struct DescriptorPlanTests {
    private static let needs = DescriptorNeeds(loops: 2, reserve: 16, lookUps: 32)

    @Test(arguments: [1024, 4096, 20_000, 65_536, 1_048_576])
    func callersHaveHalfAndDeliveriesAQuarterAtLeast(limit: Int) {
        let plan = DescriptorPlan(limit: limit, connections: nil, deliveries: nil, needs: Self.needs)
        #expect(plan.inbound == limit / 2)
        #expect(plan.outbound >= limit / 4)
        #expect(plan.lookUps == 32 && !plan.isShort)
        #expect(limit - plan.inbound - plan.outbound >= Self.needs.count(lookUps: 32))
    }

    /// With few descriptors fewer names are looked up at once, and then callers have less than half.
    @Test(arguments: [(256, 4, false), (400, 11, false), (512, 21, false), (64, 4, true), (128, 4, true)])
    func theRestHasWhatItNeedsWhereThereAreFew(limit: Int, lookUps: Int, isShort: Bool) {
        let plan = DescriptorPlan(limit: limit, connections: nil, deliveries: nil, needs: Self.needs)
        #expect(plan.lookUps == lookUps && plan.isShort == isShort)
        #expect(isShort || limit - plan.inbound - plan.outbound >= Self.needs.count(lookUps: lookUps))
        #expect(plan.outbound >= limit / 4 && plan.inbound >= limit / 4)
    }

    /// A machine with many cores has an event loop for each.
    @Test func eachEventLoopIsCounted() {
        let many = DescriptorNeeds(loops: 64, reserve: 16, lookUps: 32)
        #expect(many.fixed == Self.needs.fixed + 62 * 3)
    }

    @Test(
        arguments: [
            // The requested numbers, with what callers and deliveries get of 1,024.
            (100, nil, 100, 763), (nil, 400, 463, 400), (5000, nil, 607, 256), (5000, 1, 862, 1), (nil, 5000, 351, 512),
        ] as [(Int?, Int?, Int, Int)])
    func whatIsSetIsCutToWhatThereIs(connections: Int?, deliveries: Int?, inbound: Int, outbound: Int) {
        let plan = DescriptorPlan(limit: 1024, connections: connections, deliveries: deliveries, needs: Self.needs)
        #expect(plan.inbound == inbound && plan.outbound == outbound)
    }

    @Test func theLimitIsRaisedAndNeverLowered() {
        let first = DescriptorPlan.raiseLimit(upTo: 64)
        #expect(first >= 64)
        let second = DescriptorPlan.raiseLimit(upTo: 1_048_576)
        #expect(second >= first)
        #expect(DescriptorPlan.raiseLimit(upTo: 64) == second)
    }
}
