import GatehouseControl
import GatehouseCore
import GatehouseDialects
import GatehouseTesting
import HTTPTypes
import Testing

/// The service signs with the secret in force when a request leaves.
@Suite struct SecretRotationTests {
    private static let old = Secret("whsec_b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xk")

    /// The signatures of a request, and the signatures that two secrets would give it.
    private func signatures(
        of request: PreparedRequest, _ secrets: [Secret?]
    ) throws -> (given: String, expected: [String]) {
        func field(_ name: String) throws -> String {
            let name = try #require(HTTPField.Name(name))
            return try #require(request.headers[name])
        }
        let expected = try secrets.map { secret in
            let signer = try #require(secret.flatMap { StandardWebhooks(secret: $0) })
            return signer.signature(
                id: try field("webhook-id"), timestamp: try field("webhook-timestamp"), body: request.body)
        }
        return (try field("webhook-signature"), expected)
    }

    @Test(arguments: [true, false])
    func anAttemptIsSignedByWhatIsInForceThen(isBeside: Bool) async throws {
        let bench = try await DeliveryBench.make()
        let end = bench.clock.now + .seconds(60)
        let subscription = try await bench.subscribe {
            $0.outgoing = Terms.Outgoing(secret: Self.old, until: end, isBeside: isBeside)
        }
        try await bench.open()
        try await bench.post("e1")
        try await bench.advance(until: "delivered") { try await bench.count(.delivered) == 1 }
        try #require(bench.clock.now < end)
        try await bench.advance(until: "its end") { bench.clock.now >= end }
        try await bench.post("e2")
        try await bench.advance(until: "delivered") { try await bench.count(.delivered) == 2 }
        let secrets = [subscription.terms.secret, Self.old]
        let before = try signatures(of: try #require(bench.sink.sent.first), secrets)
        #expect(before.given == (isBeside ? before.expected.joined(separator: " ") : before.expected[1]))
        let after = try signatures(of: try #require(bench.sink.sent.last), secrets)
        #expect(after.given == after.expected[0])
        try await bench.close()
    }

    @Test(arguments: [old, nil])
    func requestIsTheSameAfterARestart(secret: Secret?) async throws {
        let bench = try await DeliveryBench.make()
        let made = try await bench.subscribe {
            $0.outgoing = Terms.Outgoing(secret: secret, until: bench.clock.now + .seconds(60), isBeside: false)
        }
        let reopened = try await SubscriptionRegistry(
            opening: bench.store, dialects: DialectTable(Dialects.all), notifier: LocalNotifier())
        #expect(reopened.index[made.id]?.terms == made.terms)
    }
}
