internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `/v1/triggers`: secret URLs, and what they may do.
enum Triggers {
    /// Makes a trigger, and shows its URL this once, in every form that its contract has.
    static func add(_ call: Call) async throws -> Response {
        var reader = FieldReader(
            try await call.object(), by: Trigger.fields,
            TriggerContext(directory: call.directory, organization: OrganizationID("")))
        reader.refuseUnknown()
        reader.read("name")
        let organization = reader.fields.organization(of: call)
        reader.context.organization = organization
        var random = SystemRandomNumberGenerator()
        let proof = TriggerSecret(using: &random)
        var blank = Trigger(id: proof.id, name: "", organization: organization, hash: proof.hash, created: call.now)
        blank.privacyLevel = call.key.leastStrictLevel
        let trigger = try reader.finish(blank)
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
        let present = try named(call)
        let context = TriggerContext(directory: call.directory, organization: present.organization)
        var reader = FieldReader(try await call.object(), by: Trigger.fields, context, changing: present)
        reader.refuseUnknown()
        reader.read("id", "organization", "name")
        let trigger = try reader.finish(present)
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
