internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseTesting
internal import GatehouseVerification
internal import HTTPTypes
import Testing

@testable internal import gatehouse

/// Replays, and operations on many deliveries at once, through the API of a whole gateway.
@Suite(.timeLimit(.minutes(2))) struct ReplayRouteTests {
    /// A gateway with one organization, one receiver that answers as the test says, and one subscription to it.
    private struct TestGateway {
        let gateway: LiveGateway.Client
        let receiver: EventReceiver
        let subscription: String
        let commitSignal: AsyncStream<EventReceiver.Arrival>

        var path: String { "/v1/subscriptions/\(subscription)" }

        func post(_ ids: [String], kind: String = "door.opened") async throws {
            let batch = ids.map { id -> JSON in
                [
                    "specversion": "1.0", "id": .string(id), "source": "/s", "type": .string(kind),
                    "organization": "acme", "data": [:],
                ]
            }
            let answer = try await gateway.post("/v1/events", .array(batch))
            try #require(answer.status == 202, "\(answer.text)")
        }

        func deliveries(_ state: String) async throws -> [JSON] {
            try await gateway.get("/v1/deliveries?subscription=\(subscription)&state=\(state)").json["items"]?.items
                ?? []
        }

        func until(_ what: String, _ holds: () async throws -> Bool) async throws {
            for _ in 0..<1_500 {
                if try await holds() { return }
                try await Task.sleep(for: .milliseconds(20))
            }
            Issue.record("never: \(what)")
            throw CancellationError()
        }
    }

    private func withGateway(
        mood: ReceiverMood = ReceiverMood(), _ terms: [String: JSON] = [:], _ test: (TestGateway) async throws -> Void
    ) async throws {
        let (commitSignal, arrived) = AsyncStream<EventReceiver.Arrival>.makeStream()
        let receiver = EventReceiver(mood: mood) { arrived.yield($0) }
        let port = try await receiver.start(host: "127.0.0.1", port: 0)
        do {
            try await LiveGateway.with(Dialects.all) { gateway in
                try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
                var body = JSONObject([
                    .init("name", "ops"), .init("dialect", "standard"),
                    .init("url", .string("http://127.0.0.1:\(port)/in")), .init("organization", "acme"),
                ])
                for (name, value) in terms { body[name] = value }
                let made = try await gateway.make("/v1/subscriptions", .object(body))
                receiver.trust(try Verifier(.standard, secret: #require(made["secret"]?.text)))
                let id = try #require(made["id"]?.text)
                try await test(
                    TestGateway(gateway: gateway, receiver: receiver, subscription: id, commitSignal: commitSignal))
            }
        } catch {
            await receiver.stop()
            throw error
        }
        await receiver.stop()
    }

    private let hourAgo: JSON = "2020-01-01T00:00:00Z"

    @Test func replayIsStartedWatchedAndDelivered() async throws {
        try await withGateway { setup in
            try await setup.post(["a", "b"])
            try await setup.post(["c"], kind: "access.granted")
            try await setup.until("all are delivered") {
                try await setup.deliveries("delivered").count == 3
            }
            let dry = try await setup.gateway.post(
                setup.path + "/replay", ["since": hourAgo, "kinds": ["door.*"], "dryRun": true])
            #expect(dry.status == 200 && dry.json["owed"] == 2 && dry.json["complete"] == true)
            #expect(try await setup.gateway.get(setup.path + "/replays").json["items"] == [])
            let begun = try await setup.gateway.post(
                setup.path + "/replay", ["since": hourAgo, "kinds": ["door.*"]])
            #expect(begun.status == 202 && begun.json["state"] == "running", "\(begun.text)")
            let place = try #require(begun.field("Location"))
            #expect(place == setup.path + "/replays/1")
            try await setup.until("it is finished") {
                try await setup.gateway.get(place).json["state"] == "finished"
            }
            let done = try await setup.gateway.get(place).json
            #expect(done["owed"] == 2 && done["kinds"] == ["door.*"])
            #expect(done["progress"].flatMap { Double($0.compact) } == 1)
            try await setup.until("they are delivered again") {
                try await setup.deliveries("delivered").count == 5
            }
            let replays = try await setup.deliveries("delivered").filter { $0["replay"] == true }
            #expect(replays.count == 2)
            var seen: [(id: String?, isReplay: Bool)] = []
            for await arrival in setup.commitSignal {
                let isReplay = arrival.headers.contains { $0.name.canonicalName == "gatehouse-replay" }
                seen.append((try arrival.result.get().id, isReplay))
                if seen.count == 5 { break }
            }
            #expect(seen.prefix(3).allSatisfy { !$0.isReplay } && seen.suffix(2).allSatisfy(\.isReplay))
            #expect(Set(seen.map(\.id)).count == 3, "the id of an event is the same when it is replayed")
            let list = try await setup.gateway.get(setup.path + "/replays?limit=1").json
            #expect(list["items"]?.items?.first?["id"] == "1" && list["next"] == .null)
            let actions = try await setup.gateway.get("/v1/audit").json["items"]?.items?.map { $0["deed"]?.text }
            #expect(actions?.contains("replay") == true)
        }
    }

    @Test func impossibleReplayIsRefusedWithWhatToDo() async throws {
        try await withGateway { setup in
            let replay = setup.path + "/replay"
            let refused: [(JSON, Int, String?)] = [
                ([:], 422, "since"), (["since": "yesterday"], 422, "since"), (["since": 5], 422, "since"),
                (["since": "2999-01-01T00:00:00Z"], 422, "since"),
                (["since": hourAgo, "until": "2019-01-01T00:00:00Z"], 422, "until"),
                (["since": hourAgo, "kinds": []], 422, "kinds"),
                (["since": hourAgo, "kinds": ["dor.*"]], 422, "kinds"),
                (["since": hourAgo, "kinds": "door.*"], 422, "kinds"),
                (["since": hourAgo, "kinds": [1]], 422, "kinds"),
                (["since": hourAgo, "dryRun": "yes"], 422, "dryRun"), (["since": hourAgo, "door": "d"], 422, "door"),
            ]
            for (body, status, field) in refused {
                let answer = try await setup.gateway.post(replay, body)
                #expect(
                    answer.status == status && answer.json["field"]?.text == field, "\(body.compact): \(answer.text)")
            }
            #expect(
                try await setup.gateway.post("/v1/subscriptions/none/replay", ["since": hourAgo]).status == 404)
            for path in ["/replays/9", "/replays/x"] {
                #expect(try await setup.gateway.get(setup.path + path).status == 404)
                #expect(try await setup.gateway.post(setup.path + path + "/cancel", [:]).status == 404)
            }
            let other = try await setup.gateway.make(
                "/v1/subscriptions",
                [
                    "name": "doors", "dialect": "standard", "url": "http://127.0.0.1:1/", "organization": "acme",
                    "kinds": ["door.*"],
                ])
            let path = "/v1/subscriptions/" + (try #require(other["id"]?.text))
            let vain = try await setup.gateway.post(path + "/replay", ["since": hourAgo, "kinds": ["person.*"]])
            #expect(vain.status == 422 && vain.json["field"] == "kinds")
            let patched = try await setup.gateway.send(
                .patch, path, headers: [.contentType: "application/json"], body: Array(#"{"active":false}"#.utf8))
            try #require(patched.status == 200)
            #expect(try await setup.gateway.post(path + "/replay", ["since": hourAgo]).status == 409)
            #expect(
                try await setup.gateway.get(setup.path + "/replays").json["items"] == [],
                "nothing was begun")
        }
    }

    @Test func replayIsCancelledOnRequest() async throws {
        try await withGateway { setup in
            try await setup.post(["a"])
            try await setup.until("it is delivered") { try await setup.deliveries("delivered").count == 1 }
            try #require(try await setup.gateway.post(setup.path + "/pause", [:]).status == 200)
            let begun = try await setup.gateway.post(setup.path + "/replay", ["since": hourAgo])
            let place = try #require(begun.field("Location"))
            let ended = try await setup.gateway.post(place + "/cancel", [:])
            #expect(ended.status == 200 && ended.json["state"] == "cancelled" && ended.json["reason"] == "requested")
            #expect(try await setup.gateway.post(place + "/cancel", [:]).json == ended.json)
            try #require(try await setup.gateway.post(setup.path + "/resume", [:]).status == 200)
            #expect(try await setup.deliveries("waiting").isEmpty)
        }
    }

    /// One died before the last success and stays dead; deliveries that died after it become due when the subscription
    /// that 410 has disabled is resumed.
    @Test func resumeRevivesOnlyDeliveriesThatDiedInTheOutage() async throws {
        try await withGateway(mood: ReceiverMood(failure: 500, failFirst: 2), ["retries": [1]]) { setup in
            try await setup.post(["before"])
            try await setup.until("the first is dead") { try await setup.deliveries("dead").count == 1 }
            try await setup.post(["fine"])
            try await setup.until("the second is delivered") {
                try await setup.deliveries("delivered").count == 1
            }
            setup.receiver.change(ReceiverMood(failure: 500))
            try await setup.post(["outage"])
            try await setup.until("the third is dead") { try await setup.deliveries("dead").count == 2 }
            setup.receiver.change(ReceiverMood(failure: 410))
            try await setup.post(["gone"])
            try await setup.until("it is disabled") {
                try await setup.gateway.get(setup.path).json["hold"] == "disabled"
            }
            setup.receiver.change(ReceiverMood())
            try #require(try await setup.gateway.post(setup.path + "/resume", [:]).status == 200)
            try await setup.until("all but the first are delivered") {
                try await setup.deliveries("delivered").count == 3
            }
            #expect(try await setup.deliveries("dead").count == 1)
        }
    }

    @Test func manyDeliveriesAreRetriedAndCancelledTogether() async throws {
        try await withGateway(mood: ReceiverMood(failure: 500), ["retries": [1]]) { setup in
            let all: JSON = ["subscription": .string(setup.subscription)]
            try await setup.post(["a", "b", "c"])
            try await setup.until("all are dead") { try await setup.deliveries("dead").count == 3 }
            let dry = try await setup.gateway.post(
                "/v1/deliveries/retry", ["subscription": .string(setup.subscription), "dryRun": true])
            #expect(dry.status == 200 && dry.json == ["deliveries": 3, "state": "dead", "dryRun": true])
            let none = try await setup.gateway.post(
                "/v1/deliveries/retry", ["subscription": .string(setup.subscription), "until": hourAgo])
            #expect(none.json == ["deliveries": 0, "state": "dead", "dryRun": false])
            setup.receiver.change(ReceiverMood())
            let retried = try await setup.gateway.post("/v1/deliveries/retry", all)
            #expect(retried.status == 200 && retried.json == ["deliveries": 3, "state": "dead", "dryRun": false])
            try await setup.until("all are delivered") {
                try await setup.deliveries("delivered").count == 3
            }
            try #require(try await setup.gateway.post(setup.path + "/pause", [:]).status == 200)
            try await setup.post(["d", "e"])
            let cancelled = try await setup.gateway.post("/v1/deliveries/cancel", all)
            #expect(
                cancelled.status == 200 && cancelled.json == ["deliveries": 2, "state": "waiting", "dryRun": false])
            let left = try await setup.deliveries("cancelled")
            #expect(left.count == 2 && left.allSatisfy { $0["reason"] == "requested" })
        }
    }

    /// Dead deliveries are cancelled together, and then nothing needs attention.
    @Test func manyDeadDeliveriesAreCancelledTogether() async throws {
        try await withGateway(mood: ReceiverMood(failure: 500), ["retries": [0]]) { setup in
            let dead: JSON = ["subscription": .string(setup.subscription), "state": "dead"]
            try await setup.post(["a", "b", "c"])
            try await setup.until("all are dead") { try await setup.deliveries("dead").count == 3 }
            let named = "subscriptions/\(setup.subscription)"
            let attention = try await setup.gateway.get("/v1/status").json["attention"]?.items ?? []
            #expect(attention.contains { $0["subject"]?.text == named && $0["count"] == 3 })
            let waiting = try await setup.gateway.post(
                "/v1/deliveries/cancel", ["subscription": .string(setup.subscription)])
            #expect(waiting.json == ["deliveries": 0, "state": "waiting", "dryRun": false])
            for (isDryRun, left) in [(true, 3), (false, 0)] {
                var body = try #require(dead.object)
                body["dryRun"] = .bool(isDryRun)
                let answer = try await setup.gateway.post("/v1/deliveries/cancel", .object(body))
                #expect(answer.json == ["deliveries": 3, "state": "dead", "dryRun": .bool(isDryRun)])
                #expect(try await setup.deliveries("dead").count == left)
            }
            #expect(try await setup.deliveries("cancelled").allSatisfy { $0["reason"] == "requested" })
            let given = try await setup.gateway.get("/v1/status").json["attention"]?.items ?? []
            #expect(!given.contains { $0["sentence"]?.text?.contains("given up") == true })
        }
    }

    @Test func invalidSelectionIsRefused() async throws {
        try await withGateway { setup in
            let subscription = JSON.string(setup.subscription)
            let refused: [(String, JSON, String)] = [
                ("retry", [:], "subscription"), ("retry", ["subscription": "none"], "subscription"),
                ("retry", ["subscription": subscription, "state": "delivered"], "state"),
                ("retry", ["subscription": subscription, "since": "soon"], "since"),
                ("cancel", ["subscription": subscription, "state": "delivered"], "state"),
                ("cancel", ["subscription": subscription, "until": 7], "until"),
                (
                    "cancel",
                    ["subscription": subscription, "since": hourAgo, "until": "2019-01-01T00:00:00Z"], "until"
                ),
            ]
            for (action, body, field) in refused {
                let answer = try await setup.gateway.post("/v1/deliveries/\(action)", body)
                #expect(answer.status == 422 && answer.json["field"]?.text == field, "\(body.compact): \(answer.text)")
            }
        }
    }
}
