extension Terms {
    /// The terms as JSON in the words of the native API, with as much of what is secret as is to be shown.
    ///
    /// One spelling for the store and for the API, so that no field can be kept in one and forgotten in the other.
    public func json(_ showing: Showing) -> JSONObject {
        if showing == .masked { return masked.json(.revealed) }
        var object = JSONObject()
        object["name"] = .string(name)
        object["dialect"] = .string(dialect.text)
        object["url"] = .string(url.text)
        object["scope"] = scope.json
        object["kinds"] = kinds.map { .array($0.map { .string($0) }) } ?? .null
        object["doors"] = doors.map { .array($0.map { .string($0.text) }) } ?? .null
        object["settings"] = .object(settings)
        object["privacyLevel"] = .integer(privacyLevel.rawValue)
        object["standardSignature"] = .bool(standardSignature)
        object["extraHeaders"] = .bool(extraHeaders)
        object["authentication"] = .object(authentication.json)
        object["tls"] = ["verification": .bool(verifiesCertificates)]
        object["headers"] = .object(JSONObject(headers.map { JSONObject.Member($0.name, .string($0.value)) }))
        object["timeout"] = .integer(timeout.microseconds / 1000)
        object["retries"] = retries.map { .array($0.map { .integer($0.microseconds / 1_000_000) }) } ?? "default"
        object["promise"] = .text(promise?.rawValue)
        object["concurrency"] = .integer(concurrency)
        object["expiresAt"] = .text(expiresAt.map { RFC3339.text($0) })
        object["active"] = .bool(isActive)
        if showing == .secrets {
            object["secret"] = .text(secret?.revealed)
            if let standardSecret { object["standardSecret"] = .string(standardSecret.revealed) }
        }
        if let outgoing { object["outgoingSecretUntil"] = .string(RFC3339.text(outgoing.until)) }
        return object
    }

    /// The terms as the store keeps them.
    public var stored: [UInt8] {
        var object = json(.secrets)
        if let outgoing { object["outgoing"] = outgoing.stored }
        return JSON.object(object).bytes
    }

    /// Reads what ``stored`` wrote; nil where the bytes are damaged.
    public init?(stored bytes: [UInt8]) {
        guard let whole = try? JSONParser.parse(bytes), let name = whole["name"]?.text,
            let dialect = whole["dialect"]?.text, let url = whole["url"]?.text.flatMap({ TargetURL($0) }),
            let scope = whole["scope"].flatMap({ Scope(json: $0) }), let settings = whole["settings"]?.object,
            let level = whole["privacyLevel"]?.integer.flatMap({ PrivacyLevel(rawValue: Int($0)) }),
            let timeout = whole["timeout"]?.integer, let headers = whole["headers"]?.object,
            let concurrency = whole["concurrency"]?.integer, let active = whole["active"]?.bool,
            let extraHeaders = whole["extraHeaders"]?.bool
        else { return nil }
        self.dialect = DialectName(dialect)
        self.url = url
        self.scope = scope
        self.kinds = whole["kinds"]?.items?.compactMap(\.text)
        self.doors = whole["doors"]?.items?.compactMap(\.text).map { DoorID($0) }
        self.settings = settings
        self.privacyLevel = level
        self.secret = whole["secret"]?.text.map { Secret($0) }
        self.outgoing = Outgoing(stored: whole["outgoing"])
        self.extraHeaders = extraHeaders
        // Terms that were kept before these fields existed have none of them.
        if let authentication = whole["authentication"]?.object {
            guard let authentication = try? Authentication(json: authentication) else { return nil }
            self.authentication = authentication
        }
        self.standardSignature = whole["standardSignature"]?.bool ?? false
        self.standardSecret = whole["standardSecret"]?.text.map { Secret($0) }
        self.verifiesCertificates = whole["tls"]?["verification"]?.bool ?? true
        self.expiresAt = whole["expiresAt"]?.text.flatMap { EventTime(stored: $0)?.instant }
        self.headers = headers.members.compactMap { member in member.value.text.map { Header(member.key, $0) } }
        self.timeout = .milliseconds(timeout)
        self.name = name
        self.retries = whole["retries"]?.items?.compactMap(\.integer).map { .seconds($0) }
        self.promise = whole["promise"]?.text.flatMap { Promise(rawValue: $0) }
        self.concurrency = Int(concurrency)
        self.isActive = active
    }
}

extension Terms.Scope {
    /// The scope in the words of the native API.
    var json: JSON {
        switch self {
        case .this: "this"
        case .recursive: "recursive"
        case .panels(let panels): .array(panels.map { .string($0.text) })
        }
    }

    /// Reads the words of the native API; nil for anything else.
    init?(json: JSON) {
        if let panels = json.items {
            let names = panels.compactMap(\.text)
            guard names.count == panels.count, !names.isEmpty else { return nil }
            self = .panels(names.map { PanelID($0) })
        } else if json == "this" {
            self = .this
        } else if json == "recursive" {
            self = .recursive
        } else {
            return nil
        }
    }
}
