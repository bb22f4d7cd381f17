internal import GatehouseControl
package import GatehouseCore
internal import Hummingbird

/// `/v1/kinds`: the catalogue, with each dialect's names of each kind.
package struct Kinds: Sendable {
    let dialects: DialectTable

    func list(_ call: Call) async throws -> Response {
        Response(.ok, json: Self.page(of: dialects))
    }

    /// The whole catalogue as the API answers it, in the order of the table. It needs no running gateway.
    package static func page(of dialects: DialectTable) -> JSON {
        ["items": .array(Catalogue.rows.map { json(of: $0, dialects) }), "next": nil]
    }

    private static func json(of row: Catalogue.Row, _ dialects: DialectTable) -> JSON {
        let blocks = Block.allCases.filter(row.blocks.contains).map { JSON.string($0.rawValue) }
        let entries = dialects.dialects.map { dialect in
            JSONObject.Member(dialect.name.text, json(of: dialect.vocabulary.entries[row.kind]))
        }
        return [
            "kind": .string(row.name), "lane": .string(row.lane.name), "blocks": .array(blocks),
            "toldBy": .string(row.teller.rawValue), "meaning": .string(row.meaning),
            "dialects": .object(JSONObject(entries)),
        ]
    }

    private static func json(of entry: Vocabulary.Entry?) -> JSON {
        switch entry {
        case .named(let names): ["names": .array(names.map { .string($0.text) })]
        case .silent(let reason): ["names": [], "reason": .string(reason)]
        case nil: ["names": [], "reason": "the dialect does not mention it"]
        }
    }
}
