internal import GatehouseCore

/// The `settings` of a subscription of this dialect: `doors` and `events`, its registrations; `payload`, the form of
/// its bodies; `description`, a text for people.
enum SituatorSettings {
    /// A registered door: by the numbers of its panel and its own, or, more reliably, by our id.
    struct RegisteredDoor: Hashable, Sendable {
        let server: Int64?
        let number: Int64?
        let door: String?

        init(server: Int64, number: Int64, door: String) {
            self.server = server
            self.number = number
            self.door = door
        }

        init?(_ json: JSON) {
            let known = ["serverId", "doorId", "door"]
            guard let object = json.object, object.members.allSatisfy({ known.contains($0.key) }) else { return nil }
            server = object["serverId"]?.integer
            number = object["doorId"]?.integer
            door = object["door"]?.text
            guard door != nil || (server != nil && number != nil) else { return nil }
        }

        var json: JSON {
            var object = JSONObject()
            object["serverId"] = server.map { .integer($0) }
            object["doorId"] = number.map { .integer($0) }
            object["door"] = door.map { .string($0) }
            return .object(object)
        }

        func fits(_ event: Event) -> Bool {
            if let door { return event.toldDoor?.text.hasBytes(of: door) ?? false }
            return event.situatorServer == server && event.toldDoorNumber == number
        }
    }

    /// How many doors one webhook can register.
    static let mostDoors = 10_000
    /// The longest description, in characters.
    static let longestDescription = 1000

    static func doors(of terms: Terms) -> [RegisteredDoor] {
        (terms.settings["doors"]?.items ?? []).compactMap { RegisteredDoor($0) }
    }

    static func events(of terms: Terms) -> [Int64] {
        (terms.settings["events"]?.items ?? []).compactMap(\.integer)
    }

    static func isEnveloped(_ terms: Terms) -> Bool { terms.settings["payload"] == "envelope" }

    /// Whether the webhook registered what the type requires.
    static func asksFor(_ row: SituatorEvents.Row, _ event: Event, _ terms: Terms) -> Bool {
        switch row.type.registration {
        case .none: true
        case .door: asksForDoor(of: event, terms)
        case .occurrence: SituatorOccurrence.configured(for: event).map { events(of: terms).contains($0.id) } ?? false
        }
    }

    /// Whether one of the registered doors is the event's. An alarm without a known door may be at any of them. The
    /// contract requires the door, so that alarm cannot be sent, and the status reports it.
    private static func asksForDoor(of event: Event, _ terms: Terms) -> Bool {
        guard let doors = terms.settings["doors"]?.items, !doors.isEmpty else { return false }
        if event.lane == .urgent, event.toldDoorNumber == nil { return true }
        return doors.contains { RegisteredDoor($0)?.fits(event) ?? false }
    }

    static func faults(in terms: Terms) -> [ValidationError] {
        terms.settings.members.flatMap { member -> [ValidationError] in
            let field = "settings.\(member.key)"
            guard let complaint = complaint(member.key, member.value) else { return [] }
            return [ValidationError(complaint.code, field: field, "\(member.key) \(complaint.sentence)")]
        }
    }

    private static func complaint(_ key: String, _ value: JSON) -> (code: ValidationError.Code, sentence: String)? {
        switch key {
        case "doors":
            guard let items = value.items, items.count <= mostDoors,
                items.allSatisfy({ RegisteredDoor($0) != nil })
            else { return (.wrongType, #"takes a list of doors: {"serverId", "doorId"}, or {"door"} by our id"#) }
        case "events":
            guard let items = value.items, items.allSatisfy({ $0.integer != nil }) else {
                return (.wrongType, "takes a list of eventIds")
            }
            let known = SituatorOccurrence.all.map(\.id)
            if let unknown = items.compactMap(\.integer).first(where: { !known.contains($0) }) {
                let list = known.map { String($0) }.joined(separator: ", ")
                return (.outOfBounds, "has no event \(unknown); there are \(list)")
            }
        case "payload":
            guard value == "bare" || value == "envelope" else { return (.outOfBounds, #"takes "bare" or "envelope""#) }
        case "description":
            guard let text = value.text, text.unicodeScalars.count <= longestDescription else {
                return (.outOfBounds, "takes text of at most \(longestDescription) characters")
            }
        default:
            return (.unknownField, "is no setting of this dialect: it has doors, events, payload and description")
        }
        return nil
    }
}
