internal import Crypto
internal import GatehouseCore

/// The contract's subscription object ("The subscription object"): how it is printed, and how it is read into terms of
/// the native API.
enum ProdataKeyHook {
    // MARK: Identifiers

    /// The contract's ids are 24 hexadecimal digits.
    static func makeID(using random: inout some RandomNumberGenerator) -> SubscriptionID {
        SubscriptionID(Hex.text((0..<12).map { _ in UInt8.random(in: .min ... .max, using: &random) }))
    }

    /// The contract's id of a subscription: its own id if it has that form; for other ids, which the native API allows,
    /// one derived from it.
    static func id(of subscription: Subscription) -> String {
        let text = subscription.id.text
        let isOurs = text.utf8.count == 24 && text.utf8.allSatisfy(isLowerHex)
        return isOurs ? text : Hex.text(SHA256.hash(data: Array(text.utf8)).prefix(12))
    }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    // MARK: Printing

    // swift-format-ignore
    /// The object in the seed's order. Secrets are `null` for callers that may only read.
    static let fields = TermsTable([
        TermsField("id",              .shown)                                                       { .string(id(of: $0.subscription)) },
        TermsField("name",            .required)                                                    { .string($0.terms.name) },
        TermsField("url",             .required)                                                    { .string($0.terms.url.text) },
        TermsField("scope",           .required)                                                    { json($0.terms.scope) },
        TermsField("authentication",  .required, inside: ["type", "user", "password"])              { json($0.terms.authentication, revealing: $0.isRevealing) },
        TermsField("events",          .required, as: "settings.events")                             { .array(ProdataKeySettings.topics(of: $0.terms).map { .string($0) }) },
        TermsField("active",          .requiredInUpdates)                                           { $0.isDelivering },
        TermsField("sslVerification", .requiredInUpdates, as: "tls.verification")                   { .bool($0.terms.verifiesCertificates) },
        TermsField("secrecyLevel",    .requiredInUpdates, as: "privacyLevel")                       { .integer($0.terms.privacyLevel.rawValue) },
        TermsField("expiresAt",       .optional)                                                    { .text($0.terms.expiresAt.map { RFC3339.text($0) }) },
        TermsField("userId",          .shown)                                                       { .text($0.subscription.maker) },
        TermsField("odometer",        .shown)                                                       { .integer($0.odometer) },
        TermsField("secret",          .optional)                                                    { $0.secret },
    ])

    private static func json(_ scope: Terms.Scope) -> JSON {
        switch scope {
        case .this: "ou"
        case .recursive: "ouRecursive"
        case .panels(let panels): .array(panels.map { .string($0.text) })
        }
    }

    private static func json(_ authentication: Authentication, revealing: Bool) -> JSON {
        guard case .basic(let user, let password) = authentication else { return ["type": "None"] }
        return [
            "type": "Basic", "user": .string(user), "password": revealing ? .string(password.revealed) : .null,
        ]
    }
}

/// Reads the body of a creation or an update, property by property of the seed's table, and collects every fault.
struct ProdataKeyHookReader {
    private let body: JSONObject
    private let isUpdate: Bool
    private var faults = ValidationErrors()
    private var terms = JSONObject()

    private init(_ body: JSONObject, isUpdate: Bool) {
        self.body = body
        self.isUpdate = isUpdate
    }

    /// The body as terms of the native API. - Throws: ``ValidationErrors``, in the contract's words.
    static func terms(of body: JSONObject, isUpdate: Bool) throws(ValidationErrors) -> JSONObject {
        var reader = ProdataKeyHookReader(body, isUpdate: isUpdate)
        reader.demand()
        reader.read()
        try reader.faults.check()
        return reader.terms
    }

    private mutating func demand() {
        for name in ProdataKeyHook.fields.required(isUpdate: isUpdate) where body[name] == nil {
            refuse(name, "\(name) is required")
        }
    }

    private mutating func read() {
        if let name = body["name"] { take("name", name, name.text != nil, "a string") }
        if let url = body["url"] { take("url", url, url.text != nil, "a string") }
        if let scope = body["scope"] { readScope(scope) }
        if let authentication = body["authentication"] { readAuthentication(authentication) }
        if let events = body["events"] {
            let isList = events.items?.allSatisfy { $0.text != nil } ?? false
            if isList { put(events, "events") } else { refuse("events", "events takes strings") }
        }
        if let active = body["active"] { take("active", active, active.bool != nil, "true or false") }
        if let flag = body["sslVerification"] {
            if flag.bool != nil {
                put(flag, "sslVerification")
            } else {
                refuse("sslVerification", "sslVerification takes true or false")
            }
        }
        if let level = body["secrecyLevel"] {
            if let number = level.integer, (0...2).contains(number) {
                put(level, "secrecyLevel")
            } else {
                refuse("secrecyLevel", "secrecyLevel takes 0, 1 or 2")
            }
        }
        readExpiry()
        readSecret()
    }

    private mutating func readScope(_ scope: JSON) {
        if scope == "ou" {
            terms["scope"] = "this"
        } else if scope == "ouRecursive" {
            terms["scope"] = "recursive"
        } else if let panels = scope.items, !panels.isEmpty, panels.allSatisfy({ $0.text != nil }) {
            terms["scope"] = scope
        } else {
            refuse("scope", #"scope takes "ou", "ouRecursive" or an array of panel IDs"#)
        }
    }

    private mutating func readAuthentication(_ value: JSON) {
        guard let object = value.object else { return refuse("authentication", "authentication takes an object") }
        let others = object.members.filter { $0.key != "type" && $0.value != .null }.map(\.key)
        switch object["type"]?.text {
        case "None":
            if let first = others.first {
                return refuse("authentication.\(first)", "\(first) only applies if authentication.type is Basic")
            }
            terms["authentication"] = ["type": "none"]
        case "Basic":
            for name in ["user", "password"] where object[name]?.text == nil {
                refuse("authentication.\(name)", "\(name) is required if authentication.type is Basic")
            }
            terms["authentication"] = [
                "type": "basic", "user": object["user"] ?? .null, "password": object["password"] ?? .null,
            ]
        default:
            refuse("authentication.type", "authentication.type takes None or Basic")
        }
    }

    /// An update without an expiry removes the present one.
    private mutating func readExpiry() {
        let expiry = body["expiresAt"] ?? .null
        if expiry == .null {
            if isUpdate { terms["expiresAt"] = .null }
        } else {
            do throws(ValidationError) {
                _ = try TimeText(expiry, of: "expiresAt", like: "2030-12-31T22:00:00Z")
                terms["expiresAt"] = expiry
            } catch {
                faults.append(error)
            }
        }
    }

    /// An update without a secret keeps the present one; `null` removes it, because a missing secret is shown as
    /// `null`.
    private mutating func readSecret() {
        guard let secret = body["secret"] else { return }
        if secret == .null {
            if isUpdate { terms["secret"] = .null }
            return
        }
        take("secret", secret, secret.text != nil, "a string")
    }

    private mutating func take(_ name: String, _ value: JSON, _ isRight: Bool, _ wanted: String) {
        if isRight { put(value, name) } else { refuse(name, "\(name) takes \(wanted), not \(value.sort)") }
    }

    private mutating func put(_ value: JSON, _ name: String) {
        ProdataKeyHook.fields.put(value, name, into: &terms)
    }

    private mutating func refuse(_ field: String, _ sentence: String) {
        faults.append(ValidationError(.outOfBounds, field: field, sentence))
    }
}
