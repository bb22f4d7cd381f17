internal import GatehouseCore
internal import HTTPTypes
import Testing

/// An event that lacks a field of a contract, in a whole gateway.
@Suite struct UnsentEventTests {
    @Test func unsentEventIsExplainedWhenItIsShown() async throws {
        try await PlaceOSGateway.run { gateway in
            let made = try await gateway.make(
                "/v1/subscriptions",
                ["name": "R", "dialect": "placeos", "organization": "acme", "url": "https://rhombus.example/in"])
            let id = try #require(made["id"]?.text)
            let event: JSON = [
                "specversion": "1.0", "id": "1", "source": "/s", "type": "access.granted", "organization": "acme",
                "data": ["panel": "p1"],
            ]
            let posted = try await gateway.post("/v1/events", event)
            try #require(posted.status == 202, "\(posted.text)")
            let receipt = try #require(posted.json["events"]?.items?.first)
            #expect(receipt["deliveries"] == 0)
            let shown = try await gateway.get("/v1/events/\(receipt["event"]?.text ?? "")").json
            #expect(
                shown["unsayable"] == [["subscription": .string(id), "dialect": "placeos", "lacking": ["door_id"]]])
            #expect(try await gateway.get("/v1/status").json["attention"] == [], "it is no alarm")
            let alarm: JSON = [
                "specversion": "1.0", "id": "2", "source": "/s", "type": "device.tampered", "organization": "acme",
                "data": [:],
            ]
            for _ in 1...2 { #expect(try await gateway.post("/v1/events", alarm).status == 202) }
            let item = try #require(try await gateway.get("/v1/status").json["attention"]?.items?.first)
            #expect(item["subject"]?.text == "subscriptions/\(id)" && item["count"] == 1 && item["urgent"] == true)
            #expect(item["kind"] == "device.tampered" && item["lacking"] == ["door_id"])
            // Its owner has changed it: alarms that could not be delivered before mean nothing for later ones.
            let changed = try await gateway.send(
                .patch, "/v1/subscriptions/\(id)", headers: [.contentType: "application/json"],
                body: (["kinds": ["access.*"]] as JSON).bytes)
            try #require(changed.status == 200, "\(changed.text)")
            #expect(try await gateway.get("/v1/status").json["attention"] == [])
        }
    }
}
