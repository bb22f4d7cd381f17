internal import GatehouseCore

/// The body of a Situator delivery, written and read by the type's ``SituatorLayout``. What is withheld or not known is
/// null.
enum SituatorPayload {
    /// Writes the bare event that an event owes at a level; nil where the contract has no type for its kind.
    static func object(of event: Event, at level: PrivacyLevel) -> JSONObject? {
        SituatorEvents.row(of: event).map { $0.type.layout.object(SituatorView(event, as: $0, at: level)) }
    }

    /// Writes the body that an event owes a subscription, bare or in the vendor's envelope.
    static func body(of event: Event, for terms: Terms) -> [UInt8] {
        if SituatorSettings.isEnveloped(terms) { return envelope(of: [event], for: terms) }
        return object(of: event, at: terms.privacyLevel).map { JSON.object($0).bytes } ?? []
    }

    /// Writes the vendor's envelope around events, in their order.
    static func envelope(of events: [Event], for terms: Terms) -> [UInt8] {
        let objects = events.compactMap { object(of: $0, at: terms.privacyLevel) }
        let envelope: JSON = [
            "name": .string(terms.name), "token": .text(terms.secret?.revealed),
            "events": .array(objects.map { .object($0) }),
        ]
        return envelope.bytes
    }

    /// Reads a body that the vendor, or we, wrote: a bare event, or an envelope with one.
    ///
    /// - Throws: as ``parseAll(_:)``, and ``ValidationError/Code/outOfBounds`` for an envelope that has several events.
    static func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        let events = try parseAll(body)
        guard events.count == 1 else {
            throw ValidationError(.outOfBounds, field: "events", "events takes one event here, not \(events.count)")
        }
        return events[0]
    }

    /// Reads the events of a body that the vendor, or we, wrote: a bare one, or those of an envelope in their order.
    ///
    /// - Throws: ``ValidationError/Code/malformed`` where it is no JSON object, ``ValidationError/Code/unknownKind``
    ///   for an unknown type, ``ValidationError/Code/outOfBounds`` for an envelope without events, else the first field
    ///   that is missing or of another type.
    static func parseAll(_ body: [UInt8]) throws(ValidationError) -> [ParsedEvent] {
        let object = try ParsedEvent.object(in: body)
        guard object["type"] == nil, let events = object["events"] else { return [try event(of: object)] }
        guard let items = events.items, !items.isEmpty else {
            throw ValidationError(.outOfBounds, field: "events", "events takes a list of one event or more")
        }
        var read: [ParsedEvent] = []
        for (place, item) in items.enumerated() {
            do throws(ValidationError) {
                guard let object = item.object else {
                    throw ValidationError(.wrongType, "an event is a JSON object, not \(item.sort)")
                }
                read.append(try event(of: object))
            } catch {
                throw error.within("events[\(place)]")
            }
        }
        return read
    }

    private static func event(of object: JSONObject) throws(ValidationError) -> ParsedEvent {
        guard let value = object["type"] else { throw ValidationError(.missingField, field: "type", "type is missing") }
        let name = try PayloadValue(value, at: "type").text()
        guard let type = SituatorEvents.type(named: name) else {
            let hint = Nearest.hint(for: name, among: SituatorEvents.types.lazy.map(\.name))
            throw ValidationError(.unknownKind, field: "type", "Situator has no type \"\(name)\"\(hint)")
        }
        var draft = SituatorDraft(type)
        try type.layout.read(object, into: &draft)
        return draft.event()
    }
}
