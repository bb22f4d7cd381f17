internal import GatehouseCore

/// The body of a BAS-IP delivery: `data`, `created_at`, `event_id`, `event_type`, in this order. `data` has all fields
/// of the log model; a withheld or unknown value is `""`, or 0 for a number.
enum BasIPPayload {
    /// Writes the body of an event at a level, under the name of the row, or else of its kind; empty if the contract
    /// has no name for it.
    static func body(of event: Event, at level: PrivacyLevel, as row: BasIPEvents.Row? = nil) -> [UInt8] {
        guard event.kind != .gatewayTest else {
            let name = event.data["details"]?["event"]?.text ?? ""
            return JSON.object(test.object(BodyView(event, as: name, at: level))).bytes
        }
        guard let row = row ?? BasIPEvents.row(of: event.kind, data: event.data) else { return [] }
        return JSON.object(entry.object(BodyView(event, as: row.name, at: level))).bytes
    }

    /// The event's place in the store, the same on every retry; 0 for an event that was never stored, such as a test.
    static func number(of event: Event) -> Int64 { event.labels.numbers.position ?? 0 }

    /// Reads a body of the contract, from a panel or from us.
    ///
    /// - Throws: ``ValidationError/Code/malformed`` if it is not a JSON object, ``ValidationError/Code/unknownKind``
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

    /// The data of a test, in place of a log entry.
    static let testData: JSON = ["test": "success"]

    /// The names for a test, the usual one first: none is an alarm or an access.
    static let testNames = [
        "log.door_sensor_was_closed", "log.door_was_closed", "log.device_booted", "log.outgoing_call",
        "log.incoming_call", "log.outgoing_call_web", "log.lift_call_success", "log.successful_login_api_call",
        "log.successful_login_gui_settings",
    ]

    /// The data of a test's event, with one of these names.
    static func testEvent(named name: String) -> JSONObject {
        JSONObject([.init("details", ["event": .string(name)])])
    }
}

extension BasIPEvents.Row {
    /// Sets the facts that follow from the name, and those of the default name of a kind.
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
