internal import GatehouseCore

/// The contract's webhook entity, as clients read it.
enum BasIPWebhook {
    // swift-format-ignore
    /// The entity in the seed's order; `headers` is a text of JSON.
    static let fields = TermsTable([
        TermsField("url",         .required)                                { .string($0.terms.url.text) },
        TermsField("secret",      .optional)                                { $0.secret },
        TermsField("status",      .required, as: "active")                  { $0.isDelivering == true ? "active" : "disabled" },
        TermsField("timeout",     .optional)                                { .integer($0.terms.timeout.microseconds / 1000) },
        TermsField("headers",     .optional)                                { .string(headers(of: $0.terms)) },
        TermsField("description", .optional, as: "settings.description")    { .string(BasIPSettings.description(of: $0.terms)) },
        TermsField("event_types", .required, as: "settings.event_types")    { .array(BasIPSettings.eventTypes(of: $0.terms).map { .string($0) }) },
        TermsField("max_retries", .required, as: "settings.max_retries")    { .integer(BasIPSettings.maxRetries(of: $0.terms)) },
    ])

    private static func headers(of terms: Terms) -> String {
        JSON.object(JSONObject(terms.headers.map { JSONObject.Member($0.name, .string($0.value)) })).compact
    }

    static func json(_ subscription: Subscription, at now: Instant) -> JSONObject {
        fields.object(ShownSubscription(subscription: subscription, now: now))
    }

    /// The entity as an item of a list, with its uid.
    static func item(_ subscription: Subscription, at now: Instant) -> JSONObject {
        let uid = JSONObject.Member("item_uid", .integer(subscription.number))
        return JSONObject([uid] + json(subscription, at: now).members)
    }

}

/// Reads the body of a creation or an update, field by field in the seed's order. The contract answers one sentence, so
/// reading stops at the first fault.
struct BasIPWebhookReader {
    private let body: JSONObject
    /// The webhook to update; nil for a creation.
    private let present: Subscription?
    private var terms = JSONObject()

    private init(_ body: JSONObject, changing present: Subscription?) {
        self.body = body
        self.present = present
    }

    /// The body as terms of the native API. - Throws: the contract's sentence.
    static func terms(
        of body: JSONObject, changing present: Subscription? = nil
    ) throws(ManageAPI.Problem) -> JSONObject {
        var reader = BasIPWebhookReader(body, changing: present)
        try reader.demand()
        try reader.readURL()
        try reader.readSecret()
        try reader.readStatus()
        try reader.readTimeout()
        try reader.readHeaders()
        try reader.readSettings()
        return reader.terms
    }

    private func demand() throws(ManageAPI.Problem) {
        for name in BasIPWebhook.fields.required(isUpdate: present != nil) where body[name] == nil {
            throw BasIPProblem.missing(name)
        }
    }

    // MARK: Field by field

    private mutating func readURL() throws(ManageAPI.Problem) {
        let text = try text("url", body["url"] ?? .null)
        guard text.unicodeScalars.count >= 4, let url = TargetURL(text) else { throw BasIPProblem.url }
        terms["url"] = .string(text)
        if present == nil { terms["name"] = .string("BAS-IP webhook to \(String(url.host.prefix(180)))") }
    }

    /// `null` in an update removes the secret, because a webhook without a secret is shown with `null`.
    private mutating func readSecret() throws(ManageAPI.Problem) {
        guard let secret = optional("secret") else {
            if present != nil, body["secret"] == .null { terms["secret"] = .null }
            return
        }
        let length = try text("secret", secret).unicodeScalars.count
        guard BasIPDialect.secretBounds.lengths.contains(length) else { throw BasIPProblem.wrongValue("secret") }
        terms["secret"] = secret
    }

    private mutating func readStatus() throws(ManageAPI.Problem) {
        switch try text("status", body["status"] ?? .null) {
        case "active": put(true, "status")
        case "disabled": put(false, "status")
        default: throw BasIPProblem.status
        }
    }

    private mutating func readTimeout() throws(ManageAPI.Problem) {
        guard let timeout = optional("timeout") else { return }
        guard (1000...30_000).contains(try integer("timeout", timeout)) else {
            throw BasIPProblem.wrongValue("timeout")
        }
        terms["timeout"] = timeout
    }

    /// An update replaces all headers, while the native API would merge: headers that are not named are removed.
    private mutating func readHeaders() throws(ManageAPI.Problem) {
        guard let value = optional("headers") else { return }
        let asked = try BasIPHeaders.read(try text("headers", value))
        let gone = (present?.terms.headers ?? []).filter { asked[$0.name] == nil }
        terms["headers"] = .object(JSONObject(gone.map { JSONObject.Member($0.name, .null) } + asked.members))
    }

    private mutating func readSettings() throws(ManageAPI.Problem) {
        if let description = optional("description") {
            let length = try text("description", description).unicodeScalars.count
            guard length <= BasIPSettings.longestDescription else { throw BasIPProblem.wrongValue("description") }
            put(description, "description")
        }
        let types = body["event_types"] ?? .null
        guard let items = types.items, items.allSatisfy({ $0.text != nil }) else {
            throw BasIPProblem.wrongType("event_types")
        }
        guard !items.isEmpty, items.allSatisfy({ BasIPEvents.table.row(named: $0.text ?? "") != nil }) else {
            throw BasIPProblem.eventTypes
        }
        put(types, "event_types")
        let retries = body["max_retries"] ?? .null
        guard BasIPSettings.retries.contains(Int(clamping: try integer("max_retries", retries))) else {
            throw BasIPProblem.maxRetries
        }
        put(retries, "max_retries")
    }

    private mutating func put(_ value: JSON, _ name: String) { BasIPWebhook.fields.put(value, name, into: &terms) }

    // MARK: Types

    /// An optional field; `null` means missing too, because a missing value is shown as `null`.
    private func optional(_ name: String) -> JSON? {
        guard let value = body[name], value != .null else { return nil }
        return value
    }

    private func text(_ name: String, _ value: JSON) throws(ManageAPI.Problem) -> String {
        guard let text = value.text else { throw BasIPProblem.wrongType(name) }
        return text
    }

    /// A whole number; one that is too long for 64 bits becomes the nearest that fits.
    private func integer(_ name: String, _ value: JSON) throws(ManageAPI.Problem) -> Int64 {
        if let integer = value.integer { return integer }
        guard case .number(let number) = value, let double = number.double, double.rounded() == double,
            abs(double) >= 9_000_000_000_000_000_000
        else { throw BasIPProblem.wrongType(name) }
        return double < 0 ? .min : .max
    }
}

/// The contract's `headers`: text that contains a JSON object of names and values.
enum BasIPHeaders {
    static func read(_ text: String) throws(ManageAPI.Problem) -> JSONObject {
        if text.isEmpty { return JSONObject() }
        guard let object = (try? JSONParser.parse(Array(text.utf8)))?.object else {
            throw BasIPProblem.wrongValue("headers")
        }
        for member in object.members {
            guard isToken(member.key), !system.contains(member.key.lowercased()) else { throw BasIPProblem.headerName }
            guard let value = member.value.text, value.utf8.allSatisfy({ $0 == 0x09 || (0x20...0x7E).contains($0) })
            else { throw BasIPProblem.wrongValue("headers") }
        }
        return object
    }

    /// RFC 7230 section 3.2.6. The seed's expression is the same, except for an accidental range, `+-.`, which allows a
    /// comma.
    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// The 33 names that the seed reserves for the system, compared without case.
    static let system: Set<String> = [
        "host", "connection", "keep-alive", "transfer-encoding", "upgrade", "via", "te", "trailer", "content-length",
        "content-type", "authorization", "origin", "permissions-policy", "user-agent", "accept", "accept-encoding",
        "accept-language", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "forwarded", "date",
        "expires", "last-modified", "cache-control", "etag", "if-match", "if-none-match", "access-control-allow-origin",
        "access-control-allow-methods", "access-control-allow-headers", "access-control-expose-headers",
    ]
}
