internal import GatehouseCore
internal import Hummingbird

/// `/v1/keys`: who may call.
enum Keys {
    /// Makes a key for an organization that the caller's key reaches, and shows its credential this once.
    static func add(_ call: Call) async throws -> Response {
        var fields = Fields(
            try await call.object(), known: ["name", "role", "organization"],
            promised: ["owner", "privacyLevel", "expiresAt", "rate"])
        let name = fields.name("name")
        let role = role(&fields)
        let organization = fields.organization(of: call)
        try fields.check()
        guard let role else { throw Fault(.missingField, field: "role", "role is missing") }
        var random = SystemRandomNumberGenerator()
        let credential = Credential(using: &random)
        let key = Key(
            id: credential.id, name: name, role: role, organization: organization,
            hash: Credential.hash(credential.text), created: call.now)
        try await call.parts.keys.add(key)
        var json = key.json
        json["key"] = .string(credential.text)
        return Response(made: json, at: "/v1/keys/\(key.id)")
    }

    /// Lists the keys of the organizations that the caller's key reaches.
    static func list(_ call: Call) async throws -> Response {
        let keys = call.parts.keys.keys.filter { isSeen($0, by: call) }
        return try Page.cut(keys, call.query, by: \.id.text, show: \.json)
    }

    /// Shows one key, never its credential.
    static func show(_ call: Call) async throws -> Response {
        guard let key = call.parts.keys[KeyID(call.name)], isSeen(key, by: call) else {
            throw Fault(.notFound, "there is no key \(call.name)")
        }
        return Response(.ok, json: .object(key.json))
    }

    /// A key that stands above all trees is seen by its like only.
    private static func isSeen(_ key: Key, by call: Call) -> Bool {
        guard let organization = key.organization else { return call.key.organization == nil }
        return call.key.reaches(organization, in: call.directory)
    }

    private static func role(_ fields: inout Fields) -> Role? {
        guard let text = fields.text("role", required: true) else { return nil }
        guard let role = Role(rawValue: text) else {
            let offer = Role.allCases.map(\.rawValue).joined(separator: ", ")
            fields.refuse(Fault(.outOfBounds, field: "role", "role is one of \(offer)"))
            return nil
        }
        return role
    }
}

extension Key {
    /// The key in the words of the native API: nothing in it helps to guess the credential.
    fileprivate var json: JSONObject {
        var object = JSONObject()
        object["id"] = .string(id.text)
        object["name"] = .string(name)
        object["role"] = .string(role.rawValue)
        object["organization"] = .text(organization?.text)
        object["created"] = .string(RFC3339.text(created))
        return object
    }
}
