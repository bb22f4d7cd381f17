internal import GatehouseCore

/// Where in an event a member of a body has its value: what ``value(in:)`` takes from there when a body is written,
/// ``put(_:into:)`` puts there when one is read. What the event does not have, or the level withholds, is null.
enum SituatorPlace: Hashable, Sendable {
    /// What happened, in the vendor's word.
    case type
    /// The event's time where it happened, unless the vendor's own message spelled it otherwise.
    case dateTime
    /// What was done to what is registered.
    case change
    /// The same of an occurrence, as it came.
    case occurrenceSubtype
    /// The event's own number.
    case eventNumber
    /// The number of the occurrence's id where its reporter gives one, else the event's.
    case occurrenceNumber
    /// The configured event that occurred.
    case occurrenceEvent
    /// The number of the organization.
    case account
    /// The number of the panel.
    case server
    /// The door's number at its panel.
    case door
    /// The number of somebody or something.
    case number(Numbers.Subject)
    /// A field of the passage, as the catalogue has it.
    case access(String, Sort)
    /// What opened the door, by the place of its word in a list.
    case means
    /// The number of a credential of this form; one that is told to be of another has no place there.
    case credential(AccessMeans.Form)
    /// What was presented.
    case card
    /// What a resource is, by the vendor's number or as text.
    case resourceType
    /// A number that only the contract knows: it is an id, and so seen at every level.
    case detail(String)
    /// Somebody's code.
    case pin

    /// How a field of the passage is written.
    enum Sort: Hashable, Sendable {
        case boolean
        /// As the word's place in a list.
        case index([String])
    }

    func value(in view: SituatorView) -> JSON? {
        let labels = view.event.labels
        return switch self {
        case .type: .string(view.row.type.name)
        case .dateTime: .string(view.original["dateTime"]?.text ?? view.localTime)
        case .change: .integer(SituatorWords.index(of: view.change, in: SituatorWords.changes))
        case .occurrenceSubtype: view.occurrence("subtype") ?? 1
        case .eventNumber: Self.integer(labels.numbers.position)
        case .occurrenceNumber: view.occurrenceNumber
        case .occurrenceEvent: Self.integer(view.eventID)
        case .account: Self.integer(labels.numbers[.account])
        case .server: Self.integer(view.event.situatorServer)
        case .door: Self.integer(view.event.toldDoorNumber)
        case .number(let subject): Self.integer(labels.numbers[subject])
        case .access(let name, .boolean): .bool(view.event.passage(name)?.bool ?? false)
        case .access(let name, .index(let words)):
            .integer(SituatorWords.index(of: view.event.passage(name)?.text, in: words))
        case .means: .integer(SituatorWords.index(of: view.event.means.method.rawValue, in: SituatorWords.methods))
        case .credential(let form): view.hasCredential(form) ? Self.integer(labels.numbers[.credential]) : nil
        case .card: view.data["credential"]?.object.map { .object(SituatorCard.object($0)) }
        case .resourceType: view.detail("resourceType") ?? view.data["resource"]?["type"]?.codeValue
        case .detail(let name): view.detail(name)
        case .pin: view.data["details"]?["pin"]?.codeValue
        }
    }

    func put(_ value: PayloadValue, into draft: inout SituatorDraft) throws(ValidationError) {
        switch self {
        case .type: break
        case .dateTime: draft.tell(dateTime: try value.text())
        case .change: draft.change = try value.word(of: SituatorWords.changes)
        case .occurrenceSubtype: draft.set(.integer(try value.integer()), at: "subtype", of: .occurrence)
        case .eventNumber: draft.identity = try value.integer()
        case .occurrenceNumber: draft.nameOccurrence(try value.integer())
        case .occurrenceEvent: draft.set(.integer(try value.integer()), at: "eventId", of: .occurrence)
        case .account: draft.account = try value.integer()
        case .server: draft.labels.panelNumber = try value.integer()
        case .door: draft.labels.doorNumber = try value.integer()
        case .number(let subject): draft.name(subject, try value.integer())
        case .access(let name, .boolean): draft.set(.bool(try value.boolean()), at: name, of: .access)
        case .access(let name, .index(let words)):
            draft.set(.string(try value.word(of: words)), at: name, of: .access)
        case .means: draft.set(.string(try value.word(of: SituatorWords.methods)), at: "method", of: .access)
        case .credential: draft.name(.credential, try value.integer())
        case .card:
            draft.set(try SituatorCard.credential(value), as: .credential)
            let strangers = try SituatorCard.strangers(in: value)
            if !strangers.isEmpty { draft.set(.object(strangers), at: "credential", of: .details) }
        case .resourceType:
            if value.json.text != nil {
                draft.set(value.json, at: "type", of: .resource)
            } else {
                draft.set(.integer(try value.integer()), at: "resourceType", of: .details)
            }
        case .detail(let name): draft.set(.integer(try value.integer()), at: name, of: .details)
        case .pin: draft.set(try value.code(), at: "pin", of: .details)
        }
    }

    private static func integer(_ number: Int64?) -> JSON? { number.map { .integer($0) } }
}

/// The object `credential` of an access event: all of its keys, or none where nothing was presented.
enum SituatorCard {
    private static let keys = ["number", "cardType", "value", "wiegand26", "wiegand34", "code"]
    /// Keys under which the contract has whole numbers.
    private static let numbers = ["number", "value"]
    /// Keys under which it has text.
    private static let texts = ["wiegand26", "wiegand34", "code"]

    static func object(_ credential: JSONObject) -> JSONObject {
        var object = JSONObject(keys.map { JSONObject.Member($0, credential[$0] ?? .null) })
        for key in texts {
            if let number = object[key]?.integer { object[key] = .string(String(number)) }
        }
        for key in numbers {
            guard let text = object[key]?.text else { continue }
            let number = Int64(text).flatMap { String($0) == text ? $0 : nil }
            // What is no number (leading zeros, letters, more digits than 64 bits hold) is told as it is: a card number
            // where the contract has text for it, as long as nothing stands there.
            let isMoved = number == nil && key == "number" && object["code"] == .null
            if isMoved { object["code"] = .string(text) }
            object[key] = number.map { .integer($0) } ?? (isMoved ? .null : .string(text))
        }
        return object
    }

    /// What an object has beyond the contract's keys, such as a format that it does not have.
    static func strangers(in value: PayloadValue) throws(ValidationError) -> JSONObject {
        JSONObject(try value.object().members.filter { !keys.contains($0.key) })
    }

    static func credential(_ value: PayloadValue) throws(ValidationError) -> JSONObject {
        let object = try value.object()
        var credential = JSONObject()
        for key in keys {
            guard let json = object[key], json != .null else { continue }
            let member = PayloadValue(json, at: "\(value.path).\(key)")
            credential[key] = key == "cardType" ? .integer(try member.integer()) : try member.code()
        }
        return credential
    }
}
