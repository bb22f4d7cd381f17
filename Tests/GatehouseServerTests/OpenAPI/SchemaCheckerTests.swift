import GatehouseCore
import GatehouseTesting
import Testing

/// A checker that finds nothing proves nothing: each keyword is tested with faults that it must find, and with values
/// that it must accept.
@Suite struct SchemaCheckerTests {
    private static let checker = SchemaChecker([
        "schemas": ["Door": ["type": "object", "properties": ["id": ["type": "string"]], "required": ["id"]]]
    ])

    private static let cases: [(schema: JSON, right: JSON, wrong: JSON)] = [
        (["type": "string"], "a", 1), (["type": ["string", "null"]], nil, 1), (["type": "integer"], 1, .fraction(1.5)),
        (["type": "number"], .fraction(1.5), "1.5"), (["type": "boolean"], true, "true"), (["type": "array"], [], [:]),
        (["type": "object"], ["a": 1], []), (["enum": ["a", nil]], nil, "b"), (["const": "a"], "a", "b"),
        (["minimum": 1], 1, 0), (["maximum": 1], 1, 2), (["minLength": 1], "a", ""), (["maxLength": 1], "é", "éa"),
        (["minItems": 1], [1], []), (["maxItems": 1], [1], [1, 2]), (["pattern": "^a+$"], "aa", "ab"),
        (["maxProperties": 1], ["a": 1], ["a": 1, "b": 2]),
        (["format": "date-time"], "2026-03-11T08:15:30Z", "2026-03-11"),
        (["format": "uuid"], "019cdc2f-1c2d-7abc-8def-0123456789ab", "019cdc2f"),
        (["items": ["type": "string"]], ["a"], ["a", 1]), (["required": ["a"]], ["a": 1], ["b": 1]),
        (["properties": ["a": ["type": "string"]]], ["a": "b"], ["a": 1]),
        (["properties": ["a": [:]]], ["a": 1], ["b": 1]),
        (["properties": ["a": [:]], "additionalProperties": false], ["a": 1], ["a": 1, "b": 1]),
        (["additionalProperties": ["type": "string"]], ["a": "b"], ["a": 1]),
        (["anyOf": [["type": "string"], ["type": "null"]]], nil, 1),
        (["allOf": [["type": "string"], ["minLength": 2]]], "ab", "a"),
        (["$ref": "#/schemas/Door"], ["id": "a"], ["id": 1]), (["$ref": "#/schemas/Door"], ["id": "a"], ["name": "a"]),
        (
            ["allOf": [["$ref": "#/schemas/Door"], ["properties": ["id": ["enum": ["a"]]]]]], ["id": "a"],
            ["id": "a", "name": "b"]
        ),
    ]

    @Test func everyKeywordFindsExactlyItsFaults() {
        for (schema, right, wrong) in Self.cases {
            #expect(Self.checker.faults(in: right, by: schema) == [], "\(schema.compact)")
            #expect(!Self.checker.faults(in: wrong, by: schema).isEmpty, "\(schema.compact) takes \(wrong.compact)")
        }
    }

    @Test func unknownKeywordIsAFault() {
        for schema in [["multipleOf": 2], ["$ref": "#/schemas/Window"], ["format": "email"], 1] as [JSON] {
            #expect(!Self.checker.faults(in: "a", by: schema).isEmpty, "\(schema.compact)")
        }
    }

    @Test func openObjectsAcceptUnknownMembers() {
        let open: JSON = ["properties": ["a": [:]], "additionalProperties": true]
        #expect(Self.checker.faults(in: ["b": 1], by: open) == [])
        #expect(Self.checker.faults(in: ["b": 1], by: ["type": "object"]) == [])
    }
}
