/// Reads those fields of a subscription that depend on more than their own value.
extension FieldReader where Subject == Terms {
    // MARK: Rows with their own way of reading

    /// Checks the organization of the body: a subscription cannot move to another one.
    mutating func organization(_ json: JSON) {
        guard json != .string(context.organization.text) else { return }
        refuse(.outOfBounds, "organization", "the organization cannot change: make another subscription")
    }

    /// `null` removes the secret if the contract does not need one. A secret that the dialect makes is shown only at
    /// creation, so a change cannot ask for one. The previous secret stops signing at once.
    mutating func secret(_ json: JSON) {
        set(\.outgoing, nil)
        if let text = json.text {
            set(\.secret, Secret(text))
        } else if json != .null {
            refuse(.wrongType, "secret", "secret takes text, not \(json.sort)")
        } else if context.dialect?.defaults.makesSecret == false {
            set(\.secret, nil)
        } else {
            refuse(
                .outOfBounds, "secret",
                "the secret can be replaced, not removed: name the new one, or leave it out")
        }
    }

    /// Switching the signature off deletes its secret: switching it on again makes a new one.
    mutating func standardSignature(_ json: JSON) {
        guard let isWanted = truth("standardSignature", json) else { return }
        set(\.standardSignature, isWanted)
        if !isWanted { set(\.standardSecret, nil) }
    }

    /// An active subscription cannot be expired, so a request that activates an expired one must give a new end.
    mutating func active(_ json: JSON) {
        if let isActive = truth("active", json) { set(\.isActive, isActive) }
        guard json == true, object["expiresAt"] == nil, let end = present?.expiresAt, end <= context.now else { return }
        refuse(
            .outOfBounds, "expiresAt",
            "the subscription expired at \(RFC3339.text(end)): name a later expiresAt, or null")
    }

    // MARK: Values

    /// How a list is named that is not bounded, for a sentence. In a change a list that is left out stays as it is.
    var wayToAll: String { present == nil ? "leave it out, or write null," : "write null" }

    mutating func truth(_ field: String, _ json: JSON) -> Bool? {
        json.bool ?? wrongType(field, "true or false", json)
    }

    mutating func integer(_ field: String, _ json: JSON, in range: ClosedRange<Int64>) -> Int64? {
        guard let number = json.integer, range.contains(number) else {
            return fault(
                .outOfBounds, field, "\(field) takes a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    mutating func texts(_ field: String, _ json: JSON) -> [String]? {
        guard let items = json.items else { return wrongType(field, "a list of texts", json) }
        let texts = items.compactMap(\.text)
        guard texts.count == items.count, texts.count <= TermsBounds.list,
            texts.allSatisfy({ TermsBounds.listed.contains($0.utf8.count) })
        else {
            return fault(
                .wrongType, field,
                "\(field) takes at most \(TermsBounds.list) texts of 1 to \(TermsBounds.listed.upperBound) bytes")
        }
        return texts
    }

    /// Whether the organization has the panels of a scope.
    mutating func hasPanels(_ scope: Terms.Scope, _ json: JSON) -> Bool {
        guard case .panels(let panels) = scope else { return true }
        guard texts("scope", json) != nil else { return false }
        let (here, directory) = (context.organization, context.directory)
        let unknown = panels.filter { directory.panel($0, in: here) == nil }
        let known = directory.panels.keys.lazy.filter { $0.organization == here }.map(\.id.text)
        refuse(unknown) { panel in
            let hint = Nearest.hint(for: panel.text, among: known)
            return ValidationError(.unknownPanel, field: "scope", "\(here) has no panel \"\(panel)\"\(hint)")
        }
        return unknown.isEmpty
    }

    private var scopeOfDoors: Terms.Scope {
        context.scope ?? present?.scope ?? context.dialect?.defaults.scope ?? .recursive
    }

    /// Whether a door is within the scope.
    func reaches(_ door: DoorID) -> Bool {
        context.directory.hasDoor(door, of: context.organization, orBelow: scopeOfDoors == .recursive)
    }

    /// All doors within the scope. It reads every door of the directory, so it is only for a hint in a refusal.
    var reachedDoors: [String] {
        let (directory, here, scope) = (context.directory, context.organization, scopeOfDoors)
        return directory.doors.keys.filter { place in
            scope == .recursive ? directory.isWithin(place.organization, here) : place.organization == here
        }.map(\.id.text)
    }

    mutating func headers(_ json: JSON) -> [Terms.Header]? {
        guard let object = json.object else { return wrongType("headers", "an object", json) }
        // A null removes a member, so it does not count.
        let kept = object.members.count { $0.value != .null }
        guard kept <= HeaderRule.most, object.members.count <= 2 * HeaderRule.most else { return tooMuch() }
        var faulty = false
        for member in object.members {
            let field = "headers.\(member.key)"
            if member.value == .null { continue }
            if let text = member.value.text {
                guard let complaint = HeaderRule.complaint(member.key, text) else { continue }
                refuse(.outOfBounds, field, complaint)
            } else {
                refuse(.wrongType, field, "\(field) takes text, not \(member.value.sort)")
            }
            faulty = true
        }
        return faulty ? nil : together(object)
    }

    /// The resulting headers, if they are allowed together.
    private mutating func together(_ object: JSONObject) -> [Terms.Header]? {
        let old = Terms.Header.json(present?.headers ?? [])
        let headers = old.merged(with: object).members.compactMap { member in
            member.value.text.map { Terms.Header(member.key, $0) }
        }
        let bytes = headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        guard headers.count <= HeaderRule.most, bytes <= HeaderRule.bytes else { return tooMuch() }
        guard Set(headers.map { $0.name.lowercased() }).count == headers.count else {
            return fault(.outOfBounds, "headers", "a header stands twice, differing in case alone")
        }
        return headers
    }

    private mutating func tooMuch() -> [Terms.Header]? {
        fault(
            .outOfBounds, "headers", "headers takes at most \(HeaderRule.most) of \(HeaderRule.bytes) bytes together")
    }

    mutating func verification(_ json: JSON) -> Bool? {
        guard let object = json.object else { return wrongType("tls", "an object", json) }
        var isWhole = true
        for member in object.members where member.key != "verification" {
            isWhole = false
            if ["pin", "authority", "client"].contains(member.key) {
                refuse(.notBuilt, "tls.\(member.key)", "tls.\(member.key) is not built yet: leave it out")
            } else {
                refuse(.unknownField, "tls.\(member.key)", "tls has no field of that name; it takes verification")
            }
        }
        guard let verification = object["verification"], verification != .null else {
            return isWhole ? present?.verifiesCertificates ?? true : nil
        }
        return truth("tls.verification", verification)
    }
}

extension Terms.Header {
    /// Header fields as members of an object.
    static func json(_ headers: [Terms.Header]) -> JSONObject {
        JSONObject(headers.map { JSONObject.Member($0.name, .string($0.value)) })
    }
}

extension Authentication {
    /// The authentication with the mask in place of every secret.
    var masked: Authentication {
        switch self {
        case .none: .none
        case .basic: .basic(user: Mask.text, password: Secret(Mask.text))
        case .bearer: .bearer(token: Secret(Mask.text))
        }
    }
}
