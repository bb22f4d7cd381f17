internal import GatehouseCore

/// The contract's webhook object: how it is shown, and how it is read into terms of the native API.
enum SituatorWebhook {
    // swift-format-ignore
    /// The object in the seed's order, after its id. The token is `null` for callers that may only read.
    static let fields = TermsTable([
        TermsField("id",          .shown)                                  { .integer($0.subscription.number) },
        TermsField("active",      .optional)                               { $0.isDelivering },
        TermsField("name",        .optional)                               { .string($0.terms.name) },
        TermsField("token",       .optional, as: "secret")                 { $0.secret },
        TermsField("description", .optional, as: "settings.description")   { $0.setting("description", or: .null) },
        TermsField("url",         .optional)                               { .string($0.terms.url.text) },
        TermsField("doors",       .elsewhere, as: "settings.doors"),
        TermsField("events",      .elsewhere, as: "settings.events"),
    ])

    /// Reads the body of a creation or an update into a body of the native API, and collects every fault.
    ///
    /// A creation needs name, token and url, an update name and url: callers that may only read see no token, so an
    /// update without one keeps it.
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
        for name in ["name", "url", "token", "active"] {
            if let value = body[name], value != .null { fields.put(value, name, into: &terms) }
        }
        // A null setting is removed; a creation has none to remove.
        let description = body["description"] ?? .null
        if isUpdate || description != .null { fields.put(description, "description", into: &terms) }
        // The contract's accounts are not nested: a webhook gets only events of its own account.
        if !isUpdate { terms["scope"] = "this" }
        return terms
    }
}
