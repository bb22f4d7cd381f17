internal import GatehouseCore
internal import GatehouseVerification
import Testing

@testable internal import gatehouse

/// What reaches a Situator receiver, with a whole gateway between.
@Suite struct SituatorDeliveryTests {
    private static let token = "6R7zvBFrjAheqw5L"

    /// A receiver that verifies what it is sent.
    private final class Receiver: Sendable {
        let url: JSON
        private let receiver: EventReceiver
        private let arrivals: AsyncStream<EventReceiver.Arrival>

        init() async throws {
            let (arrivals, arrived) = AsyncStream<EventReceiver.Arrival>.makeStream()
            let verifier = try Verifier(.situator, secret: SituatorDeliveryTests.token)
            receiver = EventReceiver(verifier: verifier, identity: try SelfSignedIdentity(host: "localhost")) {
                arrived.yield($0)
            }
            self.arrivals = arrivals
            let port = try await receiver.start(host: "127.0.0.1", port: 0)
            url = .string("https://127.0.0.1:\(port)/api/situator/events")
        }

        /// The next bodies that came and verified.
        func bodies(_ count: Int) async throws -> [JSON] {
            var bodies: [JSON] = []
            for await arrival in arrivals {
                bodies.append(try JSONParser.parse(arrival.result.get().body))
                if bodies.count == count { break }
            }
            return bodies
        }

        func stop() async { await receiver.stop() }
    }

    /// A webhook that leads to a receiver.
    private func house(
        _ settings: JSON = [:],
        _ test: (LiveGateway.Client, Receiver, _ path: String, _ key: String) async throws -> Void
    ) async throws {
        let receiver = try await Receiver()
        do {
            try await SituatorHouse.open { gateway, manager in
                let made = try await gateway.make(
                    "/v1/subscriptions",
                    [
                        "organization": "1000", "dialect": "situator", "name": "N", "url": receiver.url,
                        "tls": ["verification": false], "secret": .string(Self.token), "settings": settings,
                        "concurrency": 1,
                    ])
                let listed = try await gateway.get(SituatorHouse.webhooks, key: manager.secret)
                let number = try #require(listed.json["webhooks"]?.items?.first?["id"]?.integer, "\(made.compact)")
                try await test(gateway, receiver, "\(SituatorHouse.webhooks)/\(number)", manager.secret)
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
    func whatIsRegisteredIsPosted() async throws {
        try await house { gateway, receiver, path, key in
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
    func timesAreThoseOfThePlaceAcrossAChangeOfClocks() async throws {
        let times = [
            ("2026-03-08T06:59:59.9999Z", "2026-03-08T01:59:59.9999-05:00"),
            ("2026-03-08T07:00:00Z", "2026-03-08T03:00:00.0000-04:00"),
            ("2025-11-02T05:30:00Z", "2025-11-02T01:30:00.0000-04:00"),
            ("2025-11-02T06:30:00Z", "2025-11-02T01:30:00.0000-05:00"),
            ("2026-03-08T07:00:00.5+01:00", "2026-03-08T07:00:00.5000+01:00"),
        ]
        try await house { gateway, receiver, _, _ in
            for (place, (told, expected)) in times.enumerated() {
                _ = try await post(gateway, "t\(place)", "person.created", ["person": ["id": "31"]], time: told)
                #expect(try await receiver.bodies(1).first?["dateTime"]?.text == expected)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func anEnvelopeIsPostedToThoseWhoAskForIt() async throws {
        try await house(["payload": "envelope"]) { gateway, receiver, _, _ in
            _ = try await post(gateway, "a", "zone.changed", ["zone": ["id": "9"], "change": "deleted"])
            let body = try #require(try await receiver.bodies(1).first)
            #expect(body.object?.members.map(\.key) == ["name", "token", "events"])
            #expect(body["events"]?.items?.count == 1)
            #expect(body["events"]?.items?.first?["zoneId"] == 9)
            #expect(body["events"]?.items?.first?["subtype"] == 3)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aPassageOfTheNextOrganizationIsNotTold() async throws {
        try await house(["doors": [["serverId": 1001, "doorId": 1]]]) { gateway, _, _, _ in
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
