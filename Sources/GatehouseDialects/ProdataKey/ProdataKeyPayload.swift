internal import GatehouseCore

/// The body of a ProdataKey delivery, written and read by the topic's ``ProdataKeyLayout``. What is withheld or not
/// known is absent.
enum ProdataKeyPayload {
    /// Writes the body that an event owes at a level, under the topic that it was selected by, else that of its kind;
    /// none where the contract has no topic for that.
    static func body(of event: Event, at level: PrivacyLevel, as row: ProdataKeyEvents.Row? = nil) -> [UInt8] {
        guard let row = row ?? ProdataKeyEvents.row(of: event.kind) else { return [] }
        return JSON.object(row.layout.object(ProdataKeyView(event, as: row.topic, at: level))).bytes
    }

    /// Reads a body that the vendor, or we, wrote.
    ///
    /// - Throws: ``ValidationError/Code/malformed`` where it is no JSON object, ``ValidationError/Code/unknownKind``
    ///   for an unknown topic,
    ///   else the first field that is missing or of another type.
    static func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        let object = try ParsedEvent.object(in: body)
        guard let value = object["topic"] else {
            throw ValidationError(.missingField, field: "topic", "topic is missing")
        }
        let topic = try PayloadValue(value, at: "topic").text()
        guard let row = ProdataKeyEvents.row(ofTopic: topic) else {
            let hint = Nearest.hint(for: topic, among: ProdataKeyEvents.rows.lazy.map(\.topic))
            throw ValidationError(.unknownKind, field: "topic", "ProdataKey has no topic \"\(topic)\"\(hint)")
        }
        var draft = ProdataKeyDraft(saying: row.said, as: row.kind)
        try row.layout.read(object, into: &draft)
        return draft.event(row.kind)
    }
}
