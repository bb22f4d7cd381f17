internal import GatehouseCore

/// The body of a ProdataKey delivery, written and read by the layout of its topic. Withheld and unknown values are
/// absent.
enum ProdataKeyPayload {
    /// Writes the body of an event at a level, under the topic of the row, or else of its kind; empty if the contract
    /// has no topic for it.
    static func body(of event: Event, at level: PrivacyLevel, as row: ProdataKeyEvents.Row? = nil) -> [UInt8] {
        guard let row = row ?? ProdataKeyEvents.table.row(of: event.kind) else { return [] }
        return JSON.object(row.layout.object(BodyView(event, as: row.name, at: level))).bytes
    }

    /// Reads a body from the vendor or from us.
    ///
    /// - Throws: ``ValidationError/Code/malformed`` if it is not a JSON object, ``ValidationError/Code/unknownKind``
    ///   for an unknown topic, else the first field that is missing or of another type.
    static func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        let object = try ParsedEvent.object(in: body)
        let row = try ProdataKeyEvents.table.row(under: "topic", of: object)
        var draft = BodyDraft(row.kind, named: row.name)
        draft.sayKind()
        for member in row.said.object?.members ?? [] {
            if let block = Block(rawValue: member.key) { draft[block] = member.value }
        }
        try row.layout.read(object, into: &draft)
        return draft.event()
    }
}

// MARK: Values of several topics, by their keys

extension ProdataKeyPayload {
    static let topic = BodyMember.field("topic", .name, .always)
    static let id = BodyMember.field("id", .identity, .always)
    static let panelId = BodyMember.field("panelId", .panel, .always)
    static let doorId = BodyMember.field("doorId", .doorNumber, .always)
    static let personId = BodyMember.field("personId", .number(.person))
    static let occurred = BodyMember.field("occurred", .milliseconds, .always)
    static let doorName = BodyMember.field("doorName", .doorName)
    static let requestFactor = BodyMember.field("requestFactor", .field(.access, "factor", .text), or: factor)
    /// The time of a change, which the contract has in addition to the time of the message.
    static let made = detail("occurred", or: .milliseconds)
    static let user = block(.user, ["id", "firstName", "lastName"])
    static let clientInfo = block(.clientInfo, ["ipAddress", "userAgent"])
    /// All other details, with the types of the contract's examples.
    static let otherDetails = BodyMember.otherDetails { ProdataKeyDetail.sort(of: $0) }

    /// A detail, which is read with any type.
    static func detail(_ name: String, or fallback: BodyFallback? = nil) -> BodyMember {
        .field(name, .detail(name, ProdataKeyDetail.sort(of: name)), or: fallback)
    }

    /// A field of a block, under its name in the block.
    static func field(
        _ name: String, of block: Block, _ sort: BodySort, or fallback: BodyFallback? = nil
    ) -> BodyMember {
        .field(name, .field(block, name, sort), or: fallback)
    }

    /// A block of the event, written if the event has it, with the fields that the contract names.
    private static func block(_ block: Block, _ names: [String]) -> BodyMember {
        let fields = names.map { BodyMember.field($0, .field(block, $0, .free)) }
        let layout = BodyLayout(fields, others: .fields, block: block)
        return .optional(block.rawValue, layout, mayBeNull: false) { view in
            view.data[block.rawValue] != nil
        }
    }

    /// The vendor's word for the access method; the contract has words for three of our methods.
    private static let factor = BodyFallback { view in
        switch view.event.means.method {
        case .card: "CARD_ONLY"
        case .password: "PIN_ONLY"
        case .cardPassword: "CARD_AND_PIN"
        case .none, .fingerprint, .control, .qr, .virtualKey, .remote, .button, .face, .fingerprintCard,
            .cardFingerprintPassword, .fingerprintPassword, .passiveTag, .licencePlate, .other:
            nil
        }
    }
}
