internal import GatehouseCore
internal import GatehouseTesting
internal import GatehouseVerification
internal import HTTPTypes
import Testing

@testable internal import gatehouse

/// The deliveries to a subscriber by secret URL, through a whole gateway.
@Suite struct PlaceOSDeliveryTests {
    @Test func subscriberGetsTheDoorsAndCanVerifyThem() async throws {
        let (commitSignal, arrived) = AsyncStream<EventReceiver.Arrival>.makeStream()
        let verifier = try Verifier(.placeos, secret: "123456")
        let receiver = EventReceiver(verifier: verifier) { arrived.yield($0) }
        let port = try await receiver.start(host: "127.0.0.1", port: 0)
        let url: JSON = .string("http://127.0.0.1:\(port)/external/placeOsWebhook/AAAA")
        try await PlaceOSGateway.run { gateway in
            let trigger = try await PlaceOSGateway.trigger(gateway, ["mayUnlock": true])
            let posted = try await gateway.call(.post, trigger.path, ["webhook": url, "secret": "123456"])
            try #require(posted.status == 201)
            // An event of another organization, which the door's own subscriptions do not get, then one of their own.
            for (id, door, kind): (JSON, JSON, JSON) in [
                ("1", "far", "access.granted"), ("2", "1234-2342", "access.granted"), ("3", "1234-2342", "door.forced"),
            ] {
                let event: JSON = [
                    "specversion": "1.0", "id": id, "source": "/s", "type": kind,
                    "organization": door == "far" ? "annex" : "acme",
                    "data": [
                        "door": door, "person": ["name": "Steve Place", "email": "steve@place.org"],
                        "credential": ["form": "card", "number": "123456"],
                    ],
                ]
                let answer = try await gateway.post("/v1/events", kind == "door.forced" ? without(event) : event)
                try #require(answer.status == 202, "\(answer.text)")
                #expect(answer.json["events"]?.items?.first?["deliveries"] == (door == "far" ? 0 : 1))
            }
            var bodies: [JSON] = []
            for await arrival in commitSignal {
                bodies.append(try JSONParser.parse(arrival.result.get().body))
                if bodies.count == 2 { break }
            }
            let granted = try #require(bodies.first { $0["action"] == "granted" })
            #expect(granted["door_id"] == "1234-2342" && granted["card_id"] == "123456")
            #expect(granted["user_name"] == "Steve Place" && granted["user_email"] == "steve@place.org")
            #expect(bodies.contains { $0["action"] == "tamper" })
        }
        await receiver.stop()
    }

    /// An event of a door alone has no place for people.
    private func without(_ event: JSON) -> JSON {
        var object = event.object ?? [:]
        object["data"] = ["door": event["data"]?["door"] ?? .null]
        return .object(object)
    }

    /// No command is lost: the door's answer is an event like others.
    @Test func unlockIsSentInTheStandardDialect() async throws {
        let (commitSignal, arrived) = AsyncStream<EventReceiver.Arrival>.makeStream()
        let receiver = EventReceiver(verifier: nil) { arrived.yield($0) }
        let port = try await receiver.start(host: "127.0.0.1", port: 0)
        try await PlaceOSGateway.run { gateway in
            let made = try await gateway.make(
                "/v1/subscriptions",
                [
                    "organization": "acme", "dialect": "standard", "name": "N", "privacyLevel": 0,
                    "url": .string("http://127.0.0.1:\(port)/"),
                ])
            receiver.trust(try Verifier(.standard, secret: try #require(made["secret"]?.text)))
            let trigger = try await PlaceOSGateway.trigger(gateway, ["mayUnlock": true])
            #expect(try await gateway.call(.put, trigger.path, ["door_id": "1234-2342"]).status == 200)
            for await arrival in commitSignal {
                let event = try JSONParser.parse(arrival.result.get().body)
                guard event["type"] == "door.unlock_commanded" else { continue }
                #expect(event["data"]?["door"] == "1234-2342")
                #expect(event["data"]?["details"]?["outcome"] == "opened")
                #expect(event["data"]?["details"]?["user"]?["id"] == .string(trigger.id))
                break
            }
        }
        await receiver.stop()
    }
}
