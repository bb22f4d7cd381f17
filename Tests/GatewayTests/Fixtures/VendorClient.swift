internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseGateway
internal import GatehouseServer
internal import HTTPTypes
import Testing

/// The calls of a vendor's client for a subscription in that vendor's own API.
struct VendorClient: Sendable, CustomTestStringConvertible {
    let name: String
    /// Whether the contract accepts only https.
    var needsTLS = false
    /// Whether its contract shows subscriptions.
    var hasView = true
    /// The body that creates an active subscription to a URL, and later activates it again.
    let body: @Sendable (_ url: String) -> JSON
    /// Creates one, and returns its path.
    let make: @Sendable (_ gateway: LiveGateway.Client, _ body: JSON) async throws -> String
    /// Whether the contract's view shows it as active.
    var isActive: @Sendable (_ shown: JSON) -> Bool = { $0["active"] == true }
    /// Activates it with the same body.
    var wake: @Sendable (_ gateway: LiveGateway.Client, _ path: String, _ body: JSON) async throws -> Int = {
        try await $0.put($1, $2).status
    }

    var testDescription: String { name }

    /// The secret of each.
    static let secret = "de35f883b0d91c78fc8f27b8cb827a7a"

    /// One for each dialect with a manage API.
    static let all = [prodatakey, oneupvision, basip, situator, placeos]

    private static let prodatakey = VendorClient(
        name: "prodatakey", needsTLS: true,
        body: { url in
            [
                "name": "N", "url": .string(url), "scope": "ouRecursive", "authentication": ["type": "None"],
                "events": ["door.request.allowed"], "active": true, "sslVerification": false, "secrecyLevel": 1,
                "secret": .string(secret),
            ]
        },
        make: { gateway, body in
            "/api/ous/acme/hooks/\(try #require(try await gateway.make("/api/ous/acme/hooks", body)["id"]?.text))"
        })

    private static let oneupvision = VendorClient(
        name: "oneupvision",
        body: { url in
            ["url": .string(url), "events": ["punch.create"], "active": true, "secret": .string(secret)]
        },
        make: { gateway, body in
            let made = try await gateway.make("/api/v1/service-hooks", body)
            return "/api/v1/service-hooks/\(try #require(made["id"]?.text))"
        })

    private static let basip = VendorClient(
        name: "basip",
        body: { url in
            [
                "url": .string(url), "status": "active", "max_retries": 5, "secret": .string(secret),
                "event_types": ["log.access_granted_by_valid_identifier"],
            ]
        },
        make: { gateway, body in
            let made = try await gateway.post("/api/v1/webhooks", body)
            return "/api/v1/webhooks/\(try #require(made.json["item_uid"]?.integer))"
        }, isActive: { $0["status"] == "active" })

    private static let situator = VendorClient(
        name: "situator",
        body: { url in ["active": true, "name": "N", "token": .string(secret), "url": .string(url)] },
        make: { gateway, body in
            let made = try await gateway.post("/api/webhooks", body)
            let path = "/api/webhooks/\(try #require(made.json["id"]?.integer))"
            let doors = try await gateway.put(path + "/doors", ["doors": [["serverId": 1001, "doorId": 1]]])
            try #require(doors.status == 200, "\(doors.text)")
            return path
        }, isActive: { $0["webhook"]?["active"] == true })

    /// Its path is the secret URL, which shows doors and no subscriptions; a POST is the only call.
    private static let placeos = VendorClient(
        name: "placeos", hasView: false,
        body: { url in ["webhook": .string(url), "secret": .string(secret)] },
        make: { gateway, body in
            let trigger = try await gateway.make("/v1/triggers", ["name": "Rhombus", "organization": "acme"])
            let path = String(try #require(trigger["url"]?.text).dropFirst(gateway.base.count))
            try #require(try await gateway.call(.post, path, body).status == 201)
            return path
        },
        wake: { gateway, path, body in try await gateway.call(.post, path, body).status })

    /// A building whose receivers all get the event that a person entered at the lobby.
    static func withGateway(
        _ change: (inout GatewaySettings) -> Void = { _ in }, _ test: (LiveGateway.Client) async throws -> Void
    ) async throws {
        try await LiveGateway.with(Dialects.all, change) { gateway in
            try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
            try await gateway.make(
                "/v1/panels", ["id": "tower", "organization": "acme", "name": "Tower", "number": 1001])
            try await gateway.make(
                "/v1/doors", ["id": "lobby", "panel": "tower", "number": 1, "name": "Lobby", "attendance": true])
            try await test(gateway)
        }
    }

    /// A person enters. Returns our id of the event and the number of its deliveries.
    static func badge(_ id: String, _ gateway: LiveGateway.Client) async throws -> (event: String, owed: Int64) {
        let answer = try await gateway.post(
            "/v1/events",
            [
                "specversion": "1.0", "id": .string(id), "source": "/panels/tower", "type": "access.granted",
                "organization": "acme",
                "data": [
                    "panel": "tower", "door": "lobby",
                    "person": ["id": "31", "firstName": "Ana", "lastName": "Reis"],
                    "credential": ["form": "card", "number": "123456"],
                    "access": ["direction": "entry", "method": "card", "authorized": true],
                ],
            ])
        try #require(answer.status == 202, "\(answer.text)")
        let receipt = try #require(answer.json["events"]?.items?.first)
        return (try #require(receipt["event"]?.text), try #require(receipt["deliveries"]?.integer))
    }
}
