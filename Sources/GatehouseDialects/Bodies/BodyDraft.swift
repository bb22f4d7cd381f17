internal import GatehouseCore

/// The event that is being read from a body.
struct BodyDraft: Sendable {
    /// The vendor's name of the event.
    let name: String
    var kind: Kind
    var sourceID: String?
    var time: TimeText?
    var labels = Event.Labels()
    /// The vendor's spellings that differ from ours.
    var original = JSONObject()
    private var blocks: [Block: JSON] = [:]

    init(_ kind: Kind, named name: String) {
        self.kind = kind
        self.name = name
    }

    subscript(block: Block) -> JSON? {
        get { blocks[block] }
        set { blocks[block] = newValue }
    }

    /// The blocks that have been filled.
    var filled: Set<Block> { Set(blocks.keys) }

    /// Sets the facts of a passage that follow from its kind, such as that it was authorized.
    mutating func sayKind() {
        blocks[.access] = Catalogue.passage(of: kind).map { .object($0.facts) }
    }

    /// Adds a block, if it is missing.
    mutating func begin(_ block: Block) {
        if blocks[block] == nil { blocks[block] = [:] }
    }

    mutating func set(_ value: JSON, at name: String, of block: Block) {
        blocks.set(value, at: name, of: block)
    }

    /// Sets a field of an object among the details. Both are changed in place, as blocks are.
    mutating func set(_ value: JSON, at name: String, ofDetail detail: String) {
        var details = blocks.removeValue(forKey: .details)?.object ?? JSONObject()
        var object = details[detail]?.object ?? JSONObject()
        details[detail] = .null
        object[name] = value
        details[detail] = .object(object)
        blocks[.details] = .object(details)
    }

    /// Keeps a member that no layout names as a detail, unless the detail has a value already.
    mutating func keep(_ member: JSONObject.Member) {
        guard blocks[.details]?[member.key] == nil else { return }
        set(member.value, at: member.key, of: .details)
    }

    /// Sets the id of a subject to a number, which is the only id in the contract.
    mutating func name(_ subject: Numbers.Subject, _ number: Int64) {
        guard let block = Block(rawValue: subject.rawValue) else { return }
        set(.string(String(number)), at: "id", of: block)
        labels.numbers[subject] = number
    }

    /// Takes the number of a subject that is named elsewhere. If a body has two numbers for it, the first one is kept.
    mutating func number(_ subject: Numbers.Subject, _ value: JSON?) {
        guard labels.numbers[subject] == nil else { return }
        labels.numbers[subject] = value?.integer
    }

    /// The blocks so far, in the order of the catalogue.
    var data: JSONObject {
        JSONObject(Block.allCases.compactMap { block in blocks[block].map { JSONObject.Member(block.rawValue, $0) } })
    }

    /// The event. If only the number of a door is known, the door is named by its panel and that number.
    func event() -> ParsedEvent {
        var draft = self
        if blocks[.door] == nil, let panel = blocks[.panel]?.text, let number = labels.doorNumber {
            draft[.door] = .string("\(panel):\(number)")
        }
        var parsed = ParsedEvent(kind: kind)
        parsed.sourceID = sourceID
        parsed.time = time
        parsed.original = original
        parsed.labels = labels
        parsed.data = draft.data
        return parsed
    }
}
