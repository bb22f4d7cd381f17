internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import GatehouseDialects

/// An alarm that would have been refused, through a whole gateway: accepted, owed, flagged, once.
@Suite struct FlaggedAlarmTests {
    private static func event(_ id: String, _ type: String, _ data: JSON) -> JSON {
        [
            "specversion": "1.0", "id": .string(id), "source": "/panels/1070000", "type": .string(type),
            "organization": "acme", "data": data,
        ]
    }

    private func setUp(_ client: LiveGateway.Client) async throws {
        try await client.make("/v1/organizations", ["id": "acme", "name": "Acme"])
        try await client.make("/v1/panels", ["id": "1070000", "organization": "acme", "name": "Main"])
        try await client.make("/v1/doors", ["id": "lobby", "panel": "1070000", "number": 1, "name": "Lobby"])
        for (name, more) in [
            ("all", [:]), ("lobby", ["doors": ["lobby"]]), ("duress", ["kinds": ["access.duress"]]),
            ("denied", ["kinds": ["access.denied"]]),
        ] as [(String, JSONObject)] {
            var body: JSONObject = [
                "name": .string(name), "dialect": "standard", "url": "http://127.0.0.1:9/in", "organization": "acme",
            ]
            for member in more.members { body[member.key] = member.value }
            try await client.make("/v1/subscriptions", .object(body))
        }
    }

    @Test func flaggedAlarmIsOwedUnlessExcludedByName() async throws {
        try await LiveGateway.with(Dialects.all) { client in
            try await setUp(client)
            let squatted = Self.event("1", "door.opened", ["door": "lobby"])
            #expect(try await client.post("/v1/events", squatted).status == 202)
            let posts: [(event: JSON, flag: JSON?, deliveries: JSON)] = [
                (Self.event("1", "door.forced", ["door": "lobby"]), "conflict", 2),
                (Self.event("2", "door.forced", ["door": "cellar"]), "unknown-door", 2),
                (
                    Self.event(
                        "3", "access.denied", ["door": "lobby", "access": ["authorized": true, "duress": true]]),
                    "contradiction", 4
                ),
                (Self.event("4", "access.granted", ["door": "lobby", "access": ["duress": true]]), nil, 3),
            ]
            for post in posts {
                let receipt = try await client.post("/v1/events", post.event).json["events"]?.items?.first
                #expect(receipt?["flag"] == post.flag && receipt?["deliveries"] == post.deliveries, "\(post.event)")
                let again = try await client.post("/v1/events", post.event).json["events"]?.items?.first
                #expect(again?["duplicate"] == true && again?["event"] == receipt?["event"], "\(post.event)")
                #expect(again?["flag"] == post.flag && again?["deliveries"] == post.deliveries, "\(post.event)")
                let id = receipt?["event"]?.text ?? ""
                let kept = try await client.get("/v1/events/\(id)").json
                #expect(kept["event"]?["gatehouseflag"] == post.flag)
                #expect(kept["event"]?["id"] == post.event["id"])
                #expect(kept["deliveries"]?["items"]?.items?.allSatisfy { $0["lane"] == "urgent" } == true)
            }
            let page = try await client.get("/v1/events?kind=access.duress").json["events"]?.items
            #expect(page?.map { $0["type"] } == ["access.denied", "access.granted"], "by the kinds as told")
            // The unknown door is created: the answer to the same event stays the same.
            try await client.make("/v1/doors", ["id": "cellar", "panel": "1070000", "number": 2, "name": "Cellar"])
            let again = try await client.post("/v1/events", posts[1].event).json["events"]?.items?.first
            #expect(again?["flag"] == "unknown-door" && again?["duplicate"] == true)
            let refused = Self.event("1", "door.closed", ["door": "lobby"])
            #expect(try await client.post("/v1/events", refused).status == 409)
        }
    }
}
