/// The fields whose class is known from our blocks and from the contracts' own examples. They are asked first, so that
/// a word which elsewhere means a credential or a person does not blank what a contract tells of a device.
enum KnownFields {
    /// Where a field stands.
    enum Holder: Hashable, Sendable {
        /// In an open block, or in what only wraps it: `details.prevState`.
        case event
        /// In an object that has a block's name: that block's table holds.
        case block(Block)
        /// In an object that has the name of a thing: `reader`, `shift`.
        case thing(String)
        /// Anywhere else.
        case other

        /// Where the fields of an object of that name stand, the object standing here.
        func inside(_ name: String) -> Holder {
            if wrappers.contains(name) { return self }
            let last = NameWords.split(name).last ?? ""
            let word = NameWords.singular(last)
            if let block = blocks[word] ?? blocks[last] { return .block(block) }
            if things.contains(word) { return .thing(word) }
            return .other
        }
    }

    /// The class of a field, where its place and name are known; nil where they are not.
    static func fieldClass(of name: String, of kind: Kind, in holder: Holder) -> FieldClass? {
        if case .block(let block) = holder {
            if let rule = BlockTable.rule(name, of: block) { return rule.privacy }
            if block == .credential { return .credential }
        }
        if open.contains(name) { return .open }
        let words = NameWords.split(name)
        if spelled.contains(words.joined(separator: " ")) || isNameOrID(words) { return .open }
        return words.count == 1 && isOfThing(words[0], of: kind, in: holder) ? .open : nil
    }

    /// Whether objects stand there under the name of a thing or of a block: they are judged by their own fields.
    static func isJudgedWithin(_ name: String, _ value: JSON, in holder: Holder) -> Bool {
        holder.inside(name) != .other && holdsObjects(value)
    }

    /// `doorName`, `cardReaderId`: a name or an id by the word before it.
    private static func isNameOrID(_ words: [String]) -> Bool {
        guard words.count > 1, let last = words.last else { return false }
        let before = words[words.count - 2]
        switch NameWords.singular(last) {
        case "id": return things.contains(before) || blocks[before] != nil || subjects.contains(before)
        case "name": return things.contains(before)
        default: return false
        }
    }

    /// Whether a field that may be a person's is a thing's, since the kind is about things or the object is one.
    private static func isOfThing(_ word: String, of kind: Kind, in holder: Holder) -> Bool {
        switch (holder, word) {
        case (.thing, "name"), (.thing("shift"), "code"), (.thing("shift"), "number"): true
        case (.thing(let thing), "number"), (.thing(let thing), "address"), (.thing(let thing), "ip"):
            devices.contains(thing)
        case (.event, "name"): ofDevices.contains(kind) || ofIntercoms.contains(kind) || ofPanels.contains(kind)
        case (.event, "number"): ofDevices.contains(kind) || ofPanels.contains(kind)
        case (.event, "address"): ofDevices.contains(kind) || ofControllers.contains(kind)
        case (.event, "ip"): ofDevices.contains(kind) || ofControllers.contains(kind) || ofPanels.contains(kind)
        default: false
        }
    }

    /// Whether it says of a door that people come to work there, as a truth value: under the same name a record tells
    /// of a person.
    static func isOfDoor(_ name: String, _ value: JSON, of kind: Kind, in holder: Holder) -> Bool {
        guard name == "attendance", value.bool != nil else { return false }
        return holder == .thing("door") || (holder == .event && ofDevices.contains(kind))
    }

    private static func holdsObjects(_ value: JSON) -> Bool {
        switch value {
        case .object: true
        case .array(let items): items.allSatisfy { holdsObjects($0) }
        case .null, .bool, .number, .string: false
        }
    }

    // MARK: The names

    /// In no class wherever they stand: what the contracts' examples tell of devices, rules and states.
    private static let open: Set<String> = [
        "id", "ids", "uuid", "ou", "entityType", "action", "event", "type", "subtype", "topic", "category", "priority",
        "channel", "alarm", "lock", "floor", "floors", "form_schema_revision_id", "people_form_schema_revision_id",
        // states of devices
        "state", "port", "wirelessAddress", "osdpAddress", "connection", "voltage", "current", "inputPowerOn",
        "peripheralPowerOn", "chargeCategory", "batteryLevel", "time", "occurred", "timestamp", "online", "aoscan",
        "explicit", "disabled", "enabled", "partition", "result", "dps", "rex", "delay", "dwell", "forcedAlarm",
        "autoOpenAfterFirstAllow", "propAlarm", "propDelay", "inputTypes", "reader", "publicIcon", "readerType",
        "authenticationPolicy", "manufacturer", "phase", "cardFormat", "activeDate", "expireDate", "derived",
        "useBluetoothCredentials", "useTouchMobileApp",
        // commands to doors
        "outcome",
        // what holds others
        "metadata", "details", "body", "prevState", "newState",
        // attendance
        "attendance_date", "created_at", "updated_at", "punched_at", "punch_type",
    ]

    /// The same by their words, so that another spelling is the same name.
    private static let spelled: Set<String> = Set(open.map { NameWords.split($0).joined(separator: " ") })

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
    /// Ids of these are ids of things too, or of records.
    private static let subjects: Set<String> = ["account", "credential", "entity", "command", "subscription", "source"]

    private static let ofDevices: Set<Kind> = [.deviceCreated, .deviceUpdated, .deviceDeleted]
    private static let ofIntercoms: Set<Kind> = [.intercomCreated, .intercomUpdated, .intercomDeleted]
    private static let ofPanels: Set<Kind> = [
        .panelCreated, .panelUpdated, .panelDeleted, .panelConnected, .panelDisconnected,
    ]
    private static let ofControllers: Set<Kind> = Set(
        Catalogue.rows.filter { $0.name.hasPrefix("controller.") }.map(\.kind))
}
