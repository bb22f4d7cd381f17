internal import GatehouseCore

/// The bodies: one object under the resource's name, its keys in the order of the seed's sample. A withheld or unknown
/// value is `null`, as in the sample.
enum OneUpVisionPayload {
    static func body(of event: Event, at level: PrivacyLevel) -> [UInt8] {
        guard let row = OneUpVisionEvents.row(of: event) else { return [] }
        return JSON.object(row.layout.object(BodyView(event, as: row.name, at: level))).bytes
    }

    /// Reads a body. The event's name is in a header; without the header, a body is read as the creation of its
    /// resource.
    ///
    /// - Throws: the fault of the first field that is missing or of another type.
    static func parse(_ body: [UInt8], named name: String?) throws(ValidationError) -> ParsedEvent {
        let object = try ParsedEvent.object(in: body)
        let row = try row(of: object, named: name)
        var draft = BodyDraft(row.kind, named: row.name)
        draft[.change] = change(of: row.kind)
        try row.layout.read(object, into: &draft)
        return draft.event()
    }

    private static func row(
        of object: JSONObject, named name: String?
    ) throws(ValidationError) -> OneUpVisionEvents.Row {
        if let name {
            if let row = OneUpVisionEvents.table.row(named: name) { return row }
            throw OneUpVisionEvents.table.unknown(name, at: "X-ServiceHook-Event")
        }
        let row = OneUpVisionEvents.table.rows.first { row in row.layout.keys.contains { object[$0] != nil } }
        guard let row else {
            throw ValidationError(.missingField, field: "punch", "the body names no resource of the contract")
        }
        return row
    }

    private static func change(of kind: Kind) -> JSON? {
        switch kind {
        case .personCreated, .personBulkCreated: "created"
        case .personUpdated, .personBulkUpdated: "updated"
        case .personDeleted, .personBulkDeleted: "deleted"
        default: JSON?.none
        }
    }
}

// MARK: Layouts

extension OneUpVisionPayload {
    static let person = resource(
        "person", personLayout(personFields + [updated(personPath), organization(personPath)]))

    static let people = resource("people", .oneUpPeople)
    /// People deleted in bulk, only with their ids.
    static let peopleGone = resource("people", .oneUpPeopleGone)

    /// A punch, or a passage at an attendance point, which is sent as a punch: its number is the event's own, its time
    /// the passage's.
    static let punch = resource(
        "punch",
        BodyLayout(
            [
                .field("id", .oneUpRecord(.punch, ["punch", "id"]), .toRead),
                .field("punched_at", .oneUpTime(["punch", "punched_at"], isWhen: true), or: .microseconds),
                told("punch_type", ["punch"], or: BodyFallback { isPassage($0) ? direction($0) : JSON?.none }),
                told("photo_url", ["punch"], or: BodyFallback { isPassage($0) ? "" : JSON?.none }),
                told("body_temp", ["punch"]), told("body_temp_unit", ["punch"]), told("body_temp_status", ["punch"]),
                optionalPerson, .field("shift", .oneUpShift("punch")), .field("attendance", .oneUpAttendance),
                created(["punch"]), updated(["punch"]), told("space_id", ["punch"]), organization(["punch"]),
            ], blank: .null, others: .fields, block: .punch))

    static let attendance = resource(
        "attendance",
        BodyLayout(
            [
                .field("id", .oneUpRecord(.attendance, ["attendance", "id"]), .toRead),
                .field("attendance_date", .oneUpTime(["attendance", "attendance_date"]), or: .localDate),
                .field("shift_id", .oneUpNumber(.shift, ["attendance", "shift_id"])),
                .field("person_id", .oneUpNumber(.person, ["attendance", "person_id"])),
                created(["attendance"]), updated(["attendance"], isWhen: true), optionalPerson,
                .field("shift", .oneUpShift("attendance")), told("space_id", ["attendance"]),
                organization(["attendance"]),
            ], blank: .null, others: .fields, block: .attendance))

    static let visit = resource(
        "visit",
        BodyLayout(
            [
                .field("id", .oneUpRecord(.visit, ["visit", "id"]), .toRead),
                .field("checked_in_at", .oneUp(["visit", "checkedInAt"], .text), or: .time(of: .visitCheckedIn)),
                .field("checked_out_at", .oneUp(["visit", "checkedOutAt"], .text), or: .time(of: .visitCheckedOut)),
                told("purpose", ["visit"]), told("host", ["visit"]),
                .optional("visitor", visitor) { $0.event.data["visitor"] != nil }, told("space_id", ["visit"]),
                organization(["visit"]), created(["visit"]), updated(["visit"], isWhen: true),
            ], blank: .null, readsNull: false, others: .fields, block: .visit))

    private static let visitor = BodyLayout(
        [
            .field("id", .number(.visitor)), .field("first_name", .oneUp(["visitor", "firstName"], .text)),
            .field("last_name", .oneUp(["visitor", "lastName"], .text)),
            .field("email", .oneUp(["visitor", "email"], .text)),
            .field("mobile_number", .oneUp(["visitor", "phone"], .text)),
            .field("company", .oneUp(["visitor", "company"], .text)),
        ], blank: .null, readsNull: false, others: .passedOver, block: .visitor)

    private static func resource(_ key: String, _ layout: BodyLayout) -> BodyLayout {
        BodyLayout([.object(key, layout)], others: .passedOver)
    }

    private static func resource(_ key: String, _ place: BodyPlace) -> BodyLayout {
        BodyLayout([.field(key, place, .always)], others: .passedOver)
    }
}

// MARK: People

extension OneUpVisionPayload {
    /// The keys of the sample's `punch.person`, apart from the id and the times, with their places: in our block, or in
    /// the details under the vendor's own name.
    static let personKeys: [(key: String, own: String?)] = [
        ("first_name", "firstName"), ("last_name", "lastName"), ("mobile_number", "phone"), ("email", "email"),
        ("dob", "birthDate"), ("primary_face_image_url", nil), ("picture_url", nil), ("people_custom_data", nil),
        ("people_form_schema_revision_id", nil), ("is_blacklisted", nil),
    ]

    private static let personPath = ["details", "person"]

    /// The fields of a person in all bodies, in the order of the sample. Other fields are read as details.
    private static let personFields: [BodyMember] =
        [.field("id", .number(.person), .always)]
        + personKeys.map { .field($0.key, .oneUpPerson($0.key, own: $0.own)) } + [created(personPath)]

    private static let optionalPerson = BodyMember.optional("person", personLayout(personFields))

    private static func personLayout(_ fields: [BodyMember]) -> BodyLayout {
        BodyLayout(fields, blank: .null, others: .detail("person"), block: .person)
    }
}

// MARK: Shared parts

extension OneUpVisionPayload {
    /// A value under the contract's own name, as it was reported.
    private static func told(_ key: String, _ path: [String], or fallback: BodyFallback? = nil) -> BodyMember {
        .field(key, .oneUp(path + [key], OneUpVisionSort.of(key)), or: fallback)
    }

    private static func created(_ path: [String]) -> BodyMember {
        .field("created_at", .oneUpTime(path + ["created_at"]), or: .microseconds)
    }

    private static func updated(_ path: [String], isWhen: Bool = false) -> BodyMember {
        .field("updated_at", .oneUpTime(path + ["updated_at"], isWhen: isWhen), or: .microseconds)
    }

    /// The organization's number, which we define, the same everywhere.
    private static func organization(_ path: [String]) -> BodyMember {
        .field("organization_id", .oneUpAccount(path + ["organization_id"]))
    }

    private static func isPassage(_ view: BodyView) -> Bool { view.event.kind == .accessGranted }

    private static func direction(_ view: BodyView) -> JSON? {
        switch view.data["access"]?["direction"]?.text {
        case "entry": "IN"
        case "exit": "OUT"
        default: JSON?.none
        }
    }
}
