internal import GatehouseCore
internal import GatehouseVerification
internal import HTTPTypes
import Testing

@testable internal import gatehouse

/// The deliveries to a Situator receiver, through a whole gateway.
@Suite struct SituatorDeliveryTests {
    private static let token = "6R7zvBFrjAheqw5L"

    /// A receiver that verifies its requests.
    private final class Receiver: Sendable {
        let url: JSON
        private let receiver: EventReceiver
        private let port: Int
        private let commitSignal: AsyncStream<EventReceiver.Arrival>

        init() async throws {
            let (commitSignal, arrived) = AsyncStream<EventReceiver.Arrival>.makeStream()
            let verifier = try Verifier(.situator, secret: SituatorDeliveryTests.token)
            receiver = EventReceiver(verifier: verifier, identity: try SelfSignedIdentity(host: "localhost")) {
                arrived.yield($0)
            }
            self.commitSignal = commitSignal
            port = try await receiver.start(host: "127.0.0.1", port: 0)
            url = .string("https://127.0.0.1:\(port)/api/situator/events")
        }

        /// The next bodies that came and verified.
        func bodies(_ count: Int) async throws -> [JSON] {
            var bodies: [JSON] = []
            for await arrival in commitSignal {
                bodies.append(try JSONParser.parse(arrival.result.get().body))
                if bodies.count == count { break }
            }
            return bodies
        }

        /// Closes its port and every connection.
        func goAway() async { await receiver.cut() }

        func comeBack() async throws { _ = try await receiver.start(host: "127.0.0.1", port: port) }

        func stop() async { await receiver.stop() }
    }

    /// A webhook that leads to a receiver.
    private func withGateway(
        _ settings: JSON = [:],
        _ test: (LiveGateway.Client, Receiver, _ path: String, _ key: String) async throws -> Void
    ) async throws {
        let receiver = try await Receiver()
        do {
            try await SituatorGateway.open { gateway, manager in
                let made = try await gateway.make(
                    "/v1/subscriptions",
                    [
                        "organization": "1000", "dialect": "situator", "name": "N", "url": receiver.url,
                        "tls": ["verification": false], "secret": .string(Self.token), "settings": settings,
                        "concurrency": 1,
                    ])
                let listed = try await gateway.get(SituatorGateway.webhooks, key: manager.secret)
                let number = try #require(listed.json["webhooks"]?.items?.first?["id"]?.integer, "\(made.compact)")
                try await test(gateway, receiver, "\(SituatorGateway.webhooks)/\(number)", manager.secret)
            }
        } catch {
            await receiver.stop()
            throw error
        }
        await receiver.stop()
    }

    private func post(
        _ gateway: LiveGateway.Client, _ id: String, _ kind: String, _ data: JSON, time: String = "2026-03-11T08:15:30Z"
    ) async throws -> Int64? {
        let answer = try await gateway.post(
            "/v1/events",
            [
                "specversion": "1.0", "id": .string(id), "source": "/panels/1", "type": .string(kind),
                "time": .string(time), "organization": "1000", "data": data,
            ])
        #expect(answer.status == 202, "\(answer.text)")
        return answer.json["events"]?.items?.first?["deliveries"]?.integer
    }

    @Test(.timeLimit(.minutes(1)))
    func registeredEventIsPosted() async throws {
        try await withGateway { gateway, receiver, path, key in
            let passage: JSON = [
                "panel": "gate", "door": "door-gate", "zone": ["id": "1001"], "person": ["id": "1"],
                "access": ["direction": "entry", "method": "remote"],
            ]
            #expect(try await post(gateway, "a", "access.granted", passage) == 0, "no door is registered")
            #expect(try await post(gateway, "b", "panic.raised", ["panel": "gate"]) == 0, "no event is registered")
            // The panel has neither a number nor an id that is one: the list of doors gives it one.
            let server = Numbers.first
            #expect(
                try await gateway.put(
                    path + "/doors", ["doors": [["serverId": .integer(server), "doorId": 1]]], key: key
                ).status == 200)
            #expect(
                try await gateway.put(path + "/events", ["events": [["eventId": 12]]], key: key).status == 200)
            #expect(try await post(gateway, "c", "access.granted", passage) == 1)
            let bodies = try await receiver.bodies(1)
            let id = try #require(bodies.first?["id"]?.integer)
            #expect(
                bodies.first?.compact == """
                    {"type":"access","dateTime":"2026-03-11T04:15:30.0000-04:00","id":\(id),"accountId":1000,\
                    "zoneId":1001,"serverId":\(server),"doorId":1,"personId":1,"direction":1,\
                    "authorized":true,"openingType":7,\
                    "duress":false,"vehicleId":null,"visitorId":null,"credential":null}
                    """)
            #expect(try await post(gateway, "d", "panic.raised", ["panel": "gate"]) == 1)
            #expect(try await post(gateway, "e", "door.forced", ["panel": "gate", "door": "door-gate"]) == 0)
            #expect(try await post(gateway, "f", "person.created", ["person": ["id": "31"]]) == 1)
            let more = try await receiver.bodies(2)
            #expect(more.first?["eventId"] == 12)
            #expect(more.last?.compact.hasSuffix(#""subtype":1,"accountId":1000,"personId":31}"#) == true)
        }
    }

    /// New York's clocks went from 02:00 to 03:00 on 8 March 2026 and go back on 1 November.
    @Test(.timeLimit(.minutes(1)))
    func timesAreLocalAcrossAChangeOfClocks() async throws {
        let times = [
            ("2026-03-08T06:59:59.9999Z", "2026-03-08T01:59:59.9999-05:00"),
            ("2026-03-08T07:00:00Z", "2026-03-08T03:00:00.0000-04:00"),
            ("2025-11-02T05:30:00Z", "2025-11-02T01:30:00.0000-04:00"),
            ("2025-11-02T06:30:00Z", "2025-11-02T01:30:00.0000-05:00"),
            ("2026-03-08T07:00:00.5+01:00", "2026-03-08T07:00:00.5000+01:00"),
        ]
        try await withGateway { gateway, receiver, _, _ in
            for (place, (told, expected)) in times.enumerated() {
                _ = try await post(gateway, "t\(place)", "person.created", ["person": ["id": "31"]], time: told)
                #expect(try await receiver.bodies(1).first?["dateTime"]?.text == expected)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func envelopeIsPostedOnRequest() async throws {
        try await withGateway(["payload": "envelope"]) { gateway, receiver, _, _ in
            _ = try await post(gateway, "a", "zone.changed", ["zone": ["id": "9"], "change": "deleted"])
            let body = try #require(try await receiver.bodies(1).first)
            #expect(body.object?.members.map(\.key) == ["name", "token", "events"])
            #expect(body["events"]?.items?.count == 1)
            #expect(body["events"]?.items?.first?["zoneId"] == 9)
            #expect(body["events"]?.items?.first?["subtype"] == 3)
        }
    }

    /// The deliveries of a gateway, as soon as they meet the condition.
    private func deliveries(
        _ gateway: LiveGateway.Client, once holds: ([JSON]) -> Bool
    ) async throws -> [JSON] {
        while true {
            let items = try await gateway.get("/v1/deliveries?limit=200").json["items"]?.items ?? []
            if holds(items) { return items }
        }
    }

    /// The first of them was tried in vain before the others were there; 101 make two requests.
    @Test(.timeLimit(.minutes(1)))
    func backlogComesInEnvelopesOfAHundred() async throws {
        try await withGateway(["payload": "envelope"]) { gateway, receiver, _, _ in
            let listed = try await gateway.get("/v1/subscriptions").json["items"]?.items
            let subscription = "/v1/subscriptions/\(try #require(listed?.first?["id"]?.text))"
            await receiver.goAway()
            _ = try await post(gateway, "z1", "zone.changed", ["zone": ["id": "1"]])
            let tried = try await deliveries(gateway) { $0.first?["attemptCount"] == 1 }
            #expect(try await gateway.post(subscription + "/pause", [:]).status == 200)
            for number in 2...101 {
                #expect(
                    try await post(gateway, "z\(number)", "zone.changed", ["zone": ["id": .string("\(number)")]]) == 1)
            }
            try await receiver.comeBack()
            let first = "/v1/deliveries/\(try #require(tried.first?["id"]?.text))"
            #expect(try await gateway.post(first + "/retry", [:]).status == 200)
            #expect(try await gateway.post(subscription + "/resume", [:]).status == 200)
            let bodies = try await receiver.bodies(2)
            let zones = bodies.map { $0["events"]?.items?.compactMap { $0["zoneId"]?.integer } ?? [] }
            #expect(zones == [Array(1...100), [101]])
            let ended = try await deliveries(gateway) { $0.allSatisfy { $0["state"] == "delivered" } }
            #expect(ended.count == 101)
            #expect(ended.reversed().map { $0["attemptCount"]?.integer } == [2] + Array(repeating: 1, count: 100))
            let attempts = try await gateway.get(first).json["attempts"]?.items ?? []
            #expect(attempts.map { $0["outcome"] } == ["unreachable", "accepted"])
        }
    }

    /// One request is running, 100 wait: a further, newest one is dropped, and nothing is tried twice.
    @Test(.timeLimit(.minutes(1)), arguments: [("bare", 1), ("envelope", 100)])
    func vendorsPromiseBuffersAHundredAndTriesOnce(_ payload: String, _ most: Int) async throws {
        let receiver = HeldReceiver(answering: .serviceUnavailable)
        try await receiver.serving { url in
            try await SituatorGateway.open { gateway, _ in
                try await gateway.make(
                    "/v1/subscriptions",
                    [
                        "organization": "1000", "dialect": "situator", "name": "N", "url": .string(url),
                        "secret": .string(Self.token), "promise": "vendor", "concurrency": 1,
                        "settings": ["payload": .string(payload)],
                    ])
                _ = try await post(gateway, "z0", "zone.changed", ["zone": ["id": "1"]])
                #expect(await receiver.next(1).count == 1)
                for number in 1...103 {
                    _ = try await post(gateway, "z\(number)", "zone.changed", ["zone": ["id": "1"]])
                }
                let held = try await deliveries(gateway) { $0.count == 104 }.reversed().map { $0["state"] }
                #expect(
                    held == ["leased"] + Array(repeating: "waiting", count: 100)
                        + Array(repeating: "cancelled", count: 3))
                receiver.letGo()
                // After five refusals the receiver rests, and one is tried after each rest.
                let (requests, tried) = most == 1 ? (6, 7) : (1, 101)
                #expect(await receiver.next(requests).count == requests)
                let ended = try await deliveries(gateway) { items in
                    items.count { $0["state"] == "dead" } >= tried
                }
                #expect(ended.prefix(3).allSatisfy { $0["reason"] == "buffer-full" && $0["attemptCount"] == 0 })
                for delivery in ended.dropFirst(3) {
                    let isDead = delivery["state"] == "dead"
                    #expect(delivery["attemptCount"] == .integer(isDead ? 1 : 0))
                    #expect(isDead ? delivery["reason"] == "exhausted" : delivery["state"] != "cancelled")
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func passageOfAnotherOrganizationIsNotSent() async throws {
        try await withGateway(["doors": [["serverId": 1001, "doorId": 1]]]) { gateway, _, _, _ in
            let answer = try await gateway.post(
                "/v1/events",
                [
                    "specversion": "1.0", "id": "x", "source": "/s", "type": "access.granted", "organization": "other",
                    "data": ["panel": "o1", "door": "door-o1"],
                ])
            #expect(answer.json["events"]?.items?.first?["deliveries"] == 0, "\(answer.text)")
        }
    }
}
