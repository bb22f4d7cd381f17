internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseTesting
internal import HTTPTypes
import Testing

/// A whole gateway with the seed's doors, including one that can be unlocked, and a second organization.
enum PlaceOSGateway {
    static let subscriber: JSON = "https://rhombus.example/external/placeOsWebhook/AAAAAAAAAAAAAA"

    static func run(
        gate: FaultGate = FaultGate(), _ test: (LiveGateway.Client) async throws -> Void
    ) async throws {
        try await LiveGateway.with(Dialects.all, gate: gate) { gateway in
            for (id, parent): (JSON, JSON) in [("acme", .null), ("annex", "acme"), ("other", .null)] {
                try await gateway.make("/v1/organizations", ["id": id, "name": "Acme", "parent": parent])
            }
            for (id, organization): (JSON, JSON) in [("p1", "acme"), ("p2", "annex"), ("p3", "other")] {
                try await gateway.make("/v1/panels", ["id": id, "organization": organization, "name": "Panel"])
            }
            for (id, panel, number, name, driver): (JSON, JSON, JSON, JSON, JSON) in [
                ("1234-2342", "p1", 1, "Lobby Entrance", ["type": "simulated"]),
                ("5678-9012", "p1", 2, "Back", .null),
                ("stuck", "p1", 3, "Stuck", ["type": "simulated", "answer": "refused"]),
                ("mute", "p1", 4, "Mute", ["type": "simulated", "answer": "none", "timeout": 100]),
                ("far", "p2", 1, "Far", ["type": "simulated"]), ("theirs", "p3", 1, "Theirs", ["type": "simulated"]),
            ] {
                try await gateway.make(
                    "/v1/doors", ["id": id, "panel": panel, "number": number, "name": name, "driver": driver])
            }
            try await test(gateway)
        }
    }

    /// The two forms of a trigger's URL, without the host, and its id.
    struct Made {
        let id: String
        let paths: [String]
        var path: String { paths[0] }
    }

    static func trigger(_ gateway: LiveGateway.Client, _ more: JSONObject = [:]) async throws -> Made {
        var body: JSONObject = ["name": "Rhombus", "organization": "acme"]
        for member in more.members { body[member.key] = member.value }
        let made = try await gateway.make("/v1/triggers", .object(body))
        let items = try #require(made["urls"]?.items)
        let urls = items.compactMap(\.text)
        #expect(made["url"]?.text == urls.first && urls.allSatisfy { $0.hasPrefix(gateway.base) })
        return Made(
            id: try #require(made["id"]?.text), paths: urls.map { String($0.dropFirst(gateway.base.count)) })
    }

    /// All subscriptions, of every maker.
    static func subscriptions(_ gateway: LiveGateway.Client) async throws -> [JSON] {
        try #require(try await gateway.get("/v1/subscriptions").json["items"]?.items)
    }
}

extension LiveGateway.Client {
    /// Calls a secret URL, without a key.
    func call(_ method: HTTPRequest.Method, _ path: String, _ body: JSON? = nil) async throws -> Answer {
        try await send(
            method, path, key: nil, headers: body == nil ? [:] : [.contentType: "application/json"],
            body: body?.bytes ?? [])
    }
}
