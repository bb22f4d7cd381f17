internal import GatehouseCore
internal import GatehouseDialects
internal import HTTPTypes
import Testing

/// A gateway with the seed's servers 1001 and 1002 and a door at each, and another organization with its own.
enum SituatorGateway {
    static let webhooks = "/api/webhooks"

    /// The body of the seed's "Register Webhook".
    static let created: JSON = [
        "active": true, "name": "Integrator XYZ", "token": "6R7zvBFrjAheqw5L",
        "description": "Webhook integration example", "url": "https://integrator.com/api/situator/events",
    ]

    static func with(_ body: JSON, _ more: JSON) -> JSON {
        var object = body.object ?? JSONObject()
        for member in more.object?.members ?? [] { object[member.key] = member.value }
        return .object(object)
    }

    /// `test` gets the gateway and the credential and id of a manager's key.
    static func open(
        _ test: (LiveGateway.Client, _ manager: (id: String, secret: String)) async throws -> Void
    ) async throws {
        try await LiveGateway.with(Dialects.all) { gateway in
            for id: JSON in ["1000", "other"] {
                try await gateway.make("/v1/organizations", ["id": id, "name": "Acme", "timeZone": "America/New_York"])
            }
            for (id, number, organization): (JSON, JSON, JSON) in [
                ("tower", 1001, "1000"), ("1002", .null, "1000"), ("gate", .null, "1000"), ("o1", 1001, "other"),
            ] {
                try await gateway.make(
                    "/v1/panels",
                    [
                        "id": id, "organization": organization, "name": .string("Panel \(id.text ?? "")"),
                        "number": number,
                    ])
                try await gateway.make(
                    "/v1/doors",
                    [
                        "id": .string("door-\(id.text ?? "")"), "panel": id, "organization": organization, "number": 1,
                        "name": .string("Door \(id.text ?? "")"),
                    ])
            }
            let key = try await gateway.make(
                "/v1/keys", ["name": "K", "role": "manager", "organization": "1000", "privacyLevel": 0])
            try await test(
                gateway, (try #require(key["id"]?.text), try #require(key["key"]?.text)))
        }
    }

    /// Creates a webhook and returns its path.
    static func make(_ gateway: LiveGateway.Client, _ key: String, _ more: JSON = [:]) async throws -> String {
        let made = try await gateway.post(webhooks, with(created, more), key: key)
        try #require(made.status == 200, "\(made.text)")
        return "\(webhooks)/\(try #require(made.json["id"]?.integer))"
    }
}
