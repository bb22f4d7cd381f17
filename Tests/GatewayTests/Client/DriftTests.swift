internal import GatehouseCore
internal import GatehouseDialects
import Testing

@testable internal import GatehouseClient

/// Everything in a gateway's own description of an answer has a property in the client library.
@Suite(.timeLimit(.minutes(1))) struct DriftTests {
    private static let event: JSON = [
        "specversion": "1.0", "id": "1", "source": "/p", "type": "access.granted", "organization": "acme",
        "data": ["access": ["authorized": true], "person": ["id": "31"]],
    ]

    /// An event without a door, which PlaceOS's contract cannot express.
    private func withGateway(_ test: (APIClient, LiveGateway.Client, String) async throws -> Void) async throws {
        try await LiveGateway.with(Dialects.all) { gateway in
            try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
            try await gateway.make(
                "/v1/subscriptions",
                [
                    "id": "vms", "name": "VMS", "organization": "acme", "dialect": "placeos",
                    "url": "http://127.0.0.1:9/",
                ])
            let client = try APIClient(url: gateway.base, key: LiveGateway.admin)
            let receipt = try #require(try await client.events.post([Self.event]).first)
            try await test(client, gateway, receipt.event)
        }
    }

    @Test func unsayableEventIsReportedByTheClientToo() async throws {
        try await withGateway { client, _, event in
            let shown = try await client.events.show(event)
            #expect(shown.unsayable.map(\.subscription) == ["vms"])
            #expect(shown.unsayable.first?.dialect == "placeos" && shown.unsayable.first?.lacking == ["door_id"])
        }
    }

    @Test func everyMemberOfAShownEventHasAProperty() async throws {
        try await withGateway { client, gateway, event in
            let schemas = try await gateway.get("/openapi.json").json["components"]?["schemas"]
            let shown = try await client.events.show(event)
            let described = schemas?["EventShown"]?["properties"]
            #expect(Self.properties(of: shown).isSuperset(of: Self.names(described)))
            let unsayable = try #require(shown.unsayable.first)
            let item = described?["unsayable"]?["items"]?["properties"]
            #expect(Self.names(item).count == 3)
            #expect(Self.properties(of: unsayable).isSuperset(of: Self.names(item)))
            let receipt = try #require(try await client.events.post([Self.event]).first)
            let receipts = Self.names(schemas?["Receipt"]?["properties"])
            #expect(!receipts.isEmpty && Self.properties(of: receipt).isSuperset(of: receipts))
        }
    }

    @Test func everyWordOfAnAnswerHasAName() async throws {
        try await withGateway { _, gateway, _ in
            let schemas = try await gateway.get("/openapi.json").json["components"]?["schemas"]
            func words(_ schema: String, _ field: String) -> Set<String> {
                Set(schemas?[schema]?["properties"]?[field]?["enum"]?.items?.compactMap(\.text) ?? [])
            }
            #expect(Set(APIClient.Delivery.State.allCases.map(\.rawValue)) == words("Delivery", "state"))
            let health = APIClient.SubscriptionHealth.State.allCases.map(\.rawValue)
            #expect(Set(health) == words("SubscriptionHealth", "state"))
            #expect(Set(APIClient.Key.Role.allCases.map(\.rawValue)) == words("Key", "role"))
            #expect(Set(APIClient.Subscription.Hold.allCases.map(\.rawValue)) == words("Subscription", "hold"))
        }
    }

    /// The names of a value's properties, `isDuplicate` as `duplicate`.
    private static func properties(of value: Any) -> Set<String> {
        let labels = Mirror(reflecting: value).children.compactMap(\.label)
        return Set(labels + labels.filter { $0.hasPrefix("is") }.map { $0.dropFirst(2).lowercased() })
    }

    private static func names(_ properties: JSON?) -> Set<String> {
        Set(properties?.object?.members.map(\.key) ?? [])
    }
}
