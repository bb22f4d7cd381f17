import GatehouseControl
import GatehouseCore
import GatehouseDialects
import GatehouseTesting
import HTTPTypes
import Testing

/// Standard Webhooks' signature beside a vendor's own proof, if the owner wants it.
@Suite struct StandardSignatureTests {
    private static let secret = Secret("whsec_b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xk")

    /// A service with a subscription in Situator's contract, held back so that a test may collect deliveries.
    private func bench(_ change: (inout Terms) -> Void = { _ in }) async throws -> DeliveryBench {
        let bench = try await DeliveryBench.make()
        let subscription = try await bench.subscribe {
            $0.dialect = SituatorDialect().name
            $0.secret = Secret("token")
            $0.standardSignature = true
            $0.standardSecret = Self.secret
            change(&$0)
        }
        _ = try await bench.change(subscription, hold: .paused)
        try await bench.open()
        return bench
    }

    private func letGo(_ bench: DeliveryBench) async throws {
        let held = try #require(bench.subscriptions.index[SubscriptionID("sub_one")])
        _ = try await bench.change(held, hold: Subscription.Hold.none)
    }

    /// The message's id, if the signature is right.
    private func verified(_ request: PreparedRequest) throws -> String {
        let id = try #require(request.headers[.webhookID])
        let timestamp = try #require(request.headers[.webhookTimestamp])
        let signer = try #require(StandardWebhooks(secret: Self.secret))
        #expect(
            request.headers[.webhookSignature] == signer.signature(id: id, timestamp: timestamp, body: request.body))
        return id
    }

    @Test func aVendorsDeliveryIsSignedBesideItsOwnProof() async throws {
        let bench = try await bench()
        bench.sink.answer { .answered(.init(status: $0 == 1 ? 500 : 204)) }
        let event = try await bench.post("e1", .zoneChanged).event
        try await letGo(bench)
        try await bench.advance(until: "it is delivered") { try await bench.count(.delivered) == 1 }
        #expect(bench.sink.sent.count == 2)
        for request in bench.sink.sent {
            #expect(try verified(request) == event.description, "the id is the same on every try")
            #expect(request.headers[.authorization] == "Bearer token")
        }
        try await bench.close()
    }

    @Test func anEnvelopeIsOneMessageWhoseIdFollowsFromItsEvents() async throws {
        let bench = try await bench { $0.settings["payload"] = "envelope" }
        bench.sink.answer { .answered(.init(status: $0 == 1 ? 500 : 204)) }
        for number in 1...3 { try await bench.post("e\(number)", .zoneChanged) }
        try await letGo(bench)
        try await bench.advance(until: "they are delivered") { try await bench.count(.delivered) == 3 }
        let ids = try bench.sink.sent.map { try verified($0) }
        #expect(ids.count == 2 && Set(ids).count == 1 && ids[0].hasPrefix("batch_"))
        try await bench.close()
    }

    @Test func nothingIsSignedSoIfNoSubscriptionWantsIt() async throws {
        let bench = try await bench {
            $0.standardSignature = false
            $0.standardSecret = nil
        }
        try await bench.post("e1", .zoneChanged)
        try await letGo(bench)
        try await bench.advance(until: "it is delivered") { try await bench.count(.delivered) == 1 }
        #expect(bench.sink.sent.allSatisfy { $0.headers[.webhookID] == nil && $0.headers[.webhookSignature] == nil })
        try await bench.close()
    }
}
