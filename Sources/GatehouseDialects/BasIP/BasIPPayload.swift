internal import GatehouseCore

/// The body of a BAS-IP delivery: `data`, `created_at`, `event_id`, `event_type`, in this order. Everything that the
/// log model names stands in `data`; what is withheld or not known is `""`, or 0 where a number belongs.
enum BasIPPayload {
    /// Writes the body that an event owes at a level, under the name that it was selected by, else that of its kind;
    /// none where the contract has no name for that.
    static func body(of event: Event, at level: PrivacyLevel, as row: BasIPEvents.Row? = nil) -> [UInt8] {
        guard event.kind != .gatewayTest else {
            let name = event.data["details"]?["event"]?.text ?? ""
            return JSON.object(test.object(BodyView(event, as: name, at: level))).bytes
        }
        guard let row = row ?? BasIPEvents.row(of: event.kind, saying: event.data) else { return [] }
        return JSON.object(entry.object(BodyView(event, as: row.name, at: level))).bytes
    }

    /// The event's place in the store, the same on every retry; 0 for one that was never kept, as a test.
    static func number(of event: Event) -> Int64 { event.labels.numbers.position ?? 0 }

    /// Reads a body of the contract, whoever wrote it: a panel, or we.
    ///
    /// - Throws: ``ValidationError/Code/malformed`` where it is no JSON object, ``ValidationError/Code/unknownKind``
    ///   for an unknown name, else the first field that is missing or of another type.
    static func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        let object = try ParsedEvent.object(in: body)
        let row = try BasIPEvents.table.row(under: "event_type", of: object)
        guard object["data"] != testData else {
            var draft = BodyDraft(.gatewayTest, named: row.name)
            draft.set(.string(row.name), at: "event", of: .details)
            try test.read(object, into: &draft)
            return draft.event()
        }
        var draft = BodyDraft(row.kind, named: row.name)
        draft.sayKind()
        row.say(in: &draft)
        try entry.read(object, into: &draft)
        return draft.event()
    }

    // MARK: Layouts

    private static let entry = BodyLayout(
        [
            .object(
                "data",
                BodyLayout([
                    .field("lock", .basIPLock), .field("number", .basIPNumber), .field("owner", .basIPOwner),
                    .field("type", .basIPType), .field("apartment_address", .basIPApartment),
                    .field("category", .basIPWord("category", of: BasIPWord.categories) { $0.category }),
                    .field("priority", .basIPWord("priority", of: BasIPWord.priorities) { $0.priority }),
                    .last("text", .basIPText),
                ]))
        ] + ends)

    private static let test = BodyLayout([.field("data", .basIPTest)] + ends, others: .passedOver)

    private static let ends: [BodyMember] = [
        .field("created_at", .milliseconds, .toRead), .field("event_id", .position, .toRead, or: .always(0)),
        .field("event_type", .name, .toRead),
    ]

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
}

extension BasIPEvents.Row {
    /// Says what the name says by itself, and what it says that is what is left of its kind.
    fileprivate func say(in draft: inout BodyDraft) {
        switch mark {
        case .reason(let word): draft.set(.string(word), at: "reason", of: .access)
        case .means(let form): draft.set(.string(form.rawValue), at: "form", of: .credential)
        case .grant(let grant): draft.set(.string(grant.rawValue), at: "grantedBy", of: .access)
        case .channel(let word): draft.set(.string(word), at: "channel", of: .details)
        case .none:
            switch kind {
            case .accessGranted: draft.set("identifier", at: "grantedBy", of: .access)
            case .loginFailed, .loginSucceeded: draft.set("api", at: "channel", of: .details)
            default: break
            }
        }
    }
}
