internal import GatehouseCore

/// The bodies: seven keys in the order of the seed's example, those that nobody told or may see left out.
enum PlaceOSPayload {
    static func body(of event: Event, for subscription: Subscription) -> [UInt8] {
        guard let action = PlaceOSEvents.action(of: event, for: subscription) else { return [] }
        let terms = subscription.terms
        let data = event.data(at: terms.privacyLevel)
        let timestamp = RFC3339.secondsText(event.time.instant)
        var object = JSONObject()
        object["door_id"] = door(of: event).map { .string($0) }
        object["timestamp"] = .string(timestamp)
        object["signature"] = PlaceOSDialect.signature(of: timestamp, terms.secret).map { .string($0) }
        object["action"] = .string(action)
        object["card_id"] = card(of: event, data["credential"]).map { .string($0) }
        object["user_name"] = name(of: data["person"]).map { .string($0) }
        object["user_email"] = data["person"]?["email"]?.text.flatMap { $0.isEmpty ? nil : .string($0) }
        return JSON.object(object).bytes
    }

    /// The event's door, else the panel's only one. An alarm is told at its panel where there is no door to name.
    static func door(of event: Event) -> String? {
        event.toldDoor?.text ?? (event.lane == .urgent ? event.panel?.text : nil)
    }

    /// What is printed on the card, else what the reader read. What is no card has no `card_id`: else a PIN, the
    /// content of a QR code, a plate or a face's template would leave under that name.
    private static func card(of event: Event, _ credential: JSON?) -> String? {
        guard event.hasCard else { return nil }
        let numbers = ["number", "value"].lazy.compactMap { credential?[$0] }
        return numbers.compactMap { $0.text ?? $0.integer.map { String($0) } }.first { !$0.isEmpty }
    }

    /// One name, made of two where the event has them apart.
    private static func name(of person: JSON?) -> String? {
        if let name = person?["name"]?.text, !name.isEmpty { return name }
        let parts = [person?["firstName"]?.text, person?["lastName"]?.text].compactMap { $0 }.filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    // MARK: Reading

    /// Reads a body. - Throws: the fault of the first field that is missing or of another type.
    static func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        let object = try ParsedEvent.object(in: body)
        guard let action = try text("action", of: object) else { throw missing("action") }
        guard let kind = PlaceOSEvents.kind(of: action) else {
            throw ValidationError(
                .unknownKind, field: "action",
                "there is no action \"\(action)\"\(Nearest.hint(for: action, among: PlaceOSEvents.actions))")
        }
        guard let door = try text("door_id", of: object) else { throw missing("door_id") }
        var parsed = ParsedEvent(kind: kind)
        parsed.time = try text("timestamp", of: object).flatMap { try? TimeText($0) }
        parsed.data["door"] = .string(door)
        parsed.data["person"] = try person(in: object)
        if let card = try text("card_id", of: object) {
            parsed.data["credential"] = .object(
                JSONObject([.init("form", "card"), .init("number", .string(card))]))
        }
        parsed.data["access"] = Catalogue.passage(of: kind).map { .object($0.facts) }
        return parsed
    }

    private static func person(in object: JSONObject) throws(ValidationError) -> JSON? {
        var person = JSONObject()
        if let name = try text("user_name", of: object) { person["name"] = .string(name) }
        if let email = try text("user_email", of: object) { person["email"] = .string(email) }
        return person.isEmpty ? .none : .object(person)
    }

    /// The text of a key; nil where it is absent or `null`.
    private static func text(_ key: String, of object: JSONObject) throws(ValidationError) -> String? {
        guard let value = object[key], value != .null else { return nil }
        guard let text = value.text else {
            throw ValidationError(.wrongType, field: key, "\(key) is a string, not \(value.sort)")
        }
        return text
    }

    private static func missing(_ key: String) -> ValidationError {
        ValidationError(.missingField, field: key, "\(key) is missing")
    }
}
