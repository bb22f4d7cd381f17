internal import GatehouseCore

/// What has been read of a body so far.
struct SituatorDraft {
    let type: SituatorEvents.EventType
    /// The vendor's number of a passage, which is its identity.
    var identity: Int64?
    var account: Int64?
    var change: String?
    var time: TimeText?
    var labels = Event.Labels()
    /// The vendor's spelling of what we would write otherwise.
    private var original = JSONObject()
    private var blocks: [Block: JSON] = [:]

    init(_ type: SituatorEvents.EventType) {
        self.type = type
    }

    mutating func set(_ value: JSON, at name: String, of block: Block) {
        blocks.set(value, at: name, of: block)
    }

    mutating func set(_ object: JSONObject, as block: Block) {
        blocks[block] = .object(object)
    }

    /// Names somebody or something by its number, which is the only id that the contract has.
    mutating func name(_ subject: Numbers.Subject, _ number: Int64) {
        guard let block = Block(rawValue: subject.rawValue) else { return }
        set(.string(String(number)), at: "id", of: block)
        labels.numbers[subject] = number
    }

    /// Names the occurrence by its number, which our events have as a number too.
    mutating func nameOccurrence(_ number: Int64) {
        set(.integer(number), at: "id", of: .occurrence)
        labels.numbers[.occurrence] = number
    }

    /// Keeps what the layout does not name; of an occurrence the vendor's number for what it is, where he tells it.
    mutating func keep(_ member: JSONObject.Member) {
        if type.registration == .occurrence, member.key == "typeId", member.value.integer != nil {
            set(member.value, at: "typeId", of: .occurrence)
        } else if blocks[.details]?[member.key] == nil {
            set(member.value, at: member.key, of: .details)
        }
    }

    /// Takes a time as it is spelled. What is no time, as in the seed's own examples, and what would be written
    /// otherwise than it came, is kept as its vendor's spelling.
    mutating func tell(dateTime text: String) {
        time = try? TimeText(text)
        let written = (time?.time).map { RFC3339.localText($0.instant, offsetMinutes: $0.offsetMinutes) }
        if written != text { original["dateTime"] = .string(text) }
    }

    /// The event, with its blocks in the order of the catalogue.
    func event() -> ParsedEvent {
        var parsed = ParsedEvent(kind: kind)
        parsed.sourceID = identity.map { String($0) }
        parsed.time = time
        parsed.labels = labels
        parsed.original = original
        parsed.labels.numbers.position = identity
        parsed.labels.numbers[.account] = account
        var blocks = blocks
        if let panel = labels.panelNumber {
            blocks[.panel] = .string(String(panel))
            blocks[.door] = labels.doorNumber.map { .string("\(panel):\($0)") }
        }
        if let change { blocks[.change] = .string(change) }
        for (block, names) in Self.orders {
            guard let object = blocks[block]?.object else { continue }
            blocks[block] = .object(
                JSONObject(names.compactMap { name in object[name].map { JSONObject.Member(name, $0) } }))
        }
        if let account { blocks.set(.integer(account), at: "accountId", of: .details) }
        parsed.data = JSONObject(
            Block.allCases.compactMap { block in blocks[block].map { JSONObject.Member(block.rawValue, $0) } })
        return parsed
    }

    /// The fields of blocks that a body has in another order than our events.
    private static let orders: [(block: Block, names: [String])] = [
        (.access, ["direction", "method", "authorized", "duress"]),
        (.occurrence, ["id", "eventId", "typeId", "subtype"]),
    ]

    /// The most specific kind whose words fit.
    private var kind: Kind {
        switch type.registration {
        case .door: passage
        case .occurrence: occurrence
        case .none: registration
        }
    }

    /// The kind of the vendor's number, where that may say all that the body says.
    private var occurrence: Kind {
        let kind = SituatorOccurrence.kind(ofType: blocks[.occurrence]?["typeId"]?.integer)
        return Catalogue.row(of: kind).blocks.isSuperset(of: blocks.keys) ? kind : .occurrenceRaised
    }

    private var passage: Kind {
        let access = blocks[.access]
        if access?["duress"] == true { return .accessDuress }
        let isOfNobody = blocks[.person] == nil && blocks[.visitor] == nil
        guard access?["authorized"] == true else { return isOfNobody ? .accessUnrecognized : .accessDenied }
        let isButton = access?["method"] == "button" && access?["direction"] == "exit"
        let isBare = isOfNobody && blocks[.vehicle] == nil && blocks[.credential] == nil
        return isButton && isBare ? .doorExitRequested : .accessGranted
    }

    private var registration: Kind {
        let kinds = SituatorEvents.rows.filter { $0.type.name == type.name }.map(\.kind)
        guard type.name == "person" else { return kinds.first ?? .sourceUnmapped }
        return switch change {
        case "created": .personCreated
        case "deleted": .personDeleted
        default: .personUpdated
        }
    }
}
