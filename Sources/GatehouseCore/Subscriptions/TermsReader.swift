/// Reads what a request says of a subscription's terms, field by field, and gathers every fault on the way.
///
/// What was read is kept as changes and applied at the end, so that one missing field does not hide what is wrong with
/// the others.
struct TermsReader {
    private(set) var faults = ValidationErrors()
    let object: JSONObject
    let context: TermsContext
    /// The terms that are to be changed; nil where they are to be made.
    let present: Terms?
    private var changes: [(inout Terms) -> Void] = []

    /// How many wrong members of one list are told; each costs a search for the nearest right one.
    private static let reported = 10

    /// What stands as null where it is absent, so that null in a change takes it away.
    private static let removable: Set<String> = [
        "kinds", "doors", "secret", "authentication", "promise", "expiresAt",
    ]

    /// Takes a body. `null` is a field that is left out, but where it takes away: it never asks for a default, which
    /// could send more than was sent before.
    init(_ object: JSONObject, _ context: TermsContext, changing present: Terms? = nil) {
        let taken = object.members.filter { member in
            member.value != .null || !Self.fields.contains(member.key)
                || (present != nil && Self.removable.contains(member.key))
        }
        self.object = JSONObject(taken)
        self.context = context
        self.present = present
    }

    /// Puts what was read into terms.
    ///
    /// - Throws: what was gathered, and what the dialect itself finds.
    func applied(to terms: Terms, of dialect: any Dialect) throws(ValidationErrors) -> Terms {
        var terms = terms
        for change in changes { change(&terms) }
        var all = faults
        all.append(contentsOf: ValidationErrors(dialect.faults(in: terms)))
        try all.check()
        return terms
    }

    /// Reads every field that may be left out. Without a dialect, what only a dialect can judge is passed over.
    mutating func read(in dialect: (any Dialect)?) {
        refuseUnknown()
        refuseNotBuilt()
        readReach(dialect)
        readTraits(dialect)
        readPace(dialect)
    }

    /// Refuses what is shown in the place of a value: kept, it would be the value.
    mutating func refuseMasks() {
        if let place = Mask.place(in: .object(object)) { faults.append(Mask.fault(at: place)) }
    }

    // MARK: What must be there

    mutating func requiredDialect() -> (any Dialect)? {
        let known = context.dialects.dialects.map(\.name.text)
        guard let value = object["dialect"] else {
            return fault(.missingField, "dialect", "dialect is missing: one of \(known.joined(separator: ", "))")
        }
        guard let name = value.text else { return wrongType("dialect", "text", value) }
        if let dialect = context.dialects[DialectName(name)] { return dialect }
        let hint = Nearest.hint(for: name, among: known)
        return fault(
            .outOfBounds, "dialect",
            "this gateway does not speak that dialect\(hint) It speaks: \(known.joined(separator: ", "))")
    }

    mutating func requiredName() -> String? {
        guard let value = object["name"] else {
            return fault(.missingField, "name", "name is missing: what people will call the subscription")
        }
        return name(value)
    }

    mutating func requiredURL() -> TargetURL? {
        guard let value = object["url"] else {
            return fault(.missingField, "url", "url is missing: where deliveries go")
        }
        return url(value)
    }

    /// Reads what a creation requires and a change may name again.
    mutating func readIdentity(of terms: Terms) {
        if let value = object["name"] { set(\.name, name(value)) }
        if let value = object["url"] { set(\.url, url(value)) }
        if let value = object["dialect"], value != .string(terms.dialect.text) {
            fault(.outOfBounds, "dialect", "the dialect cannot change: make another subscription")
        }
        if let value = object["organization"], value != .string(context.organization.text) {
            fault(.outOfBounds, "organization", "the organization cannot change: make another subscription")
        }
    }

    // MARK: What may be there

    static let fields = [
        "name", "dialect", "url", "organization", "scope", "kinds", "doors", "settings", "privacyLevel", "secret",
        "standardSignature", "extraHeaders", "authentication", "headers", "tls", "timeout", "retries", "order", "rate",
        "concurrency", "promise", "expiresAt", "active",
    ]

    private mutating func refuseUnknown() {
        refuse(object.members.map(\.key).filter { !Self.fields.contains($0) }) { key in
            let hint = Nearest.hint(for: key, among: Self.fields)
            return ValidationError(.unknownField, field: key, "a subscription has no field of that name\(hint)")
        }
    }

    private mutating func readReach(_ dialect: (any Dialect)?) {
        var reach = present?.scope ?? dialect?.defaults.scope ?? .recursive
        if let value = object["scope"] {
            reach = scope(value) ?? reach
            set(\.scope, reach)
        }
        if let value = object["kinds"] {
            set(\.kinds, value == .null ? .some(nil) : kinds(value, dialect).map { .some($0) })
        }
        if let value = object["doors"] {
            set(\.doors, value == .null ? .some(nil) : doors(value, reach).map { .some($0) })
        }
        readLife()
    }

    /// What is active cannot have expired, so who wakes an expired subscription must say until when.
    private mutating func readLife() {
        if let value = object["active"] { set(\.isActive, boolean("active", value)) }
        if let value = object["expiresAt"] {
            set(\.expiresAt, value == .null ? .some(nil) : expiry(value).map { .some($0) })
        } else if object["active"] == true, let end = present?.expiresAt, end <= context.now {
            fault(
                .outOfBounds, "expiresAt",
                "the subscription expired at \(RFC3339.text(end)): name a later expiresAt, or null")
        }
    }

    private mutating func readTraits(_ dialect: (any Dialect)?) {
        if let value = object["settings"] { set(\.settings, settings(value)) }
        if let value = object["privacyLevel"] { set(\.privacyLevel, privacyLevel(value)) }
        if let value = object["secret"] { readSecret(value, dialect) }
        if let value = object["standardSignature"] { readStandardSignature(value) }
        if let value = object["extraHeaders"] { set(\.extraHeaders, boolean("extraHeaders", value)) }
        if let value = object["headers"] { set(\.headers, headers(value)) }
        if let value = object["authentication"] { set(\.authentication, authentication(value)) }
        if let value = object["tls"] { set(\.verifiesCertificates, verification(value)) }
    }

    /// `null` takes it away where the contract can do without one. A secret that the dialect makes is shown at creation
    /// alone, so a change cannot ask for one. Nothing signs beside what is set here.
    private mutating func readSecret(_ value: JSON, _ dialect: (any Dialect)?) {
        set(\.outgoing, .some(nil))
        if let text = value.text {
            set(\.secret, .some(Secret(text)))
        } else if value != .null {
            wrongType("secret", "text", value)
        } else if dialect?.defaults.makesSecret == false {
            set(\.secret, .some(nil))
        } else {
            fault(.outOfBounds, "secret", "the secret can be replaced, not removed: name the new one, or leave it out")
        }
    }

    /// Taken away, its secret is forgotten: who asks for it again gets another one.
    private mutating func readStandardSignature(_ value: JSON) {
        guard let isWanted = boolean("standardSignature", value) else { return }
        changes.append { terms in
            terms.standardSignature = isWanted
            if !isWanted { terms.standardSecret = nil }
        }
    }

    private mutating func readPace(_ dialect: (any Dialect)?) {
        if let value = object["promise"] {
            set(\.promise, value == .null ? .some(nil) : promise(value, dialect).map { .some($0) })
        }
        if let value = object["timeout"] {
            set(\.timeout, integer("timeout", value, in: TermsBounds.timeout).map { .milliseconds($0) })
        }
        if let value = object["retries"] {
            set(\.retries, value == "default" ? .some(nil) : retries(value).map { .some($0) })
        }
        if let value = object["concurrency"] {
            set(\.concurrency, integer("concurrency", value, in: TermsBounds.concurrency).map { Int($0) })
        }
    }

    // MARK: What is not built yet

    /// Fields whose behaviour does not exist are refused by name unless they ask for what happens anyway.
    private mutating func refuseNotBuilt() {
        for (field, accepted, advice) in Self.harmless {
            guard let value = object[field], !accepted.contains(value) else { continue }
            fault(.notBuilt, field, "\(field) is not built yet; \(advice)")
        }
    }

    // swift-format-ignore
    private static let harmless: [(field: String, accepted: [JSON], advice: String)] = [
        ("order", ["none"], "deliveries go out as they come: leave it out, or \"none\""),
        ("rate",  [],       "concurrency bounds what is in flight: leave it out"),
    ]

    // MARK: Gathering

    /// Keeps a change for ``applied(to:of:)``; nil stands for a value that was at fault.
    private mutating func set<Value>(_ field: WritableKeyPath<Terms, Value>, _ value: Value?) {
        guard let value else { return }
        changes.append { $0[keyPath: field] = value }
    }

    /// Tells of the first of what is wrong in one list, and counts the rest.
    mutating func refuse<Item>(_ wrong: [Item], _ fault: (Item) -> ValidationError) {
        for item in wrong.prefix(Self.reported) { faults.append(fault(item)) }
        faults.countUntold(wrong.count - Self.reported)
    }

    @discardableResult
    mutating func fault<Value>(_ code: ValidationError.Code, _ field: String, _ sentence: String) -> Value? {
        fault(code, field, sentence)
        return nil
    }

    mutating func fault(_ code: ValidationError.Code, _ field: String, _ sentence: String) {
        faults.append(ValidationError(code, field: field, sentence))
    }

    mutating func wrongType<Value>(_ field: String, _ wanted: String, _ value: JSON) -> Value? {
        fault(.wrongType, field, "\(field) takes \(wanted), not \(value.sort)")
    }

    mutating func wrongType(_ field: String, _ wanted: String, _ value: JSON) {
        fault(.wrongType, field, "\(field) takes \(wanted), not \(value.sort)")
    }
}

extension Terms {
    /// Whether the native API has a field of that name.
    static func isField(_ name: String) -> Bool { TermsReader.fields.contains(name) }
}
