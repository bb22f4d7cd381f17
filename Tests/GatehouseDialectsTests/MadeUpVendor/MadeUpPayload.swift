internal import GatehouseCore

/// The body of an Acme message: `what, gate, at, who, card`, in that order; what is withheld is `null`.
enum MadeUpPayload {
    static func body(of event: Event, at level: PrivacyLevel) -> [UInt8] {
        let data = event.data(at: level)
        let body: JSON = [
            "what": .text(MadeUpEvents.name(of: event)?.text),
            "gate": event.labels.doorNumber.map { .integer($0) } ?? .null,
            "at": .integer(event.time.instant.microseconds / 1000),
            "who": who(data["person"]),
            "card": .text(data["credential"]?["number"]?.text),
        ]
        return body.bytes
    }

    /// Reads a message back; what is `null` in it stays unsaid.
    static func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        let object = try ParsedEvent.object(in: body)
        guard let what = object["what"] else { throw ValidationError(.missingField, field: "what", "what is missing") }
        guard let name = what.text else {
            throw ValidationError(.wrongType, field: "what", "what takes text, not \(what.sort)")
        }
        guard let kind = MadeUpEvents.kind(named: name) else {
            throw ValidationError(.unknownKind, field: "what", "Acme never says \"\(name)\"")
        }
        var parsed = ParsedEvent(kind: kind)
        parsed.labels.doorNumber = object["gate"]?.integer
        parsed.time = object["at"]?.integer.map { TimeText(Instant(microseconds: $0 * 1000)) }
        if let who = object["who"]?.object, let given = who["given"], let family = who["family"] {
            parsed.data["person"] = ["firstName": given, "lastName": family]
        }
        if let card = object["card"]?.text { parsed.data["credential"] = ["number": .string(card)] }
        return parsed
    }

    private static func who(_ person: JSON?) -> JSON {
        guard let given = person?["firstName"], let family = person?["lastName"] else { return nil }
        return ["given": given, "family": family]
    }
}
