internal import Crypto
internal import GatehouseCore

/// The contract's subscription object ("The subscription object"): how it is printed, and how it is read into the words
/// of the native API.
enum ProdataKeyHook {
    // MARK: Identifiers

    /// The contract's ids are 24 hexadecimal digits.
    static func makeID(using random: inout some RandomNumberGenerator) -> SubscriptionID {
        SubscriptionID(Hex.text((0..<12).map { _ in UInt8.random(in: .min ... .max, using: &random) }))
    }

    /// The contract's id of a subscription: its own where it has that form, else, where somebody chose another through
    /// the native API, one that follows from it.
    static func id(of subscription: Subscription) -> String {
        let text = subscription.id.text
        let isOurs = text.utf8.count == 24 && text.utf8.allSatisfy(isLowerHex)
        return isOurs ? text : Hex.text(SHA256.hash(data: Array(text.utf8)).prefix(12))
    }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    // MARK: Printing

    /// The object in the seed's order. What is secret is `null` for those who may only read.
    static func json(_ subscription: Subscription, odometer: Int64, revealing: Bool, at now: Instant) -> JSON {
        let terms = subscription.terms
        var object = JSONObject()
        object["id"] = .string(id(of: subscription))
        object["name"] = .string(terms.name)
        object["url"] = .string(terms.url.text)
        object["scope"] = json(terms.scope)
        object["authentication"] = json(terms.authentication, revealing: revealing)
        object["events"] = .array(ProdataKeySettings.topics(of: terms).map { .string($0) })
        object["active"] = .bool(subscription.isDelivering(at: now))
        object["sslVerification"] = .bool(terms.verifiesCertificates)
        object["secrecyLevel"] = .integer(terms.privacyLevel.rawValue)
        object["expiresAt"] = .text(terms.expiresAt.map { RFC3339.text($0) })
        object["userId"] = .text(subscription.maker)
        object["odometer"] = .integer(odometer)
        object["secret"] = .text(revealing ? terms.secret?.revealed : nil)
        return .object(object)
    }

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

/// Reads the body of a creation or an update, property by property of the seed's table, and gathers every fault.
struct ProdataKeyHookReader {
    private let body: JSONObject
    private let isUpdate: Bool
    private var faults = ValidationErrors()
    private var terms = JSONObject()

    /// What bodies may have. A retrieval shows more, which cannot be set: an update may send it back.
    static let names = DeclaredNames(
        required + requiredInUpdates + free, inside: ["authentication": ["type", "user", "password"]])
    private static let required = ["name", "url", "scope", "authentication", "events"]
    private static let requiredInUpdates = ["active", "sslVerification", "secrecyLevel"]
    private static let free = ["expiresAt", "secret"]

    private init(_ body: JSONObject, isUpdate: Bool) {
        self.body = body
        self.isUpdate = isUpdate
    }

    /// The body in the words of the native API. - Throws: ``ValidationErrors``, in the contract's words.
    static func terms(of body: JSONObject, isUpdate: Bool) throws(ValidationErrors) -> JSONObject {
        var reader = ProdataKeyHookReader(body, isUpdate: isUpdate)
        reader.demand()
        reader.read()
        try reader.faults.check()
        return reader.terms
    }

    private mutating func demand() {
        for name in Self.required + (isUpdate ? Self.requiredInUpdates : []) where body[name] == nil {
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
            if isList { terms["settings"] = ["events": events] } else { refuse("events", "events takes strings") }
        }
        if let active = body["active"] { take("active", active, active.bool != nil, "true or false") }
        if let flag = body["sslVerification"] {
            if flag.bool != nil {
                terms["tls"] = ["verification": flag]
            } else {
                refuse("sslVerification", "sslVerification takes true or false")
            }
        }
        if let level = body["secrecyLevel"] {
            if let number = level.integer, (0...2).contains(number) {
                terms["privacyLevel"] = level
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

    /// Without one, an update takes away what was there.
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

    /// Without one, an update keeps what was there; `null` takes it away, as it is shown where there is none.
    private mutating func readSecret() {
        guard let secret = body["secret"] else { return }
        if secret == .null {
            if isUpdate { terms["secret"] = .null }
            return
        }
        take("secret", secret, secret.text != nil, "a string")
    }

    private mutating func take(_ name: String, _ value: JSON, _ isRight: Bool, _ wanted: String) {
        if isRight { terms[name] = value } else { refuse(name, "\(name) takes \(wanted), not \(value.sort)") }
    }

    private mutating func refuse(_ field: String, _ sentence: String) {
        faults.append(ValidationError(.outOfBounds, field: field, sentence))
    }
}
