internal import GatehouseCore

/// What has been read of a body so far.
struct ProdataKeyDraft {
    var sourceID: String?
    var time: TimeText?
    var labels = Event.Labels()
    var panel: String?
    /// The person's number, which is the only id that the contract has for one.
    var person: Int64?
    /// The vendor's spelling of what we would write otherwise.
    private var original = JSONObject()
    private var blocks: [Block: JSON] = [:]

    /// Starts from what the topic and its kind say by themselves, such as that a passage was authorized.
    init(saying said: JSON, as kind: Kind) {
        blocks[.access] = Catalogue.passage(of: kind).map { .object($0.facts) }
        for member in said.object?.members ?? [] {
            if let block = Block(rawValue: member.key) { blocks[block] = member.value }
        }
    }

    mutating func set(_ value: JSON, at name: String, of block: Block) {
        blocks.set(value, at: name, of: block)
    }

    mutating func set(_ object: JSONObject, as block: Block) {
        blocks[block] = .object(object)
    }

    /// Keeps what no layout names, unless something that one names stands there.
    mutating func keep(_ member: JSONObject.Member) {
        guard blocks[.details]?[member.key] == nil else { return }
        set(member.value, at: member.key, of: .details)
    }

    /// Takes a time as it is spelled. The vendor's own example is no time at all; that, and what would be written
    /// otherwise than it came, is kept as its vendor's spelling.
    mutating func tell(timestamp text: String) {
        time = try? TimeText(text)
        let written = time.map { RFC3339.secondsText($0.time.instant) }
        if written != text { original["timestamp"] = .string(text) }
    }

    /// The event, with its blocks in the order of the catalogue.
    func event(_ kind: Kind) -> ParsedEvent {
        var parsed = ParsedEvent(kind: kind)
        parsed.sourceID = sourceID
        parsed.time = time
        parsed.original = original
        parsed.labels = labels
        var blocks = blocks
        blocks[.panel] = panel.map { .string($0) }
        if let panel, let number = labels.doorNumber { blocks[.door] = .string("\(panel):\(number)") }
        if let person {
            blocks[.person] = ["id": .string(String(person))]
            parsed.labels.numbers[.person] = person
        }
        parsed.data = JSONObject(
            Block.allCases.compactMap { block in blocks[block].map { JSONObject.Member(block.rawValue, $0) } })
        return parsed
    }
}
