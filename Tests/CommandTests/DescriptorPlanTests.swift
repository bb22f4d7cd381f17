import Testing

@testable import GatehouseGateway

/// How file descriptors are shared: no part may take another's.
@Suite struct DescriptorPlanTests {
    @Test(arguments: [64, 256, 1024, 4096, 20_000, 65_536, 1_048_576])
    func callersHaveHalfAndDeliveriesAQuarterAtLeast(limit: Int) {
        let plan = DescriptorPlan(limit: limit, connections: nil, deliveries: nil)
        #expect(plan.inbound == limit / 2)
        #expect(plan.outbound >= limit / 4)
        #expect(plan.inbound + plan.outbound < limit, "the store needs some")
        #expect(limit - plan.inbound - plan.outbound >= min(48, limit / 4))
    }

    @Test(
        arguments: [
            // What is asked for, with what callers and deliveries get of 1,024.
            (100, nil, 100, 860), (nil, 400, 512, 448), (5000, nil, 704, 256), (5000, 1, 959, 1), (nil, 5000, 448, 512),
        ] as [(Int?, Int?, Int, Int)])
    func whatIsSetIsCutToWhatThereIs(connections: Int?, deliveries: Int?, inbound: Int, outbound: Int) {
        let plan = DescriptorPlan(limit: 1024, connections: connections, deliveries: deliveries)
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
