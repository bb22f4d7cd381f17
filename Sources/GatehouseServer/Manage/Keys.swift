internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `/v1/keys`: who may call.
enum Keys {
    /// Makes a key for an organization that the caller's key reaches, and shows its credential this once.
    static func add(_ call: Call) async throws -> Response {
        var reader = FieldReader(try await call.object(), by: Key.fields, call.keyContext)
        reader.refuseUnknown()
        reader.read("name", "role")
        let organization = reader.fields.organization(of: call)
        reader.read("owner")
        try reader.check()
        reader.context.organization = organization
        var random = SystemRandomNumberGenerator()
        let credential = Credential(using: &random)
        var blank = Key(credential, name: "", role: .source, organization: organization, created: call.now)
        blank.privacyLevel = call.key.level(orUsual: blank.privacyLevel)
        let key = try reader.finishKey(blank)
        try call.key.checkMaking("the new key", at: key.privacyLevel)
        try await call.apply(.add, .key(key))
        var json = key.json(in: call)
        json["key"] = .string(credential.text)
        return Response(made: json, at: "/v1/keys/\(key.id)")
    }

    /// Lists the keys of the organizations that the key reaches, or of the one asked for and all below it.
    static func list(_ call: Call) async throws -> Response {
        let chosen = call.query["organization"] == nil ? nil : try call.chosenReach()
        let keys = call.parts.keys.keys.filter { key in
            guard isSeen(key, by: call) else { return false }
            return chosen.map { chosen in key.organization.map(chosen.contains) ?? false } ?? true
        }
        return try await Page.cut(keys, call, by: \.id.text) { $0.json(in: call) }
    }

    /// Shows one key, never its credential.
    static func show(_ call: Call) async throws -> Response {
        Response(.ok, json: .object(try named(call).json(in: call)))
    }

    /// Changes what the body names; the credential stays as it is. One that has expired lives again where its end is
    /// put off.
    static func change(_ call: Call) async throws -> Response {
        let present = try named(call)
        var reader = FieldReader(try await call.object(), by: Key.fields, call.keyContext, changing: present)
        reader.refuseUnknown()
        reader.read("id", "organization", "owner", "name", "role")
        let key = try reader.finishKey(present)
        if var renamed = call.parts.keys[key.id] {
            renamed.name = key.name
            renamed.login = key.login
            if renamed != key { try refuseOwn(key, "change more than the names of", call) }
        }
        try checkLevel(of: key, call)
        try await call.apply(.change, .key(key))
        return Response(.ok, json: .object(key.json(in: call)))
    }

    /// Revokes a key: from the answer on nobody is let in by it.
    static func remove(_ call: Call) async throws -> Response {
        let key = try named(call)
        try refuseOwn(key, "revoke", call)
        try await call.apply(.remove, .key(key))
        return Response(status: .noContent)
    }

    /// Whoever changes keys keeps a key that may, so that nobody locks the door behind himself.
    private static func refuseOwn(_ key: Key, _ action: String, _ call: Call) throws(ValidationError) {
        guard key.id == call.key.id else { return }
        throw ValidationError(.conflict, "a key cannot \(action) itself: use another admin's")
    }

    /// Refuses a change after which a key shows more than the caller may see, where it lets the key do more, or longer,
    /// than before.
    private static func checkLevel(of key: Key, _ call: Call) throws(ValidationError) {
        guard let present = call.parts.keys[key.id] else { return }
        if key.privacyLevel != present.privacyLevel { try call.key.checkMaking("the key", at: key.privacyLevel) }
        let isLonger = present.expiresAt.map { end in key.expiresAt.map { $0 > end } ?? true } ?? false
        guard key.role != present.role || isLonger else { return }
        let action = key.role != present.role ? "change the role of" : "put off the end of"
        try call.key.checkDoing(action, to: "the key", at: key.privacyLevel)
    }

    private static func named(_ call: Call) throws(ValidationError) -> Key {
        guard let key = call.parts.keys[KeyID(call.name)], isSeen(key, by: call) else {
            throw ValidationError(.notFound, "there is no key \(call.name)")
        }
        return key
    }

    /// A key that stands above all trees is seen by its like only.
    private static func isSeen(_ key: Key, by call: Call) -> Bool {
        guard let organization = key.organization else { return call.key.organization == nil }
        return call.key.reaches(organization, in: call.directory)
    }
}

extension Key {
    /// The key in the words of the native API: nothing in it helps to guess the credential.
    fileprivate func json(in call: Call) -> JSONObject {
        var object = json
        object["lastUsed"] = .text(call.parts.keys.uses[id].map { RFC3339.text($0) })
        return object
    }
}

extension Call {
    /// What the fields of a key are judged by.
    fileprivate var keyContext: KeyContext {
        let keys = parts.keys
        return KeyContext(
            directory: directory, now: now, holder: { keys.key(loggingInAs: $0)?.id },
            makePersonID: { MadeIdentifier.make("person") })
    }
}
