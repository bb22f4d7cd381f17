/// A JSON Schema by OpenAPI 3.1 (draft 2020-12), limited to the keywords that our document needs.
package struct Schema: Hashable, Sendable {
    /// The schema as JSON.
    package private(set) var object: JSONObject

    /// The schema as a JSON value.
    package var json: JSON { .object(object) }

    fileprivate init(_ json: JSON) {
        self.object = json.object ?? JSONObject()
    }

    private func with(_ key: String, _ value: JSON?) -> Schema {
        var schema = self
        schema.object[key] = value
        return schema
    }
}

// MARK: Types

extension Schema {
    /// True or false.
    package static let boolean = Schema(["type": "boolean"])
    /// Any number, also a fraction.
    package static let number = Schema(["type": "number"])
    /// Any object.
    package static let free = Schema(["type": "object"])
    /// Any value.
    package static let anything = Schema([:])
    /// Any 64-bit integer.
    package static let int64 = Schema.integer(.min ... .max).with("format", "int64")

    /// An integer.
    package static func integer(_ range: ClosedRange<Int64>) -> Schema {
        Schema(["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)])
    }

    /// Text; lengths are in characters.
    package static func text(
        _ length: ClosedRange<Int>? = nil, pattern: String? = nil, format: String? = nil
    ) -> Schema {
        Schema(["type": "string"]).with("minLength", length.map { .integer($0.lowerBound) })
            .with("maxLength", length.map { .integer($0.upperBound) })
            .with("pattern", pattern.map { .string($0) }).with("format", format.map { .string($0) })
    }

    /// Text with a minimum length in characters.
    package static func text(_ length: PartialRangeFrom<Int>) -> Schema {
        Schema(["type": "string", "minLength": .integer(length.lowerBound)])
    }

    /// One of these words.
    package static func word(_ words: [String]) -> Schema {
        Schema(["type": "string", "enum": .array(words.map { .string($0) })])
    }

    /// A constant.
    package static func always(_ value: JSON) -> Schema { Schema(["const": value]) }

    /// A list.
    package static func list(of item: Schema, _ count: ClosedRange<Int>? = nil) -> Schema {
        Schema(["type": "array", "items": item.json]).with("minItems", count.map { .integer($0.lowerBound) })
            .with("maxItems", count.map { .integer($0.upperBound) })
    }

    /// An object with values of one sort under any names.
    package static func map(of value: Schema, most: Int? = nil) -> Schema {
        Schema(["type": "object", "additionalProperties": value.json])
            .with("maxProperties", most.map { .integer($0) })
    }

    /// A schema of the document, by its name.
    package static func ref(_ name: String) -> Schema { Schema(["$ref": .string("#/components/schemas/\(name)")]) }

    /// A value that fits one of several schemas.
    package static func any(of schemas: [Schema]) -> Schema { Schema(["anyOf": .array(schemas.map(\.json))]) }

    /// A value that fits all of several schemas.
    package static func all(of schemas: [Schema]) -> Schema { Schema(["allOf": .array(schemas.map(\.json))]) }

    /// One page of a list.
    package static func page(of name: String, _ more: [Property] = []) -> Schema {
        let fields: [Property] = [
            .must("items", .list(of: .ref(name)), "In the order of the list."),
            .must("next", Schema.text().orNull, "The `cursor` of the next page; null where this is the last."),
        ]
        return .record(fields + more)
    }

    /// An object in an answer. Fields may be added to it later, so a reader must ignore unknown ones.
    package static func record(_ fields: [Property]) -> Schema {
        let members = fields.map { JSONObject.Member($0.name, $0.schema.json) }
        let required = fields.filter(\.isRequired).map { JSON.string($0.name) }
        return Schema(["type": "object"]).with("required", required.isEmpty ? nil : .array(required))
            .with("properties", .object(JSONObject(members)))
    }

    /// An object in a body: an unknown field is refused.
    package static func draft(_ fields: [Property]) -> Schema {
        record(fields).with("additionalProperties", false)
    }

    /// An object with these fields and any others.
    package static func open(_ fields: [Property]) -> Schema {
        record(fields).with("additionalProperties", true)
    }

    /// The object, with further fields of one sort under any names.
    package func beside(_ others: Schema) -> Schema { with("additionalProperties", others.json) }

    /// The body of a change: each field may be omitted, and then keeps its value.
    package static func change(_ fields: [Property]) -> Schema {
        draft(fields.map(\.leftOut))
    }
}

// MARK: Modifiers

extension Schema {
    /// The schema, or null.
    package var orNull: Schema {
        guard let type = object["type"]?.text else { return .any(of: [self, Schema(["type": "null"])]) }
        let words = object["enum"]?.items.map { JSON.array($0 + [.null]) }
        return with("type", .array([.string(type), "null"])).with("enum", words)
    }

    /// The schema with a description.
    package func saying(_ sentence: String) -> Schema {
        sentence.isEmpty ? self : with("description", .string(sentence))
    }

    /// The schema with a default.
    package func byDefault(_ value: JSON) -> Schema { with("default", value) }
}
