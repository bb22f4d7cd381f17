internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `/v1/keys`: the keys of callers.
struct Keys: Sendable {
    let service: KeyService
    let pager: Pager

    /// Creates a key for an organization that the caller's key reaches, and shows its credential only now.
    func create(_ call: Call) async throws -> Response {
        let made = try await service.create(try await call.object(), author: call.author)
        var json = shown(made.key)
        json["key"] = .string(made.credential.text)
        return Response(made: json, at: "/v1/keys/\(made.key.id)")
    }

    /// Lists the keys of the organizations that the key reaches, or of the requested one and all below it.
    func list(_ call: Call) async throws -> Response {
        let chosen = call.chosenOrganization == nil ? nil : try call.chosenReach()
        return try await pager.cut(
            service.keys(for: call.key, within: chosen), call.query, by: \.id.text, show: shown)
    }

    /// Shows one key, never its credential.
    func show(_ call: Call) async throws -> Response {
        Response(.ok, json: .object(shown(try service.key(call.name, for: call.key))))
    }

    /// Changes the fields in the body; the credential stays the same.
    func update(_ call: Call) async throws -> Response {
        let present = try service.key(call.name, for: call.key)
        let changed = try await service.update(present, by: try await call.object(), author: call.author)
        return Response(.ok, json: .object(shown(changed)))
    }

    /// Revokes a key: after the answer it gives no access.
    func delete(_ call: Call) async throws -> Response {
        try await service.revoke(try service.key(call.name, for: call.key), author: call.author)
        return Response(status: .noContent)
    }

    /// A key as the native API answers it. Nothing in it helps to guess the credential.
    private func shown(_ key: Key) -> JSONObject {
        var object = key.json
        object["lastUsed"] = .text(service.uses[key.id].map { RFC3339.text($0) })
        return object
    }
}
