internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseTesting
internal import GatehouseVerification
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures
@testable internal import gatehouse

/// A test through a whole gateway, in every dialect: it reaches only the receiver of that subscription, verified, and
/// is stored nowhere.
@Suite(.serialized) struct TestDeliveryTests {
    /// A receiver that verifies its requests.
    private final class Listener: Sendable {
        let receiver: EventReceiver
        let commitSignal: AsyncStream<EventReceiver.Arrival>
        let url: String

        init() async throws {
            let (commitSignal, arrived) = AsyncStream<EventReceiver.Arrival>.makeStream()
            self.commitSignal = commitSignal
            receiver = EventReceiver(identity: try SelfSignedIdentity(host: "localhost")) { arrived.yield($0) }
            url = "https://127.0.0.1:\(try await receiver.start(host: "127.0.0.1", port: 0))/in"
        }
    }

    private func withGateway(_ test: (LiveGateway.Client, _ tried: Listener, _ other: Listener) async throws -> Void)
        async throws
    {
        let (tried, other) = (try await Listener(), try await Listener())
        do {
            try await LiveGateway.with(Dialects.all) { gateway in
                try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
                try await gateway.make(
                    "/v1/panels", ["id": "1070000", "organization": "acme", "name": "Panel", "number": 7])
                try await gateway.make("/v1/doors", ["id": "lobby", "panel": "1070000", "number": 3, "name": "Lobby"])
                try await test(gateway, tried, other)
            }
        } catch {
            await tried.receiver.stop()
            await other.receiver.stop()
            throw error
        }
        await tried.receiver.stop()
        await other.receiver.stop()
    }

    private func subscribe(
        _ spoken: Spoken, _ listener: Listener, _ more: JSONObject, on gateway: LiveGateway.Client
    ) async throws -> String {
        var body: JSONObject = [
            "name": "N", "dialect": .string(spoken.testDescription), "url": .string(listener.url),
            "organization": "acme", "settings": .object(spoken.settings), "tls": ["verification": false],
        ]
        if !spoken.dialect.defaults.makesSecret { body["secret"] = "0123456789abcdef" }
        let made = try await gateway.make("/v1/subscriptions", .object(body.with(more)))
        let scheme = try #require(VerificationDialect(rawValue: spoken.testDescription))
        if let secret = made["secret"]?.text {
            listener.receiver.trust(try Verifier(scheme, secret: secret))
        }
        return try #require(made["id"]?.text)
    }

    /// A dialect in one form of its requests.
    struct Form: Sendable, CustomTestStringConvertible {
        let spoken: Spoken
        let more: JSONObject

        var testDescription: String { spoken.testDescription + (more.isEmpty ? "" : " in batches") }

        static let all: [Form] = {
            let known = Spoken.all.filter { VerificationDialect(rawValue: $0.testDescription) != nil }
            return known.flatMap { spoken -> [Form] in
                let bare = Form(spoken: spoken, more: [:])
                guard let settings = spoken.settingsWithBatches else { return [bare] }
                return [bare, Form(spoken: spoken, more: ["settings": .object(settings)])]
            }
        }()
    }

    @Test(.timeLimit(.minutes(2)), arguments: Form.all)
    func testReachesOnlyThatSubscriptionAndIsNotStored(_ form: Form) async throws {
        let (spoken, more) = (form.spoken, form.more)
        try await withGateway { gateway, tried, other in
            let id = try await subscribe(spoken, tried, more, on: gateway)
            _ = try await subscribe(spoken, other, more, on: gateway)
            let answer = try await gateway.post("/v1/subscriptions/\(id)/test", [:])
            try #require(answer.status == 200, "\(answer.text)")
            #expect(answer.json["attempt"]?["outcome"] == "accepted", "\(answer.text)")
            let test = spoken.dialect.test(for: try spoken.subscription(more))
            #expect(answer.json["kind"] == .string(test.kind.name) && answer.json["asked"] == true)
            #expect(answer.json["name"] == .string(test.name.text))
            var commitSignal = tried.commitSignal.makeAsyncIterator()
            let came = try #require(await commitSignal.next())
            #expect(came.headers[try #require(HTTPField.Name("gatehouse-test"))] == "true")
            #expect(came.line(in: spoken.dialect).hasSuffix("  test"), "\(came.line(in: spoken.dialect))")
            try await expectNothingKept(answer.json["event"]?.text ?? "", of: id, on: gateway)
            // The next request to either is an event: neither got anything else before.
            try await expectNextIsReal(tried, other, spoken, on: gateway)
        }
    }

    private func expectNothingKept(_ event: String, of id: String, on gateway: LiveGateway.Client) async throws {
        #expect(try await gateway.get("/v1/events/\(event)").status == 404)
        let feed = try await gateway.get("/v1/events?limit=1000")
        #expect(!feed.text.contains(event) && !feed.text.contains("TEST"), "\(feed.text)")
        #expect(try await gateway.get("/v1/deliveries").json["items"] == [])
        let replay = try await gateway.post(
            "/v1/subscriptions/\(id)/replay", ["since": "2020-01-01T00:00:00Z", "dryRun": true])
        #expect(replay.status == 200 && !replay.text.contains(event), "\(replay.text)")
    }

    private func expectNextIsReal(
        _ tried: Listener, _ other: Listener, _ spoken: Spoken, on gateway: LiveGateway.Client
    ) async throws {
        let kind = spoken.testDescription == "oneupvision" ? "person.created" : "access.granted"
        let data: JSON =
            kind == "access.granted"
            ? ["panel": "1070000", "door": "lobby", "person": ["id": "31"]] : ["person": ["id": "31"]]
        let answer = try await gateway.post(
            "/v1/events",
            [
                "specversion": "1.0", "id": "e1", "source": "/p", "type": .string(kind), "organization": "acme",
                "data": data,
            ])
        try #require(answer.json["events"]?.items?.first?["deliveries"] == 2, "\(answer.text)")
        for listener in [tried, other] {
            var commitSignal = listener.commitSignal.makeAsyncIterator()
            let came = try #require(await commitSignal.next())
            #expect(came.headers[try #require(HTTPField.Name("gatehouse-test"))] == nil)
        }
    }
}
