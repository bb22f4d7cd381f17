/// One field each: its value where it may stand, else nil and a fault.
extension TermsReader {
    mutating func name(_ value: JSON) -> String? {
        guard let text = value.text else { return wrongType("name", "text", value) }
        // Scalars and not characters: one character may be any number of bytes long.
        guard TermsBounds.name.contains(text.unicodeScalars.count) else {
            return fault(.outOfBounds, "name", "name takes 1 to \(TermsBounds.name.upperBound) characters")
        }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            return fault(.outOfBounds, "name", "name takes no control characters")
        }
        return text
    }

    mutating func url(_ value: JSON) -> TargetURL? {
        guard let text = value.text else { return wrongType("url", "text", value) }
        do throws(TargetURL.Flaw) {
            return try TargetURL(reading: text)
        } catch {
            return fault(.outOfBounds, "url", "url is not taken: \(error.sentence)")
        }
    }

    mutating func scope(_ value: JSON) -> Terms.Scope? {
        guard let scope = Terms.Scope(json: value) else {
            return fault(.outOfBounds, "scope", #"scope takes "this", "recursive", or a list of panel ids"#)
        }
        guard case .panels(let panels) = scope else { return scope }
        guard texts("scope", value) != nil else { return nil }
        let here = context.organization
        let unknown = panels.filter { context.directory.panel($0, in: here) == nil }
        let known = context.directory.panels.keys.lazy.filter { $0.organization == here }.map(\.id.text)
        refuse(unknown) { panel in
            let hint = Nearest.hint(for: panel.text, among: known)
            return ValidationError(.unknownPanel, field: "scope", "\(here) has no panel \"\(panel)\"\(hint)")
        }
        return unknown.isEmpty ? scope : nil
    }

    mutating func kinds(_ value: JSON, _ dialect: (any Dialect)?) -> [String]? {
        guard let globs = texts("kinds", value) else { return nil }
        if globs.isEmpty {
            return fault(.outOfBounds, "kinds", "kinds takes at least one glob; leave it out for all kinds")
        }
        guard let dialect else { return nil }
        let sayable = dialect.vocabulary.sayable
        let futile = globs.filter { KindGlob.expand([$0]).intersection(sayable).isEmpty }
        refuse(futile) { glob in
            let hint = Nearest.hint(for: glob, among: sayable.kinds.lazy.map(\.name))
            return ValidationError(
                .unknownKind, field: "kinds", "\(dialect.name) can say no kind that \"\(glob)\" fits\(hint)")
        }
        return futile.isEmpty ? globs : nil
    }

    mutating func doors(_ value: JSON, _ scope: Terms.Scope) -> [DoorID]? {
        guard let ids = texts("doors", value) else { return nil }
        if ids.isEmpty {
            return fault(.outOfBounds, "doors", "doors takes at least one door; leave it out for all doors")
        }
        let (directory, here) = (context.directory, context.organization)
        let known = Set(
            directory.doors.keys.lazy.filter { place in
                scope == .recursive ? directory.isWithin(place.organization, here) : place.organization == here
            }.map(\.id.text))
        let unknown = ids.filter { !known.contains($0) }
        refuse(unknown) { id in
            let hint = Nearest.hint(for: id, among: known)
            return ValidationError(.unknownDoor, field: "doors", "the subscription reaches no door \"\(id)\"\(hint)")
        }
        return unknown.isEmpty ? ids.map { DoorID($0) } : nil
    }

    /// A change merges (RFC 7396): a setting that it does not name stays, one that it calls `null` goes. Where
    /// something is made, `null` is a setting that is left out.
    mutating func settings(_ value: JSON) -> JSONObject? {
        guard let object = value.object else { return wrongType("settings", "an object", value) }
        return (present?.settings ?? JSONObject()).merged(with: object)
    }

    mutating func privacyLevel(_ value: JSON) -> PrivacyLevel? {
        guard let level = value.integer.flatMap({ PrivacyLevel(rawValue: Int($0)) }) else {
            return fault(.outOfBounds, "privacyLevel", "privacyLevel takes 0, 1 or 2")
        }
        return level
    }

    /// A change merges, as with ``settings(_:)``.
    mutating func headers(_ value: JSON) -> [Terms.Header]? {
        guard let object = value.object else { return wrongType("headers", "an object", value) }
        // What is null takes no room.
        let kept = object.members.count { $0.value != .null }
        guard kept <= HeaderRule.most, object.members.count <= 2 * HeaderRule.most else { return tooMuch() }
        var faulty = false
        for member in object.members {
            let field = "headers.\(member.key)"
            if member.value == .null { continue }
            if let text = member.value.text {
                guard let complaint = HeaderRule.complaint(member.key, text) else { continue }
                fault(.outOfBounds, field, complaint)
            } else {
                wrongType(field, "text", member.value)
            }
            faulty = true
        }
        return faulty ? nil : together(object)
    }

    /// The headers as they will stand, where they may stand together.
    private mutating func together(_ object: JSONObject) -> [Terms.Header]? {
        let old = JSONObject((present?.headers ?? []).map { JSONObject.Member($0.name, .string($0.value)) })
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

    /// A change of the type says everything anew; any other change merges, as with ``settings(_:)``.
    mutating func authentication(_ value: JSON) -> Authentication? {
        if value == .null { return Authentication.none }
        guard var object = value.object else { return wrongType("authentication", "an object", value) }
        if object["type"] == .null { object["type"] = nil }
        let kept = present?.authentication.json ?? JSONObject()
        object = (object["type"] == nil || object["type"] == kept["type"] ? kept : JSONObject()).merged(with: object)
        do throws(Authentication.ReadError) {
            return try Authentication(json: object)
        } catch {
            return fault(.outOfBounds, "authentication.\(error.member)", error.sentence)
        }
    }

    /// Of `tls`, whether certificates are verified is all that there is so far.
    mutating func verification(_ value: JSON) -> Bool? {
        guard let object = value.object else { return wrongType("tls", "an object", value) }
        var isWhole = true
        for member in object.members where member.key != "verification" {
            isWhole = false
            if ["pin", "authority", "client"].contains(member.key) {
                fault(.notBuilt, "tls.\(member.key)", "tls.\(member.key) is not built yet: leave it out")
            } else {
                fault(.unknownField, "tls.\(member.key)", "tls has no field of that name; it takes verification")
            }
        }
        guard let verification = object["verification"], verification != .null else {
            return isWhole ? present?.verifiesCertificates ?? true : nil
        }
        return boolean("tls.verification", verification)
    }

    /// A time without a zone is in UTC, and a date alone its end.
    mutating func expiry(_ value: JSON) -> Instant? {
        do {
            let end = try TimeText(value, of: "expiresAt", like: "2030-12-31T22:00:00Z").end
            guard end > context.now else {
                return fault(.outOfBounds, "expiresAt", "expiresAt takes a time in the future")
            }
            return end
        } catch {
            return fault(error.code, "expiresAt", error.sentence)
        }
    }

    mutating func retries(_ value: JSON) -> [Duration]? {
        guard let items = value.items, TermsBounds.delays.contains(items.count) else {
            return fault(
                .outOfBounds, "retries",
                #"retries takes "default", or a list of 1 to \#(TermsBounds.delays.upperBound) delays in seconds"#)
        }
        let delays = items.compactMap(\.integer).filter { TermsBounds.delay.contains($0) }
        guard delays.count == items.count else {
            return fault(
                .outOfBounds, "retries", "a delay takes whole seconds from 0 to \(TermsBounds.delay.upperBound)")
        }
        return delays.map { .seconds($0) }
    }

    mutating func promise(_ value: JSON, _ dialect: (any Dialect)?) -> Promise? {
        let offered = Promise.allCases.filter { dialect?.defaults.promises.contains($0) ?? true }
        guard let promise = value.text.flatMap({ Promise(rawValue: $0) }), offered.contains(promise) else {
            let words = offered.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
            return fault(.outOfBounds, "promise", "promise takes \(words) in this dialect")
        }
        return promise
    }

    mutating func boolean(_ field: String, _ value: JSON) -> Bool? {
        guard let flag = value.bool else { return wrongType(field, "true or false", value) }
        return flag
    }

    mutating func integer(_ field: String, _ value: JSON, in range: ClosedRange<Int64>) -> Int64? {
        guard let number = value.integer, range.contains(number) else {
            return fault(
                .outOfBounds, field, "\(field) takes a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private mutating func texts(_ field: String, _ value: JSON) -> [String]? {
        guard let items = value.items else { return wrongType(field, "a list of texts", value) }
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
}

extension JSONObject {
    /// This object with a change put into it (RFC 7396): members are merged at every depth, `null` takes one out.
    fileprivate func merged(with change: JSONObject) -> JSONObject {
        var merged = self
        for member in change.members {
            switch member.value {
            case .object(let inner):
                merged[member.key] = .object((merged[member.key]?.object ?? JSONObject()).merged(with: inner))
            case .null:
                merged[member.key] = nil
            case .bool, .number, .string, .array:
                merged[member.key] = member.value
            }
        }
        return merged
    }
}
