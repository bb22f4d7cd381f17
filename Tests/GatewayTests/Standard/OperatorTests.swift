internal import GatehouseCore
internal import GatehouseDelivery
internal import GatehouseDialects
internal import GatehouseGateway
internal import GatehouseServer
internal import GatehouseVerification
internal import HTTPTypes
internal import Logging
internal import Synchronization
import Testing

@testable internal import gatehouse

/// The operator's own URL: reports about disabled subscriptions, in a whole gateway.
@Suite struct OperatorTests {
    private static let secret = "whsec_" + String(repeating: "MDEy", count: 8)

    /// The operator's receiver, or one that is gone.
    private final class Receiver: Sendable {
        let url: TargetURL
        private let receiver: EventReceiver
        private let commitSignal: AsyncStream<EventReceiver.Arrival>

        init(secret: String = OperatorTests.secret, failing status: Int? = nil) async throws {
            let (commitSignal, arrived) = AsyncStream<EventReceiver.Arrival>.makeStream()
            receiver = EventReceiver(
                verifier: try Verifier(.standard, secret: secret), mood: ReceiverMood(failure: status)
            ) { arrived.yield($0) }
            self.commitSignal = commitSignal
            let port = try await receiver.start(host: "127.0.0.1", port: 0)
            url = try #require(TargetURL("http://127.0.0.1:\(port)/in?token=hush"))
        }

        /// The next event that came and verified.
        func next() async throws -> JSON {
            for await arrival in commitSignal { return try JSONParser.parse(arrival.result.get().body) }
            throw CancellationError()
        }

        func stop() async { await receiver.stop() }
    }

    /// Creates a subscription of that organization whose receiver is gone, and causes a delivery to it.
    @discardableResult
    private func lose(
        _ gone: Receiver, of organization: JSON, on gateway: LiveGateway.Client
    ) async throws -> String {
        try await gateway.make("/v1/organizations", ["id": organization, "name": "Some"])
        let made = try await gateway.make(
            "/v1/subscriptions",
            [
                "name": "Guards", "dialect": "standard", "url": .string(gone.url.text), "organization": organization,
                "kinds": ["door.*"], "secret": .string(Self.secret),
            ])
        let opened: JSON = [
            "specversion": "1.0", "id": "e1", "source": "/panels/1", "type": "door.opened",
            "organization": organization, "data": [:],
        ]
        #expect(try await gateway.post("/v1/events", opened).status == 202)
        return try #require(made["id"]?.text)
    }

    /// The operator's subscription, as keys above the trees see it.
    private func operators(on gateway: LiveGateway.Client) async throws -> [JSON] {
        let items = try await gateway.get("/v1/subscriptions").json["items"]?.items ?? []
        return items.filter { $0["organization"] == .null }
    }

    @Test(.timeLimit(.minutes(1)))
    func operatorGetsOnlyReportsOfEveryOrganization() async throws {
        let (receiver, gone) = (try await Receiver(), try await Receiver(failing: 410))
        let change: (inout GatewaySettings) -> Void = {
            $0.operatorURL = receiver.url
            $0.operatorSecret = Secret(Self.secret)
        }
        try await LiveGateway.with(Dialects.all, change) { gateway in
            for organization in ["acme", "other"] {
                let id = try await lose(gone, of: .string(organization), on: gateway)
                let told = try await receiver.next()
                #expect(told["type"] == "subscription.disabled")
                #expect(told["organization"]?.text == organization)
                #expect(told["data"]?["subscription"]?["id"]?.text == id)
            }
            let mine = try #require(try await operators(on: gateway).first)
            let lines = try await gateway.get("/v1/audit").json["items"]?.items ?? []
            let settled = lines.filter { $0["subject"] == "subscription" && $0["user"]?["id"] == "gateway" }
            #expect(settled.map { $0["deed"] } == ["disable", "disable", "add"], "each of these in its own line")
            #expect(mine["name"] == "operator" && mine["kinds"]?.items?.count == Catalogue.raised.kinds.count)
            let path = "/v1/subscriptions/\(mine["id"]?.text ?? "")"
            let owed = try await gateway.get("/v1/deliveries?subscription=\(mine["id"]?.text ?? "")").json["items"]
            #expect(owed?.items?.count == 2, "one for each, and none of the doors")
            let tenant = try await gateway.make(
                "/v1/keys", ["name": "K", "role": "admin", "organization": "acme"])["key"]?.text
            #expect(try await gateway.get(path, key: tenant).status == 404)
            #expect(try await !gateway.get("/v1/subscriptions", key: tenant).text.contains("operator"))
        }
        await receiver.stop()
        await gone.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func deliveryToTheOperatorSurvivesARestartAndFollowsTheURL() async throws {
        try await TemporaryFolder.with { folder in
            let (deaf, gone) = (try await Receiver(failing: 410), try await Receiver(failing: 410))
            let receiver = try await Receiver()
            func start(
                url: TargetURL?, _ test: (LiveGateway.Client) async throws -> Void
            ) async throws {
                let change: (inout GatewaySettings) -> Void = {
                    $0.store = "sqlite:\(folder)/g.db"
                    $0.operatorURL = url
                    $0.operatorSecret = Secret(Self.secret)
                }
                try await LiveGateway.with(Dialects.all, change, test)
            }
            var ids: Set<String> = []
            try await start(url: deaf.url) { gateway in
                try await lose(gone, of: "acme", on: gateway)
                #expect(try await deaf.next()["type"] == "subscription.disabled")
                while try await operators(on: gateway).first?["hold"] != "disabled" {}
                ids.formUnion(try await operators(on: gateway).compactMap { $0["id"]?.text })
            }
            try await start(url: receiver.url) { gateway in
                #expect(try await receiver.next()["organization"] == "acme")
                ids.formUnion(try await operators(on: gateway).compactMap { $0["id"]?.text })
            }
            #expect(ids.count == 1, "it is the same subscription, told elsewhere")
            for (url, count) in [(nil, 0), (receiver.url, 1)] {
                try await start(url: url) { gateway in
                    let found = try await operators(on: gateway)
                    #expect(found.count == count)
                }
            }
            for receiver in [deaf, gone, receiver] { await receiver.stop() }
        }
    }

    /// A receiver that fails until it is repaired: the operator learns that it fails, that an alarm died, and that it
    /// accepts deliveries again, and the health agrees.
    @Test(.timeLimit(.minutes(1)))
    func operatorGetsFailureDeathAndRecovery() async throws {
        let (receiver, deaf) = (try await Receiver(), try await Receiver(failing: 503))
        let mended = try await Receiver()
        let change: (inout GatewaySettings) -> Void = {
            $0.operatorURL = receiver.url
            $0.operatorSecret = Secret(Self.secret)
        }
        try await LiveGateway.with(Dialects.all, change) { gateway in
            try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
            let made = try await gateway.make(
                "/v1/subscriptions",
                [
                    "name": "Guards", "dialect": "standard", "url": .string(deaf.url.text), "organization": "acme",
                    "kinds": ["security.*"], "secret": .string(Self.secret), "retries": [1, 1, 1],
                ])
            let id = try #require(made["id"]?.text)
            let path = "/v1/subscriptions/\(id)"
            #expect(try await gateway.get(path).json["health"]?["state"] == "idle")
            func post(_ id: JSON) async throws {
                let event: JSON = [
                    "specversion": "1.0", "id": id, "source": "/panels/1", "type": "security.breached",
                    "organization": "acme", "data": [:],
                ]
                #expect(try await gateway.post("/v1/events", event).status == 202)
            }
            try await post("e1")
            var told: [String: JSON] = [:]
            while told.count < 2 {
                let event = try await receiver.next()
                told[event["type"]?.text ?? ""] = event
            }
            #expect(Set(told.keys) == ["subscription.failing", "delivery.dead"])
            let death = told["delivery.dead"]?["data"]
            #expect(death?["subscription"]?["id"]?.text == id && death?["delivery"]?["lane"] == "urgent")
            #expect(death?["delivery"]?["status"] == 503 && death?["delivery"]?["attempts"] == 4)
            #expect(told.values.allSatisfy { !$0.compact.contains("hush") && !$0.compact.contains("127.0.0.1") })
            let health = try await gateway.get(path).json["health"]
            #expect(health?["state"] == "failing" && health?["dead"] == 1 && health?["consecutiveFailures"] == 4)
            let metrics = try await gateway.get("/metrics").text
            #expect(metrics.contains("gatehouse_deliveries_dead{lane=\"urgent\"} 1"))
            #expect(!metrics.contains("gatehouse_oldest_undelivered_seconds 0\n"), "giving up turns nothing green")
            let patched = try await gateway.send(
                .patch, path, headers: [.contentType: "application/json"],
                body: (["url": .string(mended.url.text)] as JSON).bytes)
            #expect(patched.status == 200, "\(patched.text)")
            try await post("e2")
            #expect(try await receiver.next()["type"] == "subscription.recovered")
            #expect(try await gateway.get(path).json["health"]?["state"] == "ok")
        }
        for receiver in [receiver, deaf, mended] { await receiver.stop() }
    }

    /// The allowed range includes the tenants' receivers and not the operator's, on the same machine.
    @Test(.timeLimit(.minutes(1)))
    func operatorsURLObeysTheEgressRules() async throws {
        let gone = try await Receiver(failing: 410)
        let change: (inout GatewaySettings) -> Void = {
            $0.operatorURL = TargetURL("http://127.0.0.2:9/in")
            $0.allowedTargets = (try? AddressRange("127.0.0.1/32")).map { [$0] } ?? []
        }
        try await LiveGateway.with(Dialects.all, change) { gateway in
            try await lose(gone, of: "acme", on: gateway)
            let id = try #require(try await operators(on: gateway).first?["id"]?.text)
            var outcome: String?
            while outcome == nil {
                let owed = try await gateway.get("/v1/deliveries?subscription=\(id)").json["items"]?.items?.first
                guard let delivery = owed?["id"]?.text else { continue }
                outcome = try await gateway.get("/v1/deliveries/\(delivery)").json["attempts"]?.items?.first?[
                    "outcome"]?.text
            }
            #expect(outcome == "forbidden")
        }
        await gone.stop()
    }

    @Test(.timeLimit(.minutes(1)), arguments: [("http://127.0.0.2:9/in", 1), ("http://127.0.0.1:9/in", 0)])
    func forbiddenOperatorURLIsWarnedAboutAtStart(_ url: String, _ warnings: Int) async throws {
        let log = Log()
        var settings = GatewaySettings()
        settings.store = "sqlite::memory:"
        settings.server.port = 0
        settings.allowedTargets = [try AddressRange("127.0.0.1/32")]
        settings.operatorURL = TargetURL(url)
        let gateway = try await Gateway.build(
            settings, dialects: Dialects.all,
            observability: Gateway.Observability(logger: log.logger, metrics: PrometheusMetrics()))
        async let running: Void = gateway.run()
        _ = await gateway.boundAddress()
        await gateway.stop()
        try await running
        #expect(log.warnings.count { $0 == "the operator's URL cannot be used" } == warnings)
    }

    /// Keeps the warnings that are logged.
    private final class Log: Sendable {
        private let kept = Mutex<[String]>([])

        var warnings: [String] { kept.withLock { $0 } }
        var logger: Logger { Logger(label: "operator") { _ in Handler(log: self) } }

        private struct Handler: LogHandler {
            let log: Log
            var metadata: Logger.Metadata = [:]
            var logLevel = Logger.Level.warning

            subscript(metadataKey key: String) -> Logger.Metadata.Value? {
                get { metadata[key] }
                set { metadata[key] = newValue }
            }

            func log(event: LogEvent) {
                log.kept.withLock { $0.append("\(event.message)") }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func operatorsReceiverCanBeTested() async throws {
        let receiver = try await Receiver()
        let change: (inout GatewaySettings) -> Void = {
            $0.operatorURL = receiver.url
            $0.operatorSecret = Secret(Self.secret)
        }
        try await LiveGateway.with(Dialects.all, change) { gateway in
            let mine = try #require(try await operators(on: gateway).first)
            let answer = try await gateway.post("/v1/subscriptions/\(mine["id"]?.text ?? "")/test", [:])
            #expect(answer.json["attempt"]?["outcome"] == "accepted", "\(answer.text)")
            #expect(try await receiver.next()["type"] == "gateway.test")
        }
        await receiver.stop()
    }
}
