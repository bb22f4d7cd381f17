internal import GatehouseCore

/// The bodies: one object under the resource's name, its keys in the order of the seed's sample. What is withheld or
/// not known is `null`, as the sample prints what it does not have.
enum OneUpVisionPayload {
    static func body(of event: Event, at level: PrivacyLevel) -> [UInt8] {
        guard let row = OneUpVisionEvents.row(of: event) else { return [] }
        let view = OneUpVisionView(event, at: level)
        let value: JSON =
            switch row.resource {
            case .person: .object(view.person(also: ["updated_at", "organization_id"]))
            case .people: .array(view.people.map { .object(view.listed($0)) })
            case .peopleGone: .array(view.people.map { ["id": view.id(of: $0)] })
            case .punch: .object(view.punch)
            case .passage: .object(view.passage)
            case .attendance: .object(view.attendance)
            case .visit: .object(view.visit)
            }
        return JSON.object(JSONObject([.init(row.resource.key, value)])).bytes
    }
}

/// An event as one subscriber may see it, in the contract's words.
struct OneUpVisionView {
    private let event: Event
    private let data: JSONObject
    /// What the event has, withheld or not: a key that is withheld stays, with `null` for its value.
    private let whole: JSONObject

    init(_ event: Event, at level: PrivacyLevel) {
        self.event = event
        self.data = event.data(at: level)
        self.whole = event.data
    }

    // MARK: People

    /// The keys of the sample's `punch.person` beside the id, with their places: in our block, or in the details under
    /// the vendor's own word.
    static let personKeys: [(key: String, block: String?)] = [
        ("first_name", "firstName"), ("last_name", "lastName"), ("mobile_number", "phone"), ("email", "email"),
        ("dob", "birthDate"), ("primary_face_image_url", nil), ("picture_url", nil), ("people_custom_data", nil),
        ("people_form_schema_revision_id", nil), ("is_blacklisted", nil), ("created_at", nil),
    ]

    /// The person whom the event speaks of.
    func person(also more: [String] = []) -> JSONObject {
        var object = JSONObject()
        object["id"] = event.labels.numbers[.person].map { .integer($0) } ?? .null
        let details = blanked(whole["details"]?["person"], data["details"]?["person"])
        for (key, block) in Self.personKeys {
            let own = block.flatMap { data["person"]?[$0] }
            object[key] = own ?? details[key] ?? .null
        }
        for key in more { object[key] = details[key] ?? otherwise(key) }
        return object
    }

    /// The people of a bulk event: objects of `details.people`, in the contract's words or ours. Whatever is withheld,
    /// who they are by id is told.
    var people: [JSONObject] {
        let kept = data["details"]?["people"]?.items
        return (whole["details"]?["people"]?.items ?? []).enumerated().map { place, person in
            var object = blanked(person, kept.map { $0[place] } ?? [:])
            object["id"] = person["id"]
            return object
        }
    }

    /// One of a bulk event's people.
    func listed(_ person: JSONObject) -> JSONObject {
        var object = JSONObject()
        object["id"] = id(of: person)
        for (key, block) in Self.personKeys {
            object[key] = person[key] ?? block.flatMap { person[$0] } ?? .null
        }
        for key in ["updated_at", "organization_id"] { object[key] = person[key] ?? otherwise(key) }
        return object
    }

    /// The contract's ids are integers; one that is none stays what it is.
    func id(of object: JSONObject) -> JSON {
        guard let id = object["id"] else { return .null }
        return id.text.flatMap { Int64($0) }.map { .integer($0) } ?? id
    }

    // MARK: Punches and attendance

    private static let punchKeys = [
        "id", "punched_at", "punch_type", "photo_url", "body_temp", "body_temp_unit", "body_temp_status", "person",
        "shift", "attendance", "created_at", "updated_at", "space_id", "organization_id",
    ]

    var punch: JSONObject { written("punch", Self.punchKeys) }

    /// A passage as a punch: its number is the event's own, its time the passage's.
    var passage: JSONObject {
        var object = JSONObject()
        for key in Self.punchKeys { object[key] = .null }
        object["id"] = event.labels.numbers.position.map { .integer($0) } ?? .null
        object["punched_at"] = .string(RFC3339.microsecondsText(event.time.instant))
        object["punch_type"] = direction
        object["photo_url"] = ""
        object["person"] = .object(person())
        for key in ["created_at", "updated_at", "organization_id"] { object[key] = otherwise(key) }
        return object
    }

    private var direction: JSON {
        switch data["access"]?["direction"]?.text {
        case "entry": "IN"
        case "exit": "OUT"
        default: .null
        }
    }

    var attendance: JSONObject {
        written(
            "attendance",
            [
                "id", "attendance_date", "shift_id", "person_id", "created_at", "updated_at", "person", "shift",
                "space_id", "organization_id",
            ])
    }

    /// A block whose fields have the contract's own words; `person` is the event's.
    private func written(_ block: String, _ keys: [String]) -> JSONObject {
        let fields = blanked(whole[block], data[block])
        var object = JSONObject()
        for key in keys {
            object[key] = key == "person" ? .object(person()) : fields[key] ?? otherwise(key)
        }
        return object
    }

    // MARK: Visits

    var visit: JSONObject {
        let visit = blanked(whole["visit"], data["visit"])
        var object = JSONObject()
        object["id"] = id(of: visit)
        object["checked_in_at"] = visit["checkedInAt"] ?? .null
        object["checked_out_at"] = visit["checkedOutAt"] ?? .null
        object["purpose"] = visit["purpose"] ?? .null
        object["host"] = visit["host"] ?? .null
        object["visitor"] = whole["visitor"] == nil ? .null : .object(visitor)
        for key in ["space_id", "organization_id", "created_at", "updated_at"] {
            object[key] = visit[key] ?? otherwise(key)
        }
        return object
    }

    /// The keys of a visitor, and our words for them.
    static let visitorKeys: [(key: String, block: String)] = [
        ("first_name", "firstName"), ("last_name", "lastName"), ("email", "email"), ("mobile_number", "phone"),
        ("company", "company"),
    ]

    private var visitor: JSONObject {
        var object = JSONObject()
        object["id"] = event.labels.numbers[.visitor].map { .integer($0) } ?? .null
        for (key, block) in Self.visitorKeys { object[key] = data["visitor"]?[block] ?? .null }
        return object
    }

    // MARK: What they share

    /// What stands for a value that nobody told.
    private func otherwise(_ key: String) -> JSON {
        switch key {
        case "created_at", "updated_at": .string(RFC3339.microsecondsText(event.received))
        case "organization_id": event.labels.numbers[.account].map { .integer($0) } ?? .null
        default: .null
        }
    }

    /// An object with every key that it had before something was withheld.
    private func blanked(_ whole: JSON?, _ kept: JSON?) -> JSONObject {
        guard let whole = whole?.object else { return JSONObject() }
        return JSONObject(
            whole.members.map { member in
                JSONObject.Member(member.key, blanked(member.value, kept: kept?[member.key]))
            })
    }

    private func blanked(_ value: JSON, kept: JSON?) -> JSON {
        guard let kept else { return .null }
        guard case .object = value else { return kept }
        return .object(blanked(value, kept))
    }
}
