/// A JSON Schema as OpenAPI 3.1 has it (draft 2020-12), in the few words that our document needs.
package struct Schema: Hashable, Sendable {
    /// The schema as it is written.
    package private(set) var object: JSONObject

    /// The same as a value.
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

// MARK: What a value may be

extension Schema {
    package static let boolean = Schema(["type": "boolean"])
    package static let number = Schema(["type": "number"])
    /// An object of which nothing else is said.
    package static let free = Schema(["type": "object"])
    /// Any value at all.
    package static let anything = Schema([:])
    /// Any whole number that 64 bits hold.
    package static let int64 = Schema.integer(.min ... .max).with("format", "int64")

    /// A whole number.
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

    /// Text of so many characters at least.
    package static func text(_ length: PartialRangeFrom<Int>) -> Schema {
        Schema(["type": "string", "minLength": .integer(length.lowerBound)])
    }

    /// One of these words.
    package static func word(_ words: [String]) -> Schema {
        Schema(["type": "string", "enum": .array(words.map { .string($0) })])
    }

    /// Just this value.
    package static func always(_ value: JSON) -> Schema { Schema(["const": value]) }

    /// A list.
    package static func list(of item: Schema, _ count: ClosedRange<Int>? = nil) -> Schema {
        Schema(["type": "array", "items": item.json]).with("minItems", count.map { .integer($0.lowerBound) })
            .with("maxItems", count.map { .integer($0.upperBound) })
    }

    /// An object that has values of one sort by names that are not ours.
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
    package static func page(of name: String) -> Schema {
        .record([
            .must("items", .list(of: .ref(name)), "In the order of the list."),
            .must("next", Schema.text().orNull, "The `cursor` of the next page; null where this is the last."),
        ])
    }

    /// An object that the gateway answers. Fields may be added to it, so that a reader passes over what it does not
    /// know.
    package static func record(_ fields: [Property]) -> Schema {
        let members = fields.map { JSONObject.Member($0.name, $0.schema.json) }
        let required = fields.filter(\.isRequired).map { JSON.string($0.name) }
        return Schema(["type": "object"]).with("required", required.isEmpty ? nil : .array(required))
            .with("properties", .object(JSONObject(members)))
    }

    /// An object that the gateway takes: a field that it does not know is refused.
    package static func draft(_ fields: [Property]) -> Schema {
        record(fields).with("additionalProperties", false)
    }

    /// An object that has these fields, where others may stand beside them as they come.
    package static func open(_ fields: [Property]) -> Schema {
        record(fields).with("additionalProperties", true)
    }

    /// The same object, beside whose fields others of one sort may stand by names that are not ours.
    package func beside(_ others: Schema) -> Schema { with("additionalProperties", others.json) }

    /// What a change may say: each field may be left out, and stays then as it is.
    package static func change(_ fields: [Property]) -> Schema {
        draft(fields.map(\.leftOut))
    }
}

// MARK: What else is said of it

extension Schema {
    /// The same, or null.
    package var orNull: Schema {
        guard let type = object["type"]?.text else { return .any(of: [self, Schema(["type": "null"])]) }
        let words = object["enum"]?.items.map { JSON.array($0 + [.null]) }
        return with("type", .array([.string(type), "null"])).with("enum", words)
    }

    /// The same with words for people.
    package func saying(_ sentence: String) -> Schema {
        sentence.isEmpty ? self : with("description", .string(sentence))
    }

    /// The same with what holds where nothing is said.
    package func byDefault(_ value: JSON) -> Schema { with("default", value) }
}
