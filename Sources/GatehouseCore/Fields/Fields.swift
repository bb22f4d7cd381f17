/// Reads the fields of a body and collects every fault, so that a caller gets all of them at once.
///
/// An unknown field is a fault too: a field that is accepted and ignored would be a broken promise.
package struct Fields {
    /// The length of a name, in characters.
    package static let nameLength = 1...200
    /// The integers from 0 on that every JSON reader keeps exact.
    package static let numbers: ClosedRange<Int64> = 0...9_007_199_254_740_991
    /// The allowed rate limits, in requests a minute.
    package static let rates: ClosedRange<Int64> = 1...60_000

    /// The faults so far.
    package private(set) var faults = ValidationErrors()
    private let object: JSONObject

    /// Takes a body whose unknown fields are refused later, or elsewhere.
    package init(_ object: JSONObject) {
        self.object = object
    }

    /// Takes a body.
    package init(_ object: JSONObject, known: [String]) {
        self.object = object
        for member in object.members where !known.contains(member.key) {
            faults.append(ValidationError(.unknownField, field: member.key, Self.unknown(member.key, among: known)))
        }
    }

    /// The sentence about an unknown field.
    package static func unknown(_ field: String, among known: [String]) -> String {
        guard !known.isEmpty else { return "this field is not known here: no field is, so leave it out" }
        let hint = Nearest.hint(for: field, among: known)
        return "this field is not known here; known: \(known.joined(separator: ", "))\(hint)"
    }

    /// Adds a fault that the route found.
    package mutating func refuse(_ fault: @autoclosure () -> ValidationError) { faults.append(fault()) }

    /// Adds the faults of another reader.
    package mutating func refuse(_ others: ValidationErrors) { faults.append(contentsOf: others) }

    /// Counts faults that are not reported one by one.
    package mutating func countUntold(_ count: Int) { faults.countUntold(count) }

    /// Throws the collected faults, if there are any.
    package func check() throws(ValidationErrors) {
        try faults.check()
    }

    /// Whether the body has an optional field, also with `null`, which removes it.
    package func names(_ field: String) -> Bool { object[field] != nil }

    /// Required text of 1 to 200 characters without control characters. Empty if it is at fault.
    package mutating func name(_ field: String) -> String {
        guard let text = text(field, required: true) else { return "" }
        let isPrintable = !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        // Scalars and not grapheme clusters, which may have any number of bytes.
        guard Self.nameLength.contains(text.unicodeScalars.count), isPrintable else {
            faults.append(
                ValidationError(.outOfBounds, field: field, "\(field) has 1 to 200 characters, none of them control"))
            return ""
        }
        return text
    }

    /// An identifier that callers may choose; nil if it is missing or at fault.
    package mutating func identifier(_ field: String, required: Bool = false) -> String? {
        guard let text = text(field, required: required) else { return nil }
        guard IdentifierRule.allows(text) else {
            faults.append(ValidationError(.outOfBounds, field: field, "\(field) has \(IdentifierRule.sentence)"))
            return nil
        }
        return text
    }

    /// The IANA name of a time zone; nil if it is missing or at fault.
    package mutating func timeZone(_ field: String, in zones: any TimeZones) -> String? {
        guard let text = text(field, required: false) else { return nil }
        guard zones.isKnown(text) else {
            faults.append(
                ValidationError(
                    .outOfBounds, field: field, "\(field) is an IANA name such as America/Sao_Paulo, or UTC"))
            return nil
        }
        return text
    }

    /// An integer from 0 to 2^53 - 1.
    package mutating func number(_ field: String, required: Bool) -> Int64? {
        guard let value = value(field, required: required) else { return nil }
        guard case .number(let number) = value else { return wrongType(field, "a whole number", value) }
        guard let integer = number.integer, Self.numbers.contains(integer) else {
            faults.append(
                ValidationError(.outOfBounds, field: field, "\(field) is a whole number from 0 to 9007199254740991"))
            return nil
        }
        return integer
    }

    /// The maximum number of requests a minute; nil for no limit, or if it is at fault.
    package mutating func rate(_ field: String) -> Int? {
        guard let rate = number(field, required: false) else { return nil }
        guard Self.rates.contains(rate) else {
            refuse(
                ValidationError(
                    .outOfBounds, field: field, "\(field) is 1 to 60000 requests a minute, or null for any number"))
            return nil
        }
        return Int(rate)
    }

    /// A future instant, for a date alone its beginning; nil if it is missing or at fault.
    package mutating func future(_ field: String, after now: Instant) -> Instant? {
        time(field, required: false).flatMap { still(field, $0.time.instant, after: now) }
    }

    /// A future end, for a date alone its last microsecond; nil if it is missing or at fault.
    package mutating func end(_ field: String, after now: Instant) -> Instant? {
        time(field, required: false).flatMap { still(field, $0.end, after: now) }
    }

    private mutating func still(_ field: String, _ instant: Instant, after now: Instant) -> Instant? {
        if instant > now { return instant }
        refuse(ValidationError(.outOfBounds, field: field, "\(field) takes a time in the future, or null"))
        return nil
    }

    /// An instant, for a date alone its beginning; nil if it is missing or at fault.
    package mutating func instant(_ field: String, required: Bool = false) -> Instant? {
        time(field, required: required)?.time.instant
    }

    /// The end of a span of time, for a date alone the end of that day; nil if it is missing or at fault.
    package mutating func spanEnd(_ field: String) -> Instant? { time(field, required: false)?.spanEnd }

    private mutating func time(_ field: String, required: Bool) -> TimeText? {
        guard let value = value(field, required: required) else { return nil }
        do {
            return try TimeText(value, of: field, like: "2030-12-31T22:00:00Z")
        } catch {
            refuse(error)
            return nil
        }
    }

    /// Globs over kinds; each one matches a kind. Nil if they are missing or at fault.
    package mutating func globs(_ field: String) -> [String]? {
        guard let items = array(field) else { return nil }
        guard (1...100).contains(items.count) else {
            refuse(
                ValidationError(
                    .outOfBounds, field: field, "\(field) has 1 to 100 globs, or is left out for every kind"))
            return nil
        }
        return items.compactMap { item in
            guard let glob = item.text else { return wrongType(field, "an array of strings", item) }
            if let fault = ValidationError(ofGlob: glob, field: field) { refuse(fault) }
            return glob
        }
    }

    /// The privacy level of a reader; nil if it is missing or at fault.
    package mutating func privacyLevel(_ field: String) -> PrivacyLevel? {
        guard let number = number(field, required: false) else { return nil }
        guard let level = PrivacyLevel(rawValue: Int(number)) else {
            refuse(ValidationError(.outOfBounds, field: field, "\(field) is 0, 1 or 2"))
            return nil
        }
        return level
    }

    /// A boolean; nil if it is missing or at fault.
    package mutating func flag(_ field: String) -> Bool? {
        guard let value = value(field, required: false) else { return nil }
        guard let flag = value.bool else { return wrongType(field, "a boolean", value) }
        return flag
    }

    /// An object; nil if it is missing or at fault.
    package mutating func object(_ field: String) -> JSONObject? {
        guard let value = value(field, required: false) else { return nil }
        guard let object = value.object else { return wrongType(field, "an object", value) }
        return object
    }

    /// An array; nil if it is missing or at fault.
    package mutating func array(_ field: String) -> [JSON]? {
        guard let value = value(field, required: false) else { return nil }
        guard let items = value.items else { return wrongType(field, "an array", value) }
        return items
    }

    /// An e-mail address, as far as a gateway can check one. Empty if it is at fault.
    package mutating func email(_ field: String) -> String {
        guard let text = text(field, required: true) else { return "" }
        let isPlain = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard text.utf8.count <= 320, isPlain, parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
            faults.append(ValidationError(.outOfBounds, field: field, "\(field) is an address such as ana@example.com"))
            return ""
        }
        return text
    }

    /// Any text; nil if it is missing or at fault.
    package mutating func text(_ field: String, required: Bool) -> String? {
        guard let value = value(field, required: required) else { return nil }
        guard let text = value.text else { return wrongType(field, "a string", value) }
        return text
    }

    /// Null counts as an omitted field.
    private mutating func value(_ field: String, required: Bool) -> JSON? {
        if let value = object[field], value != .null { return value }
        if required { faults.append(ValidationError(.missingField, field: field, "\(field) is missing")) }
        return nil
    }

    private mutating func wrongType<Value>(_ field: String, _ wanted: String, _ value: JSON) -> Value? {
        faults.append(ValidationError(.wrongType, field: field, "\(field) is \(wanted), not \(value.sort)"))
        return nil
    }
}

extension ValidationError {
    /// The fault of a glob over kinds; nil if it matches some kind.
    package init?(ofGlob glob: String, field: String) {
        guard KindGlob.expand([glob]).isEmpty else { return nil }
        let hint = Nearest.hint(for: glob, among: Catalogue.rows.lazy.map(\.name))
        self.init(.unknownKind, field: field, "there is no kind that \"\(glob)\" fits\(hint)")
    }
}
