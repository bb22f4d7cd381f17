internal import GatehouseCore

/// The bodies: one object under the resource's name, its keys in the order of the seed's sample. What is withheld or
/// not known is `null`, as the sample prints what it does not have.
enum OneUpVisionPayload {
    static func body(of event: Event, at level: PrivacyLevel) -> [UInt8] {
        guard let row = OneUpVisionEvents.row(of: event) else { return [] }
        let view = OneUpVisionView(event, at: level)
        let value: JSON =
            switch row.resource {
            case .person: fitted(view.person(also: ["updated_at", "organization_id"]))
            case .people: .array(view.people.map { fitted(view.listed($0)) })
            case .peopleGone: .array(view.people.map { ["id": $0["id"] ?? .null] })
            case .punch: fitted(view.punch)
            case .passage: fitted(view.passage)
            case .attendance: fitted(view.attendance)
            case .visit: fitted(view.visit)
            }
        return JSON.object(JSONObject([.init(row.resource.key, value)])).bytes
    }

    private static func fitted(_ object: JSONObject) -> JSON { .object(OneUpVisionSort.fitted(object)) }
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
        object["id"] = number(.person)
        let details = blanked(whole["details"]?["person"], data["details"]?["person"])
        for (key, block) in Self.personKeys {
            let own = block.flatMap { data["person"]?[$0] }
            object[key] = own ?? told(key, in: details)
        }
        for key in more { object[key] = told(key, in: details) }
        return object
    }

    /// The people of a bulk event: objects of `details.people`, in the contract's words or ours, each with the number
    /// that the same person has in every other body. Whatever is withheld, who they are by id is told.
    var people: [JSONObject] {
        let kept = data["details"]?["people"]?.items
        let numbers = event.labels.numbers.people
        return (whole["details"]?["people"]?.items ?? []).enumerated().map { place, person in
            var object = blanked(person, kept.map { $0[place] } ?? [:])
            let number = numbers.indices.contains(place) ? numbers[place] : 0
            object["id"] = number == 0 ? person["id"]?.wholeNumber : .integer(number)
            return object
        }
    }

    /// One of a bulk event's people.
    func listed(_ person: JSONObject) -> JSONObject {
        var object = JSONObject()
        object["id"] = person["id"] ?? .null
        for (key, block) in Self.personKeys {
            object[key] = person[key] == nil ? block.flatMap { person[$0] } ?? otherwise(key) : told(key, in: person)
        }
        for key in ["updated_at", "organization_id"] { object[key] = told(key, in: person) }
        return object
    }

    // MARK: Ids

    /// The number of whom or what the event names; `null` where it names none.
    private func number(_ subject: Numbers.Subject) -> JSON {
        event.labels.numbers[subject].map { .integer($0) } ?? .null
    }

    /// The number of a record: that of its id, else the event's own. Events that were taken before records had
    /// numbers have the reporter's.
    private func record(_ subject: Numbers.Subject, _ told: JSON?) -> JSON {
        let numbers = event.labels.numbers
        if let number = numbers[subject] { return .integer(number) }
        return told?.wholeNumber ?? numbers.record(subject).map { .integer($0) } ?? .null
    }

    /// An object inside a record, the ids in it those that the same things have everywhere else.
    private func numbered(_ object: JSON?, as subject: Numbers.Subject) -> JSON? {
        guard var fields = object?.object else { return object }
        for (key, subject) in [("id", subject), ("shift_id", .shift), ("person_id", .person)] {
            guard fields[key] != nil, let number = event.labels.numbers[subject] else { continue }
            fields[key] = .integer(number)
        }
        return .object(fields)
    }

    // MARK: Punches and attendance

    private static let punchKeys = [
        "id", "punched_at", "punch_type", "photo_url", "body_temp", "body_temp_unit", "body_temp_status", "person",
        "shift", "attendance", "created_at", "updated_at", "space_id", "organization_id",
    ]

    var punch: JSONObject {
        var object = written("punch", Self.punchKeys)
        object["id"] = record(.punch, whole["punch"]?["id"])
        object["shift"] = numbered(object["shift"], as: .shift)
        object["attendance"] = numbered(object["attendance"], as: .attendance)
        return object
    }

    /// A passage as a punch: its number is the event's own, its time the passage's.
    var passage: JSONObject {
        var object = JSONObject()
        for key in Self.punchKeys { object[key] = .null }
        object["id"] = record(.punch, nil)
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
        var object = written(
            "attendance",
            [
                "id", "attendance_date", "shift_id", "person_id", "created_at", "updated_at", "person", "shift",
                "space_id", "organization_id",
            ])
        object["id"] = record(.attendance, whole["attendance"]?["id"])
        if let person = event.labels.numbers[.person] { object["person_id"] = .integer(person) }
        if let shift = event.labels.numbers[.shift] { object["shift_id"] = .integer(shift) }
        object["shift"] = numbered(object["shift"], as: .shift)
        return object
    }

    /// A block whose fields have the contract's own words; `person` is the event's.
    private func written(_ block: String, _ keys: [String]) -> JSONObject {
        let fields = blanked(whole[block], data[block])
        var object = JSONObject()
        for key in keys {
            object[key] = key == "person" ? .object(person()) : told(key, in: fields)
        }
        return object
    }

    // MARK: Visits

    var visit: JSONObject {
        let visit = blanked(whole["visit"], data["visit"])
        var object = JSONObject()
        object["id"] = record(.visit, whole["visit"]?["id"])
        object["checked_in_at"] = visit["checkedInAt"] ?? (event.kind == .visitCheckedIn ? time : .null)
        object["checked_out_at"] = visit["checkedOutAt"] ?? (event.kind == .visitCheckedOut ? time : .null)
        object["purpose"] = visit["purpose"] ?? .null
        object["host"] = visit["host"] ?? .null
        object["visitor"] = whole["visitor"] == nil ? .null : .object(visitor)
        for key in ["space_id", "organization_id", "created_at", "updated_at"] {
            object[key] = told(key, in: visit)
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
        object["id"] = number(.visitor)
        for (key, block) in Self.visitorKeys { object[key] = data["visitor"]?[block] ?? .null }
        return object
    }

    // MARK: What they share

    /// When it happened, as the sample spells times.
    private var time: JSON { .string(RFC3339.microsecondsText(event.time.instant)) }

    /// A value as it was told. Which organization it is is ours to say, in one number everywhere; a time that is none
    /// is as good as not told.
    private func told(_ key: String, in fields: JSONObject) -> JSON {
        guard let derived = derived(key) else { return fields[key] ?? .null }
        if key != "organization_id", let text = fields[key]?.text, !text.isEmpty { return .string(text) }
        return derived
    }

    /// What stands for a value that nobody told.
    private func otherwise(_ key: String) -> JSON { derived(key) ?? .null }

    /// The event's own time, and its organization, where the contract asks for them.
    private func derived(_ key: String) -> JSON? {
        switch key {
        case "created_at", "updated_at", "punched_at": time
        case "attendance_date": .string(String(localTime.prefix(10)))
        case "organization_id": number(.account)
        default: nil
        }
    }

    private var localTime: String {
        let offset = event.time.isInUTC ? event.labels.offsetMinutes ?? 0 : event.time.offsetMinutes
        return RFC3339.localText(event.time.instant, offsetMinutes: offset)
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
