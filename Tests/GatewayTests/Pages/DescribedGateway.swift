internal import Foundation
internal import GatehouseCore
internal import GatehouseTesting
import HTTPTypes
import Testing

/// The building of the description's examples, created through the API, and one more of each resource that may be
/// deleted.
struct DescribedGateway {
    /// The values for the places of paths.
    let places: [String: String]
    /// The values for deletions.
    let spare: [String: String]
    /// A client's id and secret, for token requests.
    let client: String
    /// A key that may only read, and one that may only post.
    let reporter: String
    let source: String

    /// The port 9 of this machine, where no program listens.
    static let nowhere = "http://127.0.0.1:9/"

    static func setUp(_ gateway: LiveGateway.Client) async throws -> DescribedGateway {
        try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme", "timeZone": "Europe/Lisbon"])
        try await gateway.make("/v1/organizations", ["id": "spare", "name": "Spare"])
        for id in ["1070000", "spare"] as [JSON] {
            try await gateway.make("/v1/panels", ["id": id, "organization": "acme", "name": "Panel"])
        }
        try await gateway.make(
            "/v1/doors",
            ["id": "lobby", "panel": "1070000", "number": 1, "name": "Lobby", "driver": ["type": "simulated"]])
        let key = try await gateway.make("/v1/keys", ["name": "k", "role": "admin", "organization": "acme"])
        let spare = try await gateway.make("/v1/keys", ["name": "s", "role": "source", "organization": "acme"])
        let reader = try await gateway.make("/v1/keys", ["name": "r", "role": "reporter", "organization": "acme"])
        let trigger = try await gateway.make("/v1/triggers", ["name": "t", "organization": "acme"])
        let open = try await subscription("open", on: gateway)
        let replay = try await gateway.post("/v1/subscriptions/\(open)/replay", ["since": "2020-01-01T00:00:00Z"])
        let (event, delivery) = try await heldDelivery(on: gateway)
        let secret = try #require(key["key"]?.text)
        return DescribedGateway(
            places: [
                "organization": "acme", "panel": "1070000", "door": "lobby", "key": key["id"]?.text ?? "",
                "subscription": open, "trigger": trigger["id"]?.text ?? "", "event": event, "delivery": delivery,
                "replay": try #require(replay.json["id"]?.text), "person": "31",
            ],
            spare: ["organization": "spare", "panel": "spare", "key": spare["id"]?.text ?? ""],
            client: "\(key["id"]?.text ?? ""):\(secret)", reporter: try #require(reader["key"]?.text),
            source: try #require(spare["key"]?.text))
    }

    private static func subscription(_ name: JSON, on gateway: LiveGateway.Client) async throws -> String {
        let made = try await gateway.make(
            "/v1/subscriptions",
            ["name": name, "organization": "acme", "dialect": "standard", "url": .string(nowhere)])
        return try #require(made["id"]?.text)
    }

    /// A delivery that does not change: its subscription is paused.
    private static func heldDelivery(on gateway: LiveGateway.Client) async throws -> (event: String, delivery: String) {
        let held = try await subscription("held", on: gateway)
        try #require(try await gateway.post("/v1/subscriptions/\(held)/pause", [:]).status == 200)
        let event: JSON = [
            "specversion": "1.0", "id": "first", "source": "/s", "type": "door.opened", "organization": "acme",
            "data": ["panel": "1070000", "door": "lobby"],
        ]
        let taken = try await gateway.post("/v1/events", event)
        try #require(taken.status == 202, "\(taken.text)")
        let page = try await gateway.get("/v1/deliveries?subscription=\(held)")
        return (
            try #require(taken.json["events"]?.items?.first?["event"]?.text),
            try #require(page.json["items"]?.items?.first?["id"]?.text)
        )
    }
}
