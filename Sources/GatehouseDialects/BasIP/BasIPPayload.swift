internal import GatehouseCore

/// The body of a BAS-IP delivery: `data`, `created_at`, `event_id`, `event_type`, in this order. Everything that the
/// log model names stands in `data`; what is withheld or not known is `""`, or 0 where a number belongs.
enum BasIPPayload {
    /// Writes the body that an event owes at a level, under the name that it was selected by, else that of its kind;
    /// none where the contract has no name for that.
    static func body(of event: Event, at level: PrivacyLevel, as row: BasIPEvents.Row? = nil) -> [UInt8] {
        guard event.kind != .gatewayTest else { return test(event) }
        guard let row = row ?? BasIPEvents.row(of: event.kind, saying: event.data) else { return [] }
        return body(BasIPLog(event, as: row, at: level).json, of: event, row.name)
    }

    private static func body(_ data: JSON, of event: Event, _ name: String) -> [UInt8] {
        let body: JSON = [
            "data": data, "created_at": .integer(event.time.instant.milliseconds),
            "event_id": .integer(number(of: event)), "event_type": .string(name),
        ]
        return body.bytes
    }

    /// The event's place in the store, the same on every retry; 0 for one that was never kept, as a test.
    static func number(of event: Event) -> Int64 { event.labels.numbers.position ?? 0 }

    // MARK: Tests

    /// What a test says in place of a log entry.
    static let testData: JSON = ["test": "success"]

    /// The names that a test goes under, the usual one first: none is an alarm or an access.
    static let testNames = [
        "log.door_sensor_was_closed", "log.door_was_closed", "log.device_booted", "log.outgoing_call",
        "log.incoming_call", "log.outgoing_call_web", "log.lift_call_success", "log.successful_login_api_call",
        "log.successful_login_gui_settings",
    ]

    /// A test goes under one of these names, which its event bears along.
    static func testEvent(named name: String) -> JSONObject {
        JSONObject([.init("details", ["event": .string(name)])])
    }

    private static func test(_ event: Event) -> [UInt8] {
        body(testData, of: event, event.data["details"]?["event"]?.text ?? "")
    }
}

/// The entry of the panel's log that an event is told as, with what a level leaves of it.
struct BasIPLog {
    private let event: Event
    private let row: BasIPEvents.Row
    /// The blocks without what the level withholds.
    private let data: JSONObject
    /// The vendor's own words without it.
    private let original: JSONObject

    init(_ event: Event, as row: BasIPEvents.Row, at level: PrivacyLevel) {
        self.event = event
        self.row = row
        self.data = event.data(at: level)
        self.original = event.original(at: level)
    }

    /// The entry in the order of the log model.
    var json: JSON {
        [
            "lock": .integer(lock), "number": number, "owner": .string(owner), "type": .string(type),
            "apartment_address": .string(apartment), "category": .string(category), "priority": .string(priority),
            "text": .string(text),
        ]
    }

    private var lock: Int64 { event.labels.doorNumber ?? 0 }

    /// As the credential spells it: text, or a whole number.
    private var number: JSON {
        data["credential"]?["number"]?.codeValue ?? data["details"]?["number"]?.codeValue ?? ""
    }

    private var owner: String {
        Self.name(of: data["person"]) ?? Self.name(of: data["visitor"]) ?? data["details"]?["owner"]?.text ?? ""
    }

    private static func name(of somebody: JSON?) -> String? {
        if let name = somebody?["name"]?.text, !name.isEmpty { return name }
        let names = ["firstName", "lastName"].compactMap { somebody?[$0]?.text }.filter { !$0.isEmpty }
        return names.isEmpty ? nil : names.joined(separator: " ")
    }

    /// The word of a vendor's message that has its own stands before ours.
    private var type: String {
        if let own = original["type"]?.text { return own }
        return BasIPWord.type(of: event.means.method)
    }

    private var apartment: String {
        (data["person"]?["apartment"] ?? data["visitor"]?["apartment"] ?? data["details"]?["apartment"])?.text ?? ""
    }

    private var category: String { word("category", of: BasIPWord.categories) ?? row.category }
    private var priority: String { word("priority", of: BasIPWord.priorities) ?? row.priority }

    /// The vendor's own word, else the reporter's where the contract has it.
    private func word(_ name: String, of words: [String]) -> String? {
        if let own = original[name]?.text { return own }
        return data["details"]?[name]?.text.flatMap { words.contains($0) ? $0 : nil }
    }

    /// Composed of what is left, never copied: a source's own text may quote what is withheld.
    var text: String {
        let number = number.text ?? self.number.integer.map { String($0) } ?? ""
        let identifier = [type, number].filter { !$0.isEmpty }.joined(separator: " ")
        let home = apartment.isEmpty ? "" : "apartment \(apartment)"
        let door = lock == 0 ? "" : "lock \(lock)"
        let said = [owner, home, identifier, door].filter { !$0.isEmpty }
        return said.isEmpty ? row.title : "\(row.title): \(said.joined(separator: ", "))"
    }
}

/// The contract's words for how somebody identifies himself, and ours.
enum BasIPWord {
    // swift-format-ignore
    private static let types: [(form: AccessMeans.Form, type: String)] = [
        (.card,        "card"),
        (.pin,         "input_code"),
        (.qr,          "qr"),
        (.face,        "face"),
        (.fingerprint, "fingerprint"),
        (.mobile,      "mobile"),
        (.plate,       "license_plate"),
        (.other,       "other"),
    ]

    /// The contract's words for the sort of an entry and how pressing it is.
    static let categories = ["access", "info", "system", "emergency"]
    static let priorities = ["low", "medium", "high", "critical"]

    /// The word for what was presented; empty where nothing was, or two things were, for which the contract has none.
    static func type(of method: AccessMeans.Method) -> String {
        types.first { $0.form.method == method }?.type ?? ""
    }

    static func form(ofType type: String) -> AccessMeans.Form? { types.first { $0.type == type }?.form }
}
