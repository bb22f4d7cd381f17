internal import GatehouseCore
internal import HTTPTypes
import Testing

extension LiveGateway.Client {
    /// Causes one event of each kind that the gateway raises about organizations, panels, doors and keys.
    func changeDirectory() async throws {
        func patch(_ path: String, _ body: JSON) async throws {
            let answer = try await send(
                .patch, path, headers: [.contentType: "application/json"], body: body.bytes)
            try #require(answer.status == 200, "\(answer.text)")
        }
        try await make("/v1/organizations", ["id": "south", "name": "South", "parent": "acme"])
        try await patch("/v1/organizations/south", ["name": "Deep south"])
        try await make("/v1/panels", ["id": "s1", "organization": "south", "name": "Panel"])
        try await patch("/v1/panels/s1", ["name": "Renamed"])
        try await make("/v1/doors", ["id": "back", "panel": "s1", "number": 2, "name": "Back"])
        try await patch("/v1/doors/back", ["name": "Yard"])
        let made = try await make(
            "/v1/keys",
            [
                "name": "K", "role": "reporter", "organization": "south",
                "owner": ["id": "u1", "firstName": "Ana", "lastName": "Reis", "email": "test@mail.com"],
            ])
        _ = try await get("/v1/doors", key: try #require(made["key"]?.text))
        let key = "/v1/keys/\(try #require(made["id"]?.text))"
        try await patch(key, ["role": "manager"])
        for path in [key, "/v1/doors/back", "/v1/panels/s1", "/v1/organizations/south"] {
            let answer = try await send(.delete, path)
            try #require(answer.status == 204, "\(answer.text)")
        }
    }
}
