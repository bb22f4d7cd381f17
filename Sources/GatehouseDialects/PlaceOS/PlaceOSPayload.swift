internal import GatehouseCore

/// The bodies: seven keys in the order of the seed's example, without unknown or withheld ones.
enum PlaceOSPayload {
    static func body(of event: Event, for subscription: Subscription) -> [UInt8] {
        guard let action = PlaceOSEvents.action(of: event, for: subscription) else { return [] }
        let terms = subscription.terms
        let view = BodyView(event, as: action, at: terms.privacyLevel, secret: terms.secret)
        return JSON.object(layout.object(view)).bytes
    }

    /// Reads a body. - Throws: the fault of the first field that is missing or of another type.
    static func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        let object = try ParsedEvent.object(in: body)
        let row = try PlaceOSEvents.table.row(under: "action", of: object)
        var draft = BodyDraft(row.kind, named: row.name)
        draft.sayKind()
        try layout.read(object, into: &draft)
        return draft.event()
    }

    static let layout = BodyLayout(
        [
            .field("door_id", .placeOSDoor, .always), .field("timestamp", .seconds),
            .field("signature", .placeOSSignature), .field("action", .name, .always),
            .field("card_id", .placeOSCard), .field("user_name", .placeOSName), .field("user_email", .placeOSEmail),
        ], readsNull: false, others: .passedOver)
}

// The places that only PlaceOS's contract has.
extension BodyPlace {
    /// The event's door, else the panel's only one. An alarm without a door is sent with its panel.
    fileprivate static let placeOSDoor = BodyPlace(
        value: { door(of: $0.event).map { .string($0) } }, missing: { door(of: $0) == nil ? "" : nil },
        put: { value, draft throws(ValidationError) in draft[.door] = .string(try value.text()) })

    private static func door(of event: Event) -> String? {
        event.toldDoor?.text ?? (event.lane == .urgent ? event.panel?.text : nil)
    }

    /// The signature of the time in the body.
    fileprivate static let placeOSSignature = BodyPlace(
        value: { view in
            let timestamp = RFC3339.secondsText(view.event.time.instant)
            return PlaceOSDialect.signature(of: timestamp, view.secret).map { .string($0) }
        },
        put: { _, _ throws(ValidationError) in })

    /// The number printed on the card, else the number that the reader read. Only a card has a `card_id`: otherwise a
    /// PIN, the content of a QR code, a plate or a face's template would be sent under that name.
    fileprivate static let placeOSCard = BodyPlace(
        value: { view in
            guard view.event.hasCard else { return .none }
            let numbers = ["number", "value"].lazy.compactMap { view.data["credential"]?[$0] }
            let texts = numbers.compactMap { $0.text ?? $0.integer.map { String($0) } }
            return texts.first { !$0.isEmpty }.map { .string($0) }
        },
        put: { value, draft throws(ValidationError) in
            draft.set("card", at: "form", of: .credential)
            draft.set(.string(try value.text()), at: "number", of: .credential)
        })

    /// The full name, joined if the event has two parts.
    fileprivate static let placeOSName = BodyPlace(
        value: { $0.name(of: .person).map { .string($0) } },
        put: { value, draft throws(ValidationError) in draft.set(.string(try value.text()), at: "name", of: .person) })

    fileprivate static let placeOSEmail = BodyPlace(
        value: { $0.data["person"]?["email"]?.text.flatMap { $0.isEmpty ? .none : .string($0) } },
        put: { value, draft throws(ValidationError) in draft.set(.string(try value.text()), at: "email", of: .person) })
}
