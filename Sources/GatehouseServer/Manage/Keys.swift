internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `/v1/keys`: who may call.
enum Keys {
    private static let settings = [
        "name", "role", "organization", "owner", "login", "privacyLevel", "expiresAt", "rate", "panels",
        "sources",
    ]

    /// Makes a key for an organization that the caller's key reaches, and shows its credential this once.
    static func add(_ call: Call) async throws -> Response {
        var fields = Fields(try await call.object(), known: settings)
        let name = fields.name("name")
        let role = role(&fields)
        let organization = fields.organization(of: call)
        let owner = fields.owner()
        try fields.check()
        guard let role else { throw ValidationError(.missingField, field: "role", "role is missing") }
        var random = SystemRandomNumberGenerator()
        let credential = Credential(using: &random)
        var key = Key(credential, name: name, role: role, organization: organization, created: call.now)
        key.owner = owner
        key.privacyLevel = call.key.level(orUsual: key.privacyLevel)
        fields.readBounds(of: &key, at: call.now)
        fields.readLogin(of: &key, in: call)
        fields.readBinding(of: &key, in: call.directory)
        try fields.check()
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
        var key = try named(call)
        var fields = Fields(try await call.object(), known: ["id"] + settings)
        fields.stays("id", key.id.text, advice: "make another key and revoke this one")
        fields.stays("organization", orNull: key.organization?.text, advice: "make another key and revoke this one")
        if fields.names("owner"), fields.owner() != key.owner {
            fields.refuse(
                ValidationError(
                    .outOfBounds, field: "owner", "owner cannot change: make another key and revoke this one"))
        }
        if fields.replaces("name") { key.name = fields.name("name") }
        if fields.replaces("role"), let role = role(&fields) { key.role = role }
        fields.readBounds(of: &key, at: call.now)
        fields.readLogin(of: &key, in: call)
        fields.readBinding(of: &key, in: call.directory)
        try fields.check()
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

    private static func role(_ fields: inout Fields) -> Role? {
        guard let text = fields.text("role", required: true) else { return nil }
        guard let role = Role(rawValue: text) else {
            let offer = Role.allCases.map(\.rawValue).joined(separator: ", ")
            fields.refuse(
                ValidationError(
                    .outOfBounds, field: "role",
                    "role is one of \(offer)\(Nearest.hint(for: text, among: Role.allCases.map(\.rawValue)))"))
            return nil
        }
        return role
    }
}

extension Key {
    /// The key in the words of the native API: nothing in it helps to guess the credential.
    fileprivate func json(in call: Call) -> JSONObject {
        var object = json
        object["lastUsed"] = .text(call.parts.keys.uses[id].map { RFC3339.text($0) })
        return object
    }

    /// What is kept of it that is no secret.
    var json: JSONObject {
        var object = JSONObject()
        object["id"] = .string(id.text)
        object["name"] = .string(name)
        object["role"] = .string(role.rawValue)
        object["organization"] = .text(organization?.text)
        object["owner"] = owner.map { .object($0.json) } ?? .null
        object["login"] = .text(login)
        object["created"] = .string(RFC3339.text(created))
        object["accepted"] = .text(accepted.map { RFC3339.text($0) })
        object["privacyLevel"] = .integer(privacyLevel.rawValue)
        object["expiresAt"] = .text(expiresAt.map { RFC3339.text($0) })
        object["rate"] = rate.map { .integer($0) } ?? .null
        object["panels"] = panels.map { .array($0.map { .string($0.text) }) } ?? .null
        object["sources"] = sources.map { .array($0.map { .string($0) }) } ?? .null
        return object
    }
}

extension Fields {
    /// What a key is held to, where the body names it. Null takes away an end and a rate, and leaves the level.
    fileprivate mutating func readBounds(of key: inout Key, at now: Instant) {
        if replaces("privacyLevel"), let level = privacyLevel() { key.privacyLevel = level }
        if names("expiresAt") { key.expiresAt = end("expiresAt", after: now) }
        if names("rate") { key.rate = rate() }
    }

    /// The name by which a key's holder logs in beside its id, where the body names it; null for none. That no two keys
    /// have the same is the store's rule; here it is told before that.
    fileprivate mutating func readLogin(of key: inout Key, in call: Call) {
        guard names("login") else { return }
        key.login = text("login", required: false)
        guard let login = key.login else { return }
        guard LoginRule.allows(login) else {
            return refuse(ValidationError(.outOfBounds, field: "login", "login has \(LoginRule.sentence)"))
        }
        if let other = call.parts.keys.key(loggingInAs: login), other.id != key.id {
            refuse(ValidationError(.conflict, field: "login", "another key has this login name: choose another"))
        }
    }

    /// The person to whom a key is given; nil where there is none or it is at fault. An id that is left out is made.
    fileprivate mutating func owner() -> Key.Owner? {
        guard let object = object("owner") else { return nil }
        var inner = Fields(object, known: ["id", "firstName", "lastName", "email"])
        let id = inner.identifier("id") ?? MadeIdentifier.make("person")
        let owner = Key.Owner(
            id: id, firstName: inner.name("firstName"), lastName: inner.name("lastName"), email: inner.email("email"))
        refuse(inner.faults.within("owner"))
        return inner.faults.isEmpty ? owner : nil
    }
}
