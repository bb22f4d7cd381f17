/// Reads the fields of a subscription one by one and gathers every fault on the way.
struct TermsReader {
    private(set) var faults: [Fault] = []
    private let object: JSONObject
    private let dialect: any Dialect
    private let context: TermsContext

    init(_ object: JSONObject, _ dialect: any Dialect, _ context: TermsContext) {
        self.object = object
        self.dialect = dialect
        self.context = context
    }

    /// Throws what was gathered, with what the dialect itself finds.
    func finish(_ terms: Terms) throws(Faults) {
        let all = faults + (faults.isEmpty ? dialect.faults(in: terms) : [])
        if !all.isEmpty { throw Faults(all) }
    }

    // MARK: What must be there

    mutating func requiredName() -> String? {
        guard let value = object["name"] else {
            fault(.missingField, "name", "name is missing: what people will call the subscription")
            return nil
        }
        return name(value)
    }

    mutating func requiredURL() -> TargetURL? {
        guard let value = object["url"] else {
            fault(.missingField, "url", "url is missing: where deliveries go")
            return nil
        }
        return url(value)
    }

    /// What only a change may name again.
    mutating func readChanges(into terms: inout Terms) {
        if let value = object["name"], let name = name(value) { terms.name = name }
        if let value = object["url"], let url = url(value) { terms.url = url }
        if let value = object["dialect"], value.text != terms.dialect.text {
            fault(.outOfBounds, "dialect", "the dialect cannot change: make another subscription")
        }
        if let value = object["organization"], value.text != context.organization.text {
            fault(.outOfBounds, "organization", "the organization cannot change: make another subscription")
        }
    }

    // MARK: What may be there

    private static let fields = [
        "name", "dialect", "url", "organization", "scope", "kinds", "doors", "settings", "privacyLevel", "secret",
        "standardSignature", "extraHeaders", "authentication", "headers", "tls", "timeout", "retries", "order", "rate",
        "concurrency", "promise", "expiresAt", "active",
    ]

    mutating func read(into terms: inout Terms) {
        for member in object.members where !Self.fields.contains(member.key) {
            let hint = Nearest.hint(for: member.key, among: Self.fields)
            fault(.unknownField, member.key, "a subscription has no field \"\(member.key)\"\(hint)")
        }
        refuseNotBuilt()
        readReach(into: &terms)
        readManner(into: &terms)
        readPace(into: &terms)
    }

    private mutating func readReach(into terms: inout Terms) {
        if let value = object["scope"] { terms.scope = scope(value) ?? terms.scope }
        if let value = object["kinds"] { terms.kinds = value == .null ? nil : kinds(value) }
        if let value = object["doors"] { terms.doors = value == .null ? nil : doors(value, terms.scope) }
        if let value = boolean("active") { terms.isActive = value }
    }

    private mutating func readManner(into terms: inout Terms) {
        if let value = object["settings"] {
            if let settings = value.object {
                terms.settings = settings
            } else {
                wrongType("settings", "an object", value)
            }
        }
        if let value = object["privacyLevel"] {
            if value == .null {
                terms.privacyLevel = dialect.defaults.privacyLevel
            } else if let level = value.integer.flatMap({ PrivacyLevel(rawValue: Int($0)) }) {
                terms.privacyLevel = level
            } else {
                fault(.outOfBounds, "privacyLevel", "privacyLevel takes 0, 1 or 2")
            }
        }
        if let value = object["secret"], value != .null {
            if let text = value.text { terms.secret = Secret(text) } else { wrongType("secret", "text", value) }
        }
        if let value = boolean("extraHeaders") { terms.extraHeaders = value }
        if let value = object["headers"] { terms.headers = headers(value) ?? terms.headers }
    }

    private mutating func readPace(into terms: inout Terms) {
        if let value = object["timeout"] {
            if value == .null {
                terms.timeout = dialect.defaults.timeout
            } else if let milliseconds = integer("timeout", in: 1000...30_000) {
                terms.timeout = .milliseconds(milliseconds)
            }
        }
        if let value = object["retries"] { terms.retries = retries(value) }
        if object["concurrency"] != nil, let bound = integer("concurrency", in: 1...256) {
            terms.concurrency = Int(bound)
        }
    }

    // MARK: What is not built yet

    /// Fields whose behaviour does not exist are refused by name unless they ask for what happens anyway.
    private mutating func refuseNotBuilt() {
        let harmless: [(String, [JSON], String)] = [
            ("authentication", [["type": "none"]], "deliveries are proven by their signature: leave it out"),
            (
                "tls", [[:], ["verification": true]],
                "certificates are verified against the system's roots: leave it out"
            ),
            ("order", ["none"], "deliveries go out as they come: leave it out, or \"none\""),
            ("rate", [], "concurrency bounds what is in flight: leave it out"),
            ("promise", ["durable"], "every delivery is durable: leave it out, or \"durable\""),
            ("expiresAt", [], "set active to false when the time has come: leave it out"),
            ("standardSignature", [false], "the standard dialect signs so already: leave it out, or false"),
        ]
        for (field, accepted, advice) in harmless {
            guard let value = object[field], value != .null, !accepted.contains(value) else { continue }
            fault(.notBuilt, field, "\(field) is not built yet; \(advice)")
        }
    }
}

// MARK: - One field each

extension TermsReader {
    private mutating func name(_ value: JSON) -> String? {
        guard let text = value.text else { return wrongType("name", "text", value) }
        guard (1...200).contains(text.count) else {
            return fault(.outOfBounds, "name", "name takes 1 to 200 characters")
        }
        return text
    }

    private mutating func url(_ value: JSON) -> TargetURL? {
        guard let text = value.text else { return wrongType("url", "text", value) }
        guard let url = TargetURL(text) else {
            return fault(
                .outOfBounds, "url",
                "url takes an absolute https URL of at most \(TargetURL.longest) bytes, "
                    + "without user, password or fragment"
            )
        }
        return url
    }

    private mutating func scope(_ value: JSON) -> Terms.Scope? {
        guard let scope = Terms.Scope(json: value) else {
            return fault(.outOfBounds, "scope", #"scope takes "this", "recursive", or a list of panel ids"#)
        }
        if case .panels(let panels) = scope {
            for panel in panels where context.directory.panel(panel, in: context.organization) == nil {
                let known = context.directory.panels.keys.lazy.filter { [context] in
                    $0.organization == context.organization
                }
                let hint = Nearest.hint(for: panel.text, among: known.map(\.id.text))
                fault(.unknownPanel, "scope", "\(context.organization) has no panel \"\(panel)\"\(hint)")
            }
        }
        return scope
    }

    private mutating func kinds(_ value: JSON) -> [String]? {
        guard let globs = texts("kinds", value) else { return nil }
        if globs.isEmpty {
            return fault(.outOfBounds, "kinds", "kinds takes at least one glob; leave it out for all kinds")
        }
        let sayable = dialect.vocabulary.sayable
        for glob in globs where KindGlob.expand([glob]).intersection(sayable).isEmpty {
            let hint = Nearest.hint(for: glob, among: sayable.kinds.lazy.map(\.name))
            fault(.unknownKind, "kinds", "\(dialect.name) can say no kind that \"\(glob)\" fits\(hint)")
        }
        return globs
    }

    private mutating func doors(_ value: JSON, _ scope: Terms.Scope) -> [DoorID]? {
        guard let ids = texts("doors", value) else { return nil }
        if ids.isEmpty {
            return fault(.outOfBounds, "doors", "doors takes at least one door; leave it out for all doors")
        }
        let reached = context.directory.doors.keys.filter { [context] place in
            scope == .recursive
                ? context.directory.isWithin(place.organization, context.organization)
                : place.organization == context.organization
        }
        let known = Set(reached.map(\.id.text))
        for id in ids where !known.contains(id) {
            fault(
                .unknownDoor, "doors",
                "the subscription reaches no door \"\(id)\"\(Nearest.hint(for: id, among: known))")
        }
        return ids.map { DoorID($0) }
    }

    private mutating func headers(_ value: JSON) -> [Terms.Header]? {
        if value == .null { return [] }
        guard let object = value.object else { return wrongType("headers", "an object", value) }
        var headers: [Terms.Header] = []
        for member in object.members {
            guard let text = member.value.text else {
                fault(.wrongType, "headers.\(member.key)", "headers.\(member.key) takes text, not \(member.value.sort)")
                continue
            }
            if let complaint = HeaderRule.complaint(member.key, text) {
                fault(.outOfBounds, "headers.\(member.key)", complaint)
            }
            headers.append(Terms.Header(member.key, text))
        }
        let bytes = headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        guard headers.count <= HeaderRule.most, bytes <= HeaderRule.bytes else {
            return fault(
                .outOfBounds, "headers",
                "headers takes at most \(HeaderRule.most) of \(HeaderRule.bytes) bytes together")
        }
        if Set(headers.map { $0.name.lowercased() }).count < headers.count {
            fault(.outOfBounds, "headers", "a header stands twice, differing in case alone")
        }
        return headers
    }

    private mutating func retries(_ value: JSON) -> [Duration]? {
        if value == "default" || value == .null { return nil }
        let week: Int64 = 7 * 86_400
        guard let items = value.items, (1...50).contains(items.count) else {
            return fault(.outOfBounds, "retries", #"retries takes "default", or a list of 1 to 50 delays in seconds"#)
        }
        let delays = items.compactMap(\.integer).filter { (0...week).contains($0) }
        guard delays.count == items.count else {
            return fault(.outOfBounds, "retries", "a delay takes whole seconds from 0 to \(week)")
        }
        return delays.map { .seconds($0) }
    }

    private mutating func texts(_ field: String, _ value: JSON) -> [String]? {
        guard let items = value.items else { return wrongType(field, "a list of texts", value) }
        let texts = items.compactMap(\.text)
        guard texts.count == items.count, texts.count <= 1000, texts.allSatisfy({ (1...128).contains($0.utf8.count) })
        else {
            return fault(.wrongType, field, "\(field) takes at most 1000 texts of 1 to 128 bytes")
        }
        return texts
    }

    private mutating func boolean(_ field: String) -> Bool? {
        guard let value = object[field] else { return nil }
        if value == .null { return true }
        guard let flag = value.bool else { return wrongType(field, "true or false", value) }
        return flag
    }

    private mutating func integer(_ field: String, in range: ClosedRange<Int64>) -> Int64? {
        guard let number = object[field]?.integer, range.contains(number) else {
            return fault(
                .outOfBounds, field, "\(field) takes a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    @discardableResult
    private mutating func wrongType<Value>(_ field: String, _ wanted: String, _ value: JSON) -> Value? {
        fault(.wrongType, field, "\(field) takes \(wanted), not \(value.sort)")
    }

    private mutating func wrongType(_ field: String, _ wanted: String, _ value: JSON) {
        let _: Never? = wrongType(field, wanted, value)
    }

    @discardableResult
    private mutating func fault<Value>(_ code: Fault.Code, _ field: String, _ sentence: String) -> Value? {
        faults.append(Fault(code, field: field, sentence))
        return nil
    }

    private mutating func fault(_ code: Fault.Code, _ field: String, _ sentence: String) {
        faults.append(Fault(code, field: field, sentence))
    }
}
