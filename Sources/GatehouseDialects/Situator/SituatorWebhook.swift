internal import GatehouseCore

/// The contract's webhook object: how it is shown, and how it is read into the words of the native API.
enum SituatorWebhook {
    /// The object in the seed's order, its id before. The token is `null` for those who may only read.
    static func json(_ subscription: Subscription, revealing: Bool, at now: Instant) -> JSON {
        let terms = subscription.terms
        return [
            "id": .integer(subscription.number),
            "active": .bool(subscription.isDelivering(at: now)),
            "name": .string(terms.name), "token": .text(revealing ? terms.secret?.revealed : nil),
            "description": terms.settings["description"] ?? .null, "url": .string(terms.url.text),
        ]
    }

    /// The properties that the body of a creation may have.
    static let names: DeclaredNames = ["active", "name", "token", "description", "url"]
    /// Those of an update, which may say which webhook it means.
    static let changed: DeclaredNames = ["id", "active", "name", "token", "description", "url"]

    /// Reads the body of a creation or an update into a body of the native API, and gathers every fault.
    ///
    /// A creation needs name, token and url, an update name and url: those who may only read are shown no token, so
    /// without one the token stays.
    ///
    /// - Throws: ``ValidationErrors``, in the contract's words.
    static func terms(of body: JSONObject, isUpdate: Bool) throws(ValidationErrors) -> JSONObject {
        var faults = ValidationErrors()
        for name in ["name", "url"] + (isUpdate ? [] : ["token"]) where (body[name] ?? .null) == .null {
            faults.append(ValidationError(.missingField, field: name, "it is required"))
        }
        if isUpdate, body["token"] == .null {
            let sentence = "it is required, and cannot be taken away: leave it out, and it stays as it is"
            faults.append(ValidationError(.missingField, field: "token", sentence))
        }
        for member in body.members where member.value != .null {
            let isRight =
                switch member.key {
                case "active": member.value.bool != nil
                case "id": member.value.integer != nil
                default: member.value.text != nil
                }
            if !isRight {
                let wanted = member.key == "active" ? "true or false" : member.key == "id" ? "a number" : "a string"
                faults.append(
                    ValidationError(.wrongType, field: member.key, "it takes \(wanted), not \(member.value.sort)"))
            }
        }
        try faults.check()
        return native(body, isUpdate: isUpdate)
    }

    private static func native(_ body: JSONObject, isUpdate: Bool) -> JSONObject {
        var terms = JSONObject()
        for (name, ours) in [("name", "name"), ("url", "url"), ("token", "secret"), ("active", "active")] {
            if let value = body[name], value != .null { terms[ours] = value }
        }
        // A setting that is null goes; a creation has none that could.
        let description = body["description"] ?? .null
        if isUpdate || description != .null { terms["settings"] = ["description": description] }
        // The contract's accounts lie beside each other: a webhook hears of its own.
        if !isUpdate { terms["scope"] = "this" }
        return terms
    }
}
