internal import GatehouseCore

/// The body of an Acme message: `what, gate, at, who, card`, in that order; what is withheld is `null`.
enum MadeUpPayload {
    static func body(of event: Event, at level: PrivacyLevel) -> [UInt8] {
        let data = event.data.redacted(to: level)
        let body: JSON = [
            "what": .text(MadeUpEvents.name(of: event)?.text),
            "gate": event.labels.doorNumber.map { .integer($0) } ?? .null,
            "at": .integer(event.time.instant.microseconds / 1000),
            "who": who(data["person"]),
            "card": .text(data["credential"]?["number"]?.text),
        ]
        return body.bytes
    }

    private static func who(_ person: JSON?) -> JSON {
        guard let given = person?["firstName"], let family = person?["lastName"] else { return nil }
        return ["given": given, "family": family]
    }
}
