/// Fields with a known class, from our blocks and from the contracts' own examples. They are checked first, so that a
/// word which elsewhere means a credential or a person does not blank what a contract says about a device. A name is
/// known together with its sort of value: any other value goes on to the other lists.
enum KnownFields {
    /// The place of a field.
    enum Holder: Hashable, Sendable {
        /// In an open block, or in an object that only wraps it: `details.prevState`.
        case event
        /// In an object with a block's name: that block's table applies.
        case block(Block)
        /// In an object with the name of a thing: `reader`, `shift`.
        case thing(String)
        /// Anywhere else.
        case other

        /// The place of the fields of an object with that name, if the object is here.
        func inside(_ name: String) -> Holder {
            if wrappers.contains(name) { return self }
            let last = NameWords.split(name).last ?? ""
            let word = NameWords.singular(last)
            if let block = blocks[word] ?? blocks[last] { return .block(block) }
            if things.contains(word) { return .thing(word) }
            return .other
        }
    }

    /// The class of a field, if its place and name are known and its value has the known sort; otherwise nil.
    static func fieldClass(of name: String, _ value: JSON, of kind: Kind, in holder: Holder) -> FieldClass? {
        if case .block(let block) = holder {
            if let rule = BlockTable.rule(name, of: block), rule.privacy != .open || isContent(value, of: rule) {
                return rule.privacy
            }
            if block == .credential { return .credential }
        }
        guard let sort = sort(of: name, of: kind, in: holder), sort.admits(value) else { return nil }
        return .open
    }

    /// The sort of value of a name in this place; nil if the name is not known there.
    static func sort(of name: String, of kind: Kind, in holder: Holder) -> ValueSort? {
        let words = NameWords.split(name)
        if let sort = KnownNames.sort(of: words) ?? sortOfNameOrID(words) { return sort }
        return words.count == 1 ? sortOfThing(words[0], of: kind, in: holder) : nil
    }

    /// Whether a field is a block's own, or has a known name that itself says what it holds. `id` and wrapping objects
    /// say nothing: beside `"type": "card"` they hold the card.
    static func isSpecific(_ name: String, _ value: JSON, of kind: Kind, in holder: Holder) -> Bool {
        if case .block(let block) = holder, BlockTable.rule(name, of: block) != nil { return true }
        if wrappers.contains(name) || vague.contains(name.lowercased()) { return false }
        if isJudgedWithin(name, value, in: holder) { return true }
        return sort(of: name, of: kind, in: holder)?.admits(value) ?? false
    }

    /// Whether a value is what a block's table allows under a name. Fields that the table leaves free have a sort here.
    private static func isContent(_ value: JSON, of rule: FieldRule) -> Bool {
        if value == .null { return true }
        if case .free = rule.content { return free[rule.name]?.admits(value) ?? false }
        return rule.complaint(value) == nil && texts[rule.name]?.admits(value) ?? true
    }

    /// The texts of blocks that are times or words by their names. Ids are any text there.
    private static let texts: [String: ValueSort] = {
        let rules = Block.allCases.flatMap { block -> [FieldRule] in
            switch BlockTable.shape(of: block) {
            case .identifier, .word: []
            case .fields(let rules), .open(let rules): rules
            }
        }
        let sorts = rules.compactMap { rule in KnownNames.sort(of: NameWords.split(rule.name)).map { (rule.name, $0) } }
        return Dictionary(sorts.filter { [.time, .word].contains($0.1) }, uniquingKeysWith: { first, _ in first })
    }()

    /// Names that do not say which thing is named or numbered.
    private static let vague: Set<String> = ["id", "ids", "uuid", "number", "code", "address"]

    private static let free: [String: ValueSort] = [
        "parent": .identifier, "userId": .identifier, "themes": .objects, "intercoms": .objects, "shift": .objects,
        "attendance": .objects,
    ]

    /// Whether the value holds objects, and the name is that of a thing or of a block: then their own fields are
    /// judged.
    static func isJudgedWithin(_ name: String, _ value: JSON, in holder: Holder) -> Bool {
        holder.inside(name) != .other && ValueSort.holdsObjects(value)
    }

    /// `doorName`, `cardReaderId`: a name or an id, by the word before it.
    static func sortOfNameOrID(_ words: [String]) -> ValueSort? {
        guard words.count > 1, let last = words.last else { return nil }
        let before = words[words.count - 2]
        switch last {
        case "id", "ids":
            guard things.contains(before) || blocks[before] != nil || subjects.contains(before) else { return nil }
            return last == "id" ? .identifier : .identifiers
        case "uid" where things.contains(before): return .identifier
        case "name" where things.contains(before): return .name
        default: return nil
        }
    }

    /// The sort of a field that may belong to a person or a thing, if the kind is about things or the object is one;
    /// nil if it may belong to a person.
    static func sortOfThing(_ word: String, of kind: Kind, in holder: Holder) -> ValueSort? {
        switch (holder, word) {
        case (.thing, "name"): .name
        case (.thing("shift"), "code"), (.thing("shift"), "number"): .identifier
        case (.thing(let thing), "number"), (.thing(let thing), "address"), (.thing(let thing), "ip"):
            devices.contains(thing) ? .identifier : nil
        case (.event, "name"):
            ofDevices.contains(kind) || ofIntercoms.contains(kind) || ofPanels.contains(kind) ? .name : nil
        case (.event, "number"): ofDevices.contains(kind) || ofPanels.contains(kind) ? .identifier : nil
        case (.event, "address"): ofDevices.contains(kind) || ofControllers.contains(kind) ? .identifier : nil
        case (.event, "ip"):
            ofDevices.contains(kind) || ofControllers.contains(kind) || ofPanels.contains(kind) ? .identifier : nil
        default: nil
        }
    }

    /// Whether a word means a device: `card_reader` is not a card.
    static func isDevice(_ word: String) -> Bool {
        devices.contains(word) || devices.contains(NameWords.singular(word))
    }

    /// Whether it is the boolean of a door that counts attendance: under the same name a record describes a person.
    static func isOfDoor(_ name: String, _ value: JSON, of kind: Kind, in holder: Holder) -> Bool {
        guard name == "attendance", value.bool != nil else { return false }
        return holder == .thing("door") || (holder == .event && ofDevices.contains(kind))
    }

    // MARK: The names

    /// Objects that only hold other fields: these count as if they were in the outer object.
    private static let wrappers: Set<String> = ["metadata", "details", "body", "prevState", "newState"]

    /// Objects that our blocks describe, by the words for them.
    private static let blocks: [String: Block] = [
        "person": .person, "people": .person, "host": .person, "owner": .person, "holder": .person, "user": .user,
        "visitor": .visitor, "vehicle": .vehicle, "unit": .unit, "zone": .zone, "access": .access,
        "occurrence": .occurrence, "organization": .organization, "permission": .permission, "client": .clientInfo,
        "visit": .visit, "punch": .punch, "attendance": .attendance, "resource": .resource,
    ]

    private static let devices: Set<String> = [
        "panel", "door", "device", "intercom", "reader", "controller", "endpoint", "link", "elevator", "server", "gate",
    ]
    private static let things: Set<String> = devices.union([
        "rule", "group", "shift", "space", "schedule", "floor", "zone", "organization", "event", "holiday",
    ])
    /// Ids of these are also ids of things or of records.
    private static let subjects: Set<String> = ["account", "credential", "entity", "command", "subscription", "source"]

    private static let ofDevices: Set<Kind> = [.deviceCreated, .deviceUpdated, .deviceDeleted]
    private static let ofIntercoms: Set<Kind> = [.intercomCreated, .intercomUpdated, .intercomDeleted]
    private static let ofPanels: Set<Kind> = [
        .panelCreated, .panelUpdated, .panelDeleted, .panelConnected, .panelDisconnected,
    ]
    private static let ofControllers: Set<Kind> = Set(
        Catalogue.rows.filter { $0.name.hasPrefix("controller.") }.map(\.kind))
}
