internal import GatehouseCore

/// The body of a Situator delivery, written and read by the layout of its type. Withheld and unknown values are null.
enum SituatorPayload {
    /// Writes the bare event at a level; nil if the contract has no type for its kind.
    static func object(of event: Event, at level: PrivacyLevel) -> JSONObject? {
        SituatorEvents.row(of: event).map { $0.type.layout.object(BodyView(event, as: $0.name, at: level)) }
    }

    /// Writes the body of an event for a subscription, bare or in the vendor's envelope.
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

    /// Reads a body from the vendor or from us: a bare event, or an envelope with one.
    ///
    /// - Throws: as ``parseAll(_:)``, and ``ValidationError/Code/outOfBounds`` for an envelope that has several events.
    static func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        let events = try parseAll(body)
        guard events.count == 1 else {
            throw ValidationError(.outOfBounds, field: "events", "events takes one event here, not \(events.count)")
        }
        return events[0]
    }

    /// Reads the events of a body from the vendor or from us: a bare one, or those of an envelope in their order.
    ///
    /// - Throws: ``ValidationError/Code/malformed`` if it is not a JSON object, ``ValidationError/Code/unknownKind``
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
        let row = try SituatorEvents.table.row(under: "type", of: object, inAnyCase: true)
        var draft = BodyDraft(row.kind, named: row.name)
        try row.type.layout.read(object, into: &draft)
        return SituatorKind.event(draft, row.type)
    }
}

// MARK: Layouts

extension SituatorPayload {
    /// The seed's "Access Event".
    static let access = layout([
        type, dateTime, .field("id", .position), account, number(.zone),
        .field("serverId", .situatorServer, .always), .field("doorId", .doorNumber, .always), number(.person),
        .field("direction", .situatorDirection), .field("authorized", .situatorPassage("authorized"), .always),
        .field("openingType", .situatorMeans), .field("duress", .situatorPassage("duress")), number(.vehicle),
        number(.visitor), .field("credential", .situatorCard),
    ])

    /// The seed's "Occurrence Event"; the vendor sends `typeId`, its number of the type, and we do not.
    static let occurrence = layout([
        type, dateTime, .field("subtype", .situatorOccurrenceSubtype), .field("id", .situatorOccurrenceNumber), account,
        .field("eventId", .situatorOccurrenceEvent, .always), number(.zone), number(.person), number(.visitor),
        .readOnly("typeId", .situatorOccurrenceType),
    ])

    /// The four keys that every type of registration has, then its own.
    static func registration(_ own: BodyMember...) -> BodyLayout {
        layout([type, dateTime, .field("subtype", .situatorChange), account] + own)
    }

    private static func layout(_ members: [BodyMember]) -> BodyLayout {
        BodyLayout(members, blank: .null, readsNull: false)
    }

    private static let type = BodyMember.field("type", .name, .always)
    private static let dateTime = BodyMember.field("dateTime", .spelledLocalTime("dateTime"))
    private static let account = BodyMember.field("accountId", .situatorAccount)
    static let server = BodyMember.field("serverId", .situatorServer)
    static let door = BodyMember.field("doorId", .doorNumber)
    static let scheduling = BodyMember.field("schedulingId", .number(.visit), .toTell)
    static let accessCard = BodyMember.field("accessCardId", .situatorCredential(.card))
    static let credential = BodyMember.field("accessCardId", .situatorCredential(.card), .toTell)
    static let fingerprint = BodyMember.field("fingerprintId", .situatorCredential(.fingerprint))
    static let resourceType = BodyMember.field("resourceType", .situatorResourceType)
    static let pin = BodyMember.field("pin", .situatorPIN)

    /// A number under its subject's own name: `personId`.
    static func number(_ subject: Numbers.Subject) -> BodyMember {
        .field("\(subject.rawValue)Id", .number(subject))
    }

    /// The number of a registration's subject, which is required.
    static func about(_ subject: Numbers.Subject) -> BodyMember {
        .field("\(subject.rawValue)Id", .number(subject), .toTell)
    }

    /// A number that only the contract knows, kept in `details` under its key.
    static func detail(_ key: String) -> BodyMember { .field(key, .situatorDetail(key)) }
}
