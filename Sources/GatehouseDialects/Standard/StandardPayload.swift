internal import GatehouseCore

/// The body of a Standard delivery: the CloudEvent, compact.
enum StandardPayload {
    static func body(of event: Event, at level: PrivacyLevel) -> [UInt8] {
        event.cloudEvent(at: level).bytes
    }

    /// Reads what ``body(of:at:)`` wrote. The labels are lost: a CloudEvent does not carry them.
    static func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        let object = try ParsedEvent.object(in: body)
        guard let name = try text("type", of: object) else {
            throw ValidationError(.missingField, field: "type", "type is missing")
        }
        guard let kind = Kind(named: name) else {
            let hint = Nearest.hint(for: name, among: Catalogue.rows.lazy.map(\.name))
            throw ValidationError(.unknownKind, field: "type", "there is no kind \"\(name)\"\(hint)")
        }
        var parsed = ParsedEvent(kind: kind)
        parsed.sourceID = try text("id", of: object)
        if let time = object["time"] { parsed.time = try TimeText(ofEvent: time) }
        if let data = object["data"] {
            guard let blocks = data.object else {
                throw ValidationError(.wrongType, field: "data", "data takes an object, not \(data.sort)")
            }
            parsed.data = blocks
        }
        parsed.attributes = JSONObject(object.members.filter { !envelope.contains($0.key) })
        return parsed
    }

    /// The members of every body, which are not the reporter's own attributes.
    private static let envelope: Set<String> = [
        "specversion", "id", "source", "type", "time", "organization", "receivedtime", "gatehouseid", "gatehouseflag",
        "data",
    ]

    private static func text(_ name: String, of object: JSONObject) throws(ValidationError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.text else {
            throw ValidationError(.wrongType, field: name, "\(name) takes text, not \(value.sort)")
        }
        return text
    }
}
