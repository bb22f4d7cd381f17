internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `/v1/triggers`: secret URLs, and what they may do.
enum Triggers {
    private static let settings = [
        "name", "organization", "doors", "mayRegister", "mayUnlock", "doorsEnvelope", "rate", "active",
        "privacyLevel",
    ]

    /// Makes a trigger, and shows its URL this once, in every form that its contract has.
    static func add(_ call: Call) async throws -> Response {
        var fields = Fields(try await call.object(), known: settings)
        let name = fields.name("name")
        let organization = fields.organization(of: call)
        var random = SystemRandomNumberGenerator()
        let proof = TriggerSecret(using: &random)
        var trigger = Trigger(
            id: proof.id, name: name, organization: organization, hash: proof.hash, created: call.now)
        trigger.privacyLevel = call.key.leastStrictLevel
        fields.readSettings(of: &trigger, in: call.directory)
        try fields.check()
        try call.key.checkMaking("the trigger", at: trigger.privacyLevel)
        let urls = try urls(of: proof, call)
        try await call.apply(.add, .trigger(trigger))
        var json = trigger.json
        json["url"] = urls.first.map { .string($0) }
        json["urls"] = .array(urls.map { .string($0) })
        return Response(made: json, at: "/v1/triggers/\(trigger.id)")
    }

    /// Lists the triggers of the organizations that the key reaches, or of the one that is asked for and all below it.
    static func list(_ call: Call) async throws -> Response {
        let reach = try call.chosenReach()
        let triggers = call.parts.triggers.triggers.filter { reach?.contains($0.organization) ?? true }
        return try await Page.cut(triggers, call, by: \.id.text, show: \.json)
    }

    /// Shows one trigger, never its secret.
    static func show(_ call: Call) async throws -> Response {
        Response(.ok, json: .object(try named(call).json))
    }

    /// Changes what the body names; the URL stays as it is. Subscriptions that were made by it stay as they are too.
    static func change(_ call: Call) async throws -> Response {
        var trigger = try named(call)
        var fields = Fields(try await call.object(), known: ["id"] + settings)
        fields.stays("id", trigger.id.text, advice: "make another trigger and delete this one")
        fields.stays("organization", trigger.organization.text, advice: "make another trigger there")
        if fields.replaces("name") { trigger.name = fields.name("name") }
        fields.readSettings(of: &trigger, in: call.directory)
        try fields.check()
        try checkLevel(of: trigger, call)
        try await call.apply(.change, .trigger(trigger))
        return Response(.ok, json: .object(trigger.json))
    }

    /// Deletes a trigger: from the answer on nobody is let in by its URL. Subscriptions that were made by it stay.
    static func remove(_ call: Call) async throws -> Response {
        try await call.apply(.remove, .trigger(try named(call)))
        return Response(status: .noContent)
    }

    /// Refuses a change after which a trigger shows more than the caller may see, where its holder may subscribe to
    /// more than before.
    private static func checkLevel(of trigger: Trigger, _ call: Call) throws(ValidationError) {
        guard let present = call.parts.triggers[trigger.id] else { return }
        if trigger.privacyLevel != present.privacyLevel {
            try call.key.checkMaking("the trigger", at: trigger.privacyLevel)
        }
        let actions = [
            trigger.doors != present.doors ? "change doors of" : nil,
            trigger.mayRegister && !present.mayRegister ? "allow subscriptions by" : nil,
            trigger.isActive && !present.isActive ? "activate" : nil,
        ]
        guard let action = actions.compactMap(\.self).first else { return }
        try call.key.checkDoing(action, to: "the trigger", at: trigger.privacyLevel)
    }

    private static func named(_ call: Call) throws(ValidationError) -> Trigger {
        guard let trigger = call.parts.triggers[TriggerID(call.name)],
            call.key.reaches(trigger.organization, in: call.directory)
        else { throw ValidationError(.notFound, "there is no trigger \(call.name)") }
        return trigger
    }

    /// The URLs of a trigger by the contract that has such.
    private static func urls(of proof: TriggerSecret, _ call: Call) throws -> [String] {
        let paths = call.parts.dialects.dialects.lazy.compactMap { $0.manage?.triggerPaths }.first
        guard let paths else { throw Problem(.routeNotBuilt, "no dialect of this gateway has triggers") }
        let address = call.ownAddress
        return paths(proof.id, proof.secret).map { address + $0 }
    }
}

extension Trigger {
    /// The trigger in the words of the native API: nothing in it helps to guess the secret.
    var json: JSONObject {
        var object = JSONObject()
        object["id"] = .string(id.text)
        object["name"] = .string(name)
        object["organization"] = .string(organization.text)
        object["doors"] = doors.map { .array($0.map(\.text).sorted().map { .string($0) }) } ?? .null
        object["mayRegister"] = .bool(mayRegister)
        object["mayUnlock"] = .bool(mayUnlock)
        object["doorsEnvelope"] = .bool(doorsEnvelope)
        object["privacyLevel"] = .integer(privacyLevel.rawValue)
        object["rate"] = rate.map { .integer($0) } ?? .null
        object["active"] = .bool(isActive)
        object["created"] = .string(RFC3339.text(created))
        return object
    }
}

extension Fields {
    /// What a trigger may do, where the body has a value for it. Null takes away what may be absent, doors and the
    /// rate, and leaves what a trigger always has.
    fileprivate mutating func readSettings(of trigger: inout Trigger, in directory: Directory) {
        if names("doors") { trigger.doors = doors(of: trigger.organization, in: directory) }
        if replaces("privacyLevel"), let level = privacyLevel() { trigger.privacyLevel = level }
        if replaces("mayRegister"), let flag = flag("mayRegister") { trigger.mayRegister = flag }
        if replaces("mayUnlock"), let flag = flag("mayUnlock") { trigger.mayUnlock = flag }
        if replaces("doorsEnvelope"), let flag = flag("doorsEnvelope") { trigger.doorsEnvelope = flag }
        if replaces("active"), let flag = flag("active") { trigger.isActive = flag }
        if names("rate") { trigger.rate = rate() }
    }

    /// Doors of exactly that organization; nil for all of them.
    private mutating func doors(of organization: OrganizationID, in directory: Directory) -> Set<DoorID>? {
        guard let items = array("doors") else { return nil }
        var doors: Set<DoorID> = []
        for (place, item) in items.enumerated() {
            guard let id = item.text.map({ DoorID($0) }), directory.door(id, in: organization) != nil else {
                refuse(
                    ValidationError(
                        .unknownDoor, field: "doors[\(place)]",
                        "\(organization) has no door \(item.compact); GET /v1/doors lists them"))
                return nil
            }
            doors.insert(id)
        }
        if doors.isEmpty {
            refuse(ValidationError(.outOfBounds, field: "doors", "doors names at least one, or is null for all"))
        }
        return doors
    }
}
