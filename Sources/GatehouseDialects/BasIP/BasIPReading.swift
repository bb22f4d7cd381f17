internal import GatehouseCore

/// Reads a body of the contract, whoever wrote it: a panel, or we.
struct BasIPReading {
    private let row: BasIPEvents.Row
    private var blocks: [Block: JSON] = [:]
    private var labels = Event.Labels()
    /// The vendor's own words where ours would be others.
    private var original = JSONObject()

    /// - Throws: ``ValidationError/Code/malformed`` where it is no JSON object, ``ValidationError/Code/unknownKind``
    ///   for an unknown name,
    ///   else the first field that is missing or of another type.
    static func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        let object = try ParsedEvent.object(in: body)
        let name = try PayloadValue("event_type", of: object).text()
        guard let row = BasIPEvents.row(named: name) else {
            let hint = Nearest.hint(for: name, among: BasIPEvents.rows.lazy.map(\.name))
            throw ValidationError(.unknownKind, field: "event_type", "BAS-IP has no event_type \"\(name)\"\(hint)")
        }
        let data = try PayloadValue("data", of: object).object()
        let time = try PayloadValue("created_at", of: object).milliseconds()
        let number = try PayloadValue("event_id", of: object).integer()
        var reading = BasIPReading(row)
        let isTest = .object(data) == BasIPPayload.testData
        if !isTest {
            try reading.read(data)
            for member in object.members where !known.contains(member.key) { reading.keep(member) }
        }
        var parsed = ParsedEvent(kind: isTest ? .gatewayTest : row.kind)
        parsed.data = isTest ? BasIPPayload.testEvent(named: name) : reading.data
        parsed.sourceID = String(number)
        parsed.time = TimeText(time)
        parsed.original = reading.original
        parsed.labels = reading.labels
        parsed.labels.numbers.position = number
        return parsed
    }

    private static let known = ["data", "created_at", "event_id", "event_type"]

    private init(_ row: BasIPEvents.Row) {
        self.row = row
    }

    // MARK: What the name says

    private mutating func readName() {
        blocks[.access] = Catalogue.passage(of: row.kind).map { .object($0.facts) }
        switch row.mark {
        case .reason(let word): set(.string(word), at: "reason", of: .access)
        case .means(let form): set(.string(form.rawValue), at: "form", of: .credential)
        case .grant(let grant): set(.string(grant.rawValue), at: "grantedBy", of: .access)
        case .channel(let word): set(.string(word), at: "channel", of: .details)
        case .none: readRest()
        }
    }

    /// What a name says that is what is left of its kind.
    private mutating func readRest() {
        switch row.kind {
        case .accessGranted: set("identifier", at: "grantedBy", of: .access)
        case .loginFailed, .loginSucceeded: set("api", at: "channel", of: .details)
        default: break
        }
    }

    // MARK: What the entry says

    private static let fields = [
        "lock", "number", "owner", "type", "apartment_address", "category", "priority", "text",
    ]

    private mutating func read(_ data: JSONObject) throws(ValidationError) {
        readName()
        if let lock = data["lock"] {
            let number = try PayloadValue(lock, at: "data.lock").integer()
            labels.doorNumber = number == 0 ? nil : number
        }
        try readSomebody(data)
        for (name, words) in [("category", BasIPWord.categories), ("priority", BasIPWord.priorities)] {
            guard let value = data[name] else { continue }
            let word = try PayloadValue(value, at: "data.\(name)").text()
            if words.contains(word) {
                set(.string(word), at: name, of: .details)
            } else {
                original[name] = .string(word)
            }
        }
        try readType(data)
        for member in data.members where !Self.fields.contains(member.key) { keep(member) }
        try readText(data)
    }

    /// Who it was, and by what; where the kind has no place for it, it is a detail.
    private mutating func readSomebody(_ data: JSONObject) throws(ValidationError) {
        let mayHave = Catalogue.row(of: row.kind).blocks
        if let number = data["number"], number != "" {
            guard number.text != nil || number.integer != nil else {
                throw ValidationError(.wrongType, field: "data.number", "data.number takes text, not \(number.sort)")
            }
            set(number, at: "number", of: mayHave.contains(.credential) ? .credential : .details)
        }
        let block: Block = mayHave.contains(.person) ? .person : .details
        for (key, name) in [
            ("owner", block == .person ? "name" : "owner"), ("apartment_address", "apartment"),
        ] {
            guard let value = data[key] else { continue }
            let text = try PayloadValue(value, at: "data.\(key)").text()
            if !text.isEmpty { set(.string(text), at: name, of: block) }
        }
    }

    /// A word for the identifier that would lead to another name, or that we do not have, is kept as the vendor's own.
    private mutating func readType(_ data: JSONObject) throws(ValidationError) {
        guard let value = data["type"] else { return }
        let type = try PayloadValue(value, at: "data.type").text()
        let before = blocks[.credential]
        if before?["form"] == nil, Catalogue.row(of: row.kind).blocks.contains(.credential),
            let form = BasIPWord.form(ofType: type)
        {
            set(.string(form.rawValue), at: "form", of: .credential)
            if BasIPEvents.row(of: row.kind, saying: self.data)?.name != row.name { blocks[.credential] = before }
        }
        let told = BasIPWord.type(of: AccessMeans(of: row.kind, saying: self.data).method)
        if told != type { original["type"] = .string(type) }
    }

    /// A text that we would not have composed is kept too; it is not said again.
    private mutating func readText(_ data: JSONObject) throws(ValidationError) {
        guard let value = data["text"] else { return }
        let text = try PayloadValue(value, at: "data.text").text()
        var parts = Event.Parts(
            id: EventID(high: 0, low: 0), kind: row.kind, organization: OrganizationID(""),
            received: Instant(microseconds: 0))
        parts.data = self.data
        parts.labels = labels
        parts.original = original
        if !BasIPLog(Event(parts), as: row, at: .everything).text.hasBytes(of: text) {
            set(.string(text), at: "text", of: .details)
        }
    }

    /// Keeps what the contract does not name, unless something that it names stands there.
    private mutating func keep(_ member: JSONObject.Member) {
        guard blocks[.details]?[member.key] == nil else { return }
        set(member.value, at: member.key, of: .details)
    }

    private mutating func set(_ value: JSON, at name: String, of block: Block) {
        blocks.set(value, at: name, of: block)
    }

    /// The blocks in the order of the catalogue.
    private var data: JSONObject {
        JSONObject(
            Block.allCases.compactMap { block in blocks[block].map { JSONObject.Member(block.rawValue, $0) } })
    }
}
