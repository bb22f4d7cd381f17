package import GatehouseCore

/// Checks values against JSON Schemas (draft 2020-12), as far as our own document uses them. An unknown keyword is a
/// fault, so that nothing is ignored.
package struct SchemaChecker: Sendable {
    private let document: JSON

    /// Takes the document that references refer to.
    package init(_ document: JSON) {
        self.document = document
    }

    /// What is wrong with a value; empty if it matches. A member that the schema does not name is wrong too, unless the
    /// schema allows others.
    package func faults(in value: JSON, by schema: JSON, at path: String = "") -> [String] {
        faults(value, schema, path, closed: true)
    }

    /// The target of a reference in the document; the value itself if it is not a reference.
    package func resolved(_ value: JSON) -> JSON {
        guard let reference = value["$ref"]?.text else { return value }
        let target = reference.dropFirst(2).split(separator: "/").reduce(document as JSON?) { found, part in
            found?[String(part)]
        }
        return target.map(resolved) ?? .null
    }

    private func faults(_ value: JSON, _ schema: JSON, _ path: String, closed: Bool) -> [String] {
        guard let object = schema.object else { return ["\(path): \(schema.compact) is no schema"] }
        if let reference = object["$ref"]?.text {
            let target = resolved(schema)
            return target == .null
                ? ["\(path): \(reference) leads nowhere"] : faults(value, target, path, closed: closed)
        }
        var found = object.members.flatMap { fault(value, $0, path) }
        if case .object(let members) = value {
            found += faults(members, object, path)
            if closed { found += strangers(in: members, schema, path) }
        }
        if case .array(let items) = value, let item = object["items"] {
            found += items.enumerated().flatMap { faults($1, item, "\(path)[\($0)]", closed: true) }
        }
        return found
    }

    // MARK: Keywords

    private func fault(_ value: JSON, _ keyword: JSONObject.Member, _ path: String) -> [String] {
        guard let isRight = holds(value, keyword.key, keyword.value, path) else {
            return ["\(path): the keyword \(keyword.key) is not known to the checker"]
        }
        return isRight ? [] : ["\(path): \(value.compact) is not \(keyword.key) \(keyword.value.compact)"]
    }

    /// Nil for an unknown keyword.
    private func holds(_ value: JSON, _ keyword: String, _ bound: JSON, _ path: String) -> Bool? {
        switch keyword {
        case "description", "default", "properties", "required", "items", "additionalProperties": true
        case "type": (bound.items ?? [bound]).contains { $0.text == sort(of: value) || isNumber(value, $0) }
        case "enum": bound.items?.contains(value) ?? false
        case "const": bound == value
        case "minimum": value.integer.map { $0 >= bound.integer ?? .min } ?? true
        case "maximum": value.integer.map { $0 <= bound.integer ?? .max } ?? true
        case "minLength": value.text.map { $0.unicodeScalars.count >= bound.integer ?? 0 } ?? true
        case "maxLength": value.text.map { $0.unicodeScalars.count <= bound.integer ?? 0 } ?? true
        case "minItems": value.items.map { $0.count >= bound.integer ?? 0 } ?? true
        case "maxItems": value.items.map { $0.count <= bound.integer ?? 0 } ?? true
        case "maxProperties": value.object.map { $0.members.count <= bound.integer ?? 0 } ?? true
        case "pattern": value.text.map { matches($0, bound.text ?? "") } ?? true
        case "format": value.text.map { isOf($0, format: bound.text ?? "") } ?? true
        case "anyOf": bound.items?.contains { faults(value, $0, path, closed: true).isEmpty } ?? false
        case "allOf": bound.items?.allSatisfy { faults(value, $0, path, closed: false).isEmpty } ?? false
        default: nil
        }
    }

    private func sort(of value: JSON) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    private func isNumber(_ value: JSON, _ type: JSON) -> Bool { type == "integer" && value.integer != nil }

    private func matches(_ text: String, _ pattern: String) -> Bool {
        guard let expression = try? Regex(pattern).matchingSemantics(.unicodeScalar) else { return false }
        return text.firstMatch(of: expression) != nil
    }

    private func isOf(_ text: String, format: String) -> Bool {
        switch format {
        case "date-time": EventTime(text)?.text == text
        case "uuid": EventID(text) != nil
        default: false
        }
    }

    // MARK: Objects

    private func faults(_ members: JSONObject, _ schema: JSONObject, _ path: String) -> [String] {
        let missing = (schema["required"]?.items ?? []).compactMap(\.text).filter { members[$0] == nil }
        let rest = schema["additionalProperties"] ?? [:]
        let wrong = members.members.flatMap { member -> [String] in
            let inner = "\(path).\(member.key)"
            if let known = schema["properties"]?[member.key] { return faults(member.value, known, inner, closed: true) }
            if rest == true { return [] }
            if rest == false { return ["\(inner) is not known"] }
            return faults(member.value, rest, inner, closed: true)
        }
        return missing.map { "\(path): \($0) is missing" } + wrong
    }

    /// Members that no part of a schema names. An object without a description may have any.
    private func strangers(in members: JSONObject, _ schema: JSON, _ path: String) -> [String] {
        guard let known = names(in: schema) else { return [] }
        return members.members.map(\.key).filter { !known.contains($0) }.map { "\(path).\($0) is not described" }
    }

    /// Nil if any name is allowed.
    private func names(in schema: JSON) -> Set<String>? {
        let schema = resolved(schema)
        guard schema["additionalProperties"] == nil, schema["anyOf"] == nil else { return nil }
        var known = schema["properties"]?.object.map { Set($0.members.map(\.key)) }
        if known?.isEmpty ?? false { known = nil }
        for part in schema["allOf"]?.items ?? [] {
            guard let names = names(in: part) else { continue }
            known = (known ?? []).union(names)
        }
        return known
    }
}
