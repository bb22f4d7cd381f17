internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseGateway
internal import GatehouseVerification
internal import HTTPTypes
import Testing

@testable internal import gatehouse

/// The gateway's events about itself at a Standard receiver, through a whole gateway.
@Suite struct StandardDeliveryTests {
    /// A receiver that verifies its requests, and answers as the test says.
    private final class Receiver: Sendable {
        let url: JSON
        private let receiver: EventReceiver
        private let commitSignal: AsyncStream<EventReceiver.Arrival>

        init(failing status: Int? = nil) async throws {
            let (commitSignal, arrived) = AsyncStream<EventReceiver.Arrival>.makeStream()
            receiver = EventReceiver(mood: ReceiverMood(failure: status)) { arrived.yield($0) }
            self.commitSignal = commitSignal
            url = .string("http://127.0.0.1:\(try await receiver.start(host: "127.0.0.1", port: 0))/in")
        }

        func trust(_ made: JSON) throws {
            receiver.trust(try Verifier(.standard, secret: #require(made["secret"]?.text)))
        }

        /// The next event that came and verified.
        func next() async throws -> VerifiedEvent {
            for await arrival in commitSignal { return try arrival.result.get() }
            throw CancellationError()
        }

        func stop() async { await receiver.stop() }
    }

    private func withGateway(
        failing status: Int? = nil,
        _ test: (LiveGateway.Client, _ ops: Receiver, _ failing: Receiver) async throws -> Void
    ) async throws {
        let receivers = (ops: try await Receiver(), failing: try await Receiver(failing: status))
        do {
            try await LiveGateway.with(Dialects.all) { gateway in
                try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
                try await test(gateway, receivers.ops, receivers.failing)
            }
        } catch {
            await receivers.ops.stop()
            await receivers.failing.stop()
            throw error
        }
        await receivers.ops.stop()
        await receivers.failing.stop()
    }

    private func subscribe(
        _ name: JSON, _ receiver: Receiver, _ kinds: JSON, on gateway: LiveGateway.Client
    ) async throws -> String {
        let made = try await gateway.make(
            "/v1/subscriptions",
            ["name": name, "dialect": "standard", "url": receiver.url, "organization": "acme", "kinds": kinds])
        try receiver.trust(made)
        return try #require(made["id"]?.text)
    }

    private func deliveries(of id: String, on gateway: LiveGateway.Client) async throws -> [JSON] {
        try await gateway.get("/v1/deliveries?subscription=\(id)").json["items"]?.items ?? []
    }

    @Test(.timeLimit(.minutes(1)))
    func goneReceiverIsReportedToTheOthersOnce() async throws {
        try await withGateway(failing: 410) { gateway, ops, gone in
            let opsID = try await subscribe("Ops", ops, ["subscription.*"], on: gateway)
            let goneID = try await subscribe("Guards", gone, ["panic.*"], on: gateway)
            let batch = (1...5).map { number -> JSON in
                [
                    "specversion": "1.0", "id": .string("p\(number)"), "source": "/panels/1", "type": "panic.raised",
                    "organization": "acme", "data": [:],
                ]
            }
            #expect(try await gateway.post("/v1/events", .array(batch)).status == 202)
            let told = try await ops.next()
            let body = try JSONParser.parse(told.body)
            #expect(body["type"] == "subscription.disabled" && body["organization"] == "acme")
            #expect(
                body["data"]?.compact == """
                    {"subscription":{"id":"\(goneID)","name":"Guards","dialect":"standard",\
                    "reason":"the receiver answered 410"}}
                    """)
            #expect(try await gateway.get("/v1/subscriptions/\(goneID)").json["hold"] == "disabled")
            var states: [JSON?] = []
            while states != Array(repeating: "waiting", count: 5) {
                states = try await deliveries(of: goneID, on: gateway).map { $0["state"] }
            }
            // Every attempt has been judged by now: a further report would be here.
            #expect(try await deliveries(of: opsID, on: gateway).map { $0["event"]?.text } == [told.id])
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [["active": false], ["hold": "paused"], [:]] as [JSON])
    func testIsSentEvenIfDeliveriesAreHeld(_ state: JSON) async throws {
        try await withGateway { gateway, ops, _ in
            let id = try await subscribe("Ops", ops, ["door.*"], on: gateway)
            let path = "/v1/subscriptions/\(id)"
            if state["active"] == false {
                let type: HTTPFields = [.contentType: "application/json"]
                #expect(try await gateway.send(.patch, path, headers: type, body: state.bytes).status == 200)
            } else if state["hold"] == "paused" {
                #expect(try await gateway.post(path + "/pause", [:]).json["hold"] == "paused")
            }
            let answer = try await gateway.post(path + "/test", [:])
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json.object?.members.map(\.key) == ["event", "kind", "name", "asked", "attempt"])
            let attempt = try #require(answer.json["attempt"])
            #expect(
                attempt.object?.members.map(\.key) == [
                    "number", "time", "milliseconds", "outcome", "sentence", "status", "headers", "answer",
                ])
            #expect(attempt["number"] == 1 && attempt["outcome"] == "accepted" && attempt["status"] == 204)
            #expect(!answer.text.contains("whsec_"))
            let came = try await ops.next()
            #expect(came.id != nil && came.id == answer.json["event"]?.text)
            #expect(try JSONParser.parse(came.body)["type"] == "gateway.test")
            #expect(try await deliveries(of: id, on: gateway).isEmpty, "nothing of it is kept")
            #expect(try await gateway.get("/v1/events/\(came.id ?? "")").status == 404)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func testAnsweredWith410DisablesNothing() async throws {
        try await withGateway(failing: 410) { gateway, ops, gone in
            let id = try await subscribe("Guards", gone, ["door.*"], on: gateway)
            _ = try await subscribe("Ops", ops, ["subscription.*"], on: gateway)
            let answer = try await gateway.post("/v1/subscriptions/\(id)/test", [:])
            #expect(answer.status == 200)
            #expect(answer.json["attempt"]?["outcome"] == "rejected" && answer.json["attempt"]?["status"] == 410)
            #expect(answer.json["attempt"]?["sentence"] == "the receiver answered 410")
            #expect(try await gateway.get("/v1/subscriptions/\(id)").json["hold"] == "none")
            #expect(try await gateway.get("/v1/deliveries").json["items"]?.items?.isEmpty == true)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func testOfAMissingReceiverIsExplained() async throws {
        try await withGateway { gateway, ops, _ in
            let id = try await subscribe("Ops", ops, ["door.*"], on: gateway)
            await ops.stop()
            let answer = try await gateway.post("/v1/subscriptions/\(id)/test", [:])
            #expect(answer.status == 200)
            #expect(answer.json["attempt"]?["outcome"] == "unreachable")
            #expect(answer.json["attempt"]?["status"] == .null && answer.json["attempt"]?["answer"] == .null)
            #expect(answer.json["attempt"]?["sentence"]?.text?.isEmpty == false)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func testObeysTheEgressRules() async throws {
        try await TemporaryFolder.with { folder in
            let receiver = try await Receiver()
            var id = ""
            try await LiveGateway.with(Dialects.all, { $0.store = "sqlite:\(folder)/g.db" }) { gateway in
                try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
                id = try await subscribe("Ops", receiver, ["door.*"], on: gateway)
            }
            let narrow: (inout GatewaySettings) -> Void = {
                $0.store = "sqlite:\(folder)/g.db"
                $0.allowedTargets = []
            }
            try await LiveGateway.with(Dialects.all, narrow) { gateway in
                let answer = try await gateway.post("/v1/subscriptions/\(id)/test", [:])
                #expect(answer.json["attempt"]?["outcome"] == "forbidden", "\(answer.text)")
            }
            await receiver.stop()
        }
    }
}
