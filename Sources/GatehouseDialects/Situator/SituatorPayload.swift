internal import GatehouseCore

/// The body of a Situator delivery, written and read by the type's ``SituatorLayout``. What is withheld or not known is
/// null.
enum SituatorPayload {
    /// Writes the bare event that an event owes at a level; nil where the contract has no type for its kind.
    static func object(of event: Event, at level: PrivacyLevel) -> JSONObject? {
        SituatorEvents.row(of: event.kind).map { $0.type.layout.object(SituatorView(event, as: $0, at: level)) }
    }

    /// Writes the body that an event owes a subscription, bare or in the vendor's envelope.
    static func body(of event: Event, for terms: Terms) -> [UInt8] {
        guard let object = object(of: event, at: terms.privacyLevel) else { return [] }
        guard SituatorSettings.isEnveloped(terms) else { return JSON.object(object).bytes }
        let envelope: JSON = [
            "name": .string(terms.name), "token": .text(terms.secret?.revealed), "events": [.object(object)],
        ]
        return envelope.bytes
    }

    /// Reads a body that the vendor, or we, wrote: a bare event, or an envelope with one.
    ///
    /// - Throws: ``Fault/Code/malformed`` where it is no JSON object, ``Fault/Code/unknownKind`` for an unknown type,
    ///   ``Fault/Code/outOfBounds`` for an envelope that has not just one event, else the first field that is missing
    ///   or of another type.
    static func parse(_ body: [UInt8]) throws(Fault) -> ParsedEvent {
        let object = try ParsedEvent.object(in: body)
        guard object["type"] == nil, let events = object["events"] else { return try event(of: object) }
        guard let items = events.items, items.count == 1, let only = items.first?.object else {
            throw Fault(.outOfBounds, field: "events", "events takes a list of one event: hand in several one by one")
        }
        do throws(Fault) {
            return try event(of: only)
        } catch {
            throw error.within("events[0]")
        }
    }

    private static func event(of object: JSONObject) throws(Fault) -> ParsedEvent {
        guard let value = object["type"] else { throw Fault(.missingField, field: "type", "type is missing") }
        let name = try PayloadValue(value, at: "type").text()
        guard let type = SituatorEvents.type(named: name) else {
            let hint = Nearest.hint(for: name, among: SituatorEvents.types.lazy.map(\.name))
            throw Fault(.unknownKind, field: "type", "Situator has no type \"\(name)\"\(hint)")
        }
        var draft = SituatorDraft(type)
        try type.layout.read(object, into: &draft)
        return draft.event()
    }
}
