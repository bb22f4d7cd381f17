internal import GatehouseCore

/// The blocks of an event's data, from the table of the catalogue.
enum BlockSchemas {
    /// `EventData`, and one schema for each block that is an object.
    static let all: [(String, Schema)] = [("EventData", data)] + Block.allCases.compactMap(component)

    private static let data = Schema.draft(Block.allCases.map { .mayNull($0.rawValue, schema(of: $0)) })
        .saying(
            "What the event says, in blocks. `GET /v1/kinds` says which a kind may carry; one that stands where "
                + "it may not is refused, and null says the same as leaving it out; the gateway answers no null. Where "
                + "`door` stands without `panel`, the gateway fills in the door's panel.")

    private static func name(_ block: Block) -> String {
        block.rawValue.prefix(1).uppercased() + block.rawValue.dropFirst() + "Block"
    }

    private static func schema(of block: Block) -> Schema {
        switch BlockTable.shape(of: block) {
        case .identifier: .id
        case .word(let words): .word(words)
        case .fields, .open: .ref(name(block))
        }
    }

    private static func component(_ block: Block) -> (String, Schema)? {
        switch BlockTable.shape(of: block) {
        case .identifier, .word: nil
        case .fields(let rules): (name(block), .draft(rules.map(field)))
        case .open(let rules): (name(block), .open(rules.map(field)))
        }
    }

    private static func field(_ rule: FieldRule) -> Property {
        if case .free = rule.content { return .may(rule.name, .anything) }
        return .mayNull(rule.name, schema(of: rule.content))
    }

    private static func schema(of content: FieldRule.Content) -> Schema {
        switch content {
        case .text(let longest): .text(0...longest)
        case .integer: .int64
        case .number: .number
        case .boolean: .boolean
        case .code: .any(of: [.text(0...FieldRule.longestCode), .int64])
        case .word(let words): .word(words)
        case .free: .anything
        }
    }
}
