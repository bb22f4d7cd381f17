internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// A duty of every contract to its receivers: with any text of a reporter in `details`, a field of the contract has the
/// contract's type, the body can be read, and the event's own values stay.
@Suite struct HostileDetailsTests {
    /// A contract whose bodies are checked by types of values; Standard's carries `details` unchanged.
    private static let contracts = Spoken.all.filter { Sorts.of($0) != nil }

    private static let hostile: [JSON] = [
        ["a": ["b": 1]], [1, [2]], .null, true, 1, "wrong", "", huge, fraction,
        .string(String(repeating: "9", count: 400)),
    ]
    private static let huge = (try? JSONParser.parse(Array("1e400".utf8))) ?? .null
    private static let fraction = (try? JSONParser.parse(Array("-0.5".utf8))) ?? .null

    /// Every name under which a dialect reads `details`, and the names in its bodies.
    private static func names(_ spoken: Spoken) -> [String] {
        let read = [
            "dateTime", "timestamp", "pin", "timeScheduleId", "personProfileId", "cameraId", "inputOutputId",
            "resourceType", "accountId", "type", "category", "priority", "number", "owner", "apartment", "channel",
            "text", "event", "person", "people",
        ]
        return Set(read).union(Sorts.of(spoken)?.names ?? []).sorted()
    }

    /// One name at a time, where everything may be said.
    @Test(arguments: contracts)
    func detailNeverChangesTheTypeOfAField(_ spoken: Spoken) throws {
        let subscription = try spoken.subscription(["privacyLevel": 0])
        let (names, sorts) = (Self.names(spoken), try #require(Sorts.of(spoken)))
        for kind in spoken.dialect.vocabulary.sayable.kinds where kind != .gatewayTest {
            for name in names {
                for value in Self.hostile {
                    let details = JSONObject([.init(name, value)])
                    try Self.check(spoken.prepare(Self.event(kind, details), for: subscription), kind, details, sorts)
                }
            }
        }
    }

    /// All names together, each with another value; every pair of a name and a value is there once.
    @Test(arguments: contracts, PrivacyLevel.allCases)
    func detailsNeverChangeTheTypeOfAField(_ spoken: Spoken, _ level: PrivacyLevel) throws {
        let subscription = try spoken.subscription(["privacyLevel": .integer(level.rawValue)])
        let (names, sorts) = (Self.names(spoken), try #require(Sorts.of(spoken)))
        for kind in spoken.dialect.vocabulary.sayable.kinds where kind != .gatewayTest {
            for turn in Self.hostile.indices {
                let members = names.enumerated().map { place, name in
                    JSONObject.Member(name, Self.hostile[(place + turn) % Self.hostile.count])
                }
                let details = JSONObject(members)
                try Self.check(spoken.prepare(Self.event(kind, details), for: subscription), kind, details, sorts)
            }
        }
    }

    private static func check(
        _ request: PreparedRequest, _ kind: Kind, _ details: JSONObject, _ sorts: Sorts
    ) throws {
        let wrong = sorts.wrong(in: try JSONParser.parse(request.body), of: kind)
        #expect(wrong.isEmpty, "\(kind.name) with \(JSON.object(details).compact.prefix(80)): \(wrong)")
    }

    /// The objects of persons, which reporters fill field by field.
    @Test func fieldsOfAPersonKeepTheirTypes() throws {
        let spoken = try #require(Spoken.all.first { $0.dialect is OneUpVisionDialect })
        let subscription = try spoken.subscription(["privacyLevel": 0])
        let sorts = try #require(Sorts.of(spoken))
        for kind: Kind in [.personCreated, .punchCreated, .attendanceCreated, .personBulkCreated, .visitUpdated] {
            for name in Self.names(spoken) {
                for value in Self.hostile {
                    let fields: JSON = .object(JSONObject([.init("id", 7), .init(name, value)]))
                    let event = Self.event(
                        kind, ["person": fields, "people": [fields]],
                        also: ["punch": fields, "attendance": fields, "visit": fields])
                    let body = try JSONParser.parse(spoken.prepare(event, for: subscription).body)
                    let wrong = sorts.wrong(in: body, of: kind)
                    #expect(wrong.isEmpty, "\(kind.name) with \(name) \(value.compact.prefix(40)): \(wrong)")
                }
            }
        }
    }

    @Test func detailsNeverReplaceTheEventsTime() throws {
        for (dialect, kind, key) in [
            ("situator", Kind.personCreated, "dateTime"), ("prodatakey", .panelConnected, "timestamp"),
        ] {
            let spoken = try #require(Spoken.all.first { $0.dialect.name.text == dialect })
            let subscription = try spoken.subscription(["privacyLevel": 0])
            let plain = try JSONParser.parse(spoken.prepare(Self.event(kind, [:]), for: subscription).body)
            for value in Self.hostile + ["1999-01-01T00:00:00Z"] {
                let event = Self.event(kind, JSONObject([.init(key, value)]))
                let body = try JSONParser.parse(spoken.prepare(event, for: subscription).body)
                #expect(body[key] == plain[key], "\(dialect): \(value.compact.prefix(40))")
            }
        }
    }

    /// Ids given as text are numbers where the contract has numbers, if they are spelled as numbers.
    @Test func idGivenAsTextIsANumberOrMissing() throws {
        let situator = try #require(Spoken.all.first { $0.dialect is SituatorDialect })
        let subscription = try situator.subscription()
        for (told, written): (JSON, JSON) in [(4, 4), ("4", 4), ("04", .null), ("night", .null), (.null, .null)] {
            let event = Self.event(.personZonesChanged, ["timeScheduleId": told])
            let body = try JSONParser.parse(situator.prepare(event, for: subscription).body)
            #expect(body["timeScheduleId"] == written, "\(told)")
        }
        let prodatakey = try #require(Spoken.all.first { $0.dialect is ProdataKeyDialect })
        for (told, written): (JSON, JSON?) in [(4, 4), ("4", 4), ("night", .none)] {
            let event = Self.event(.doorAutoOpenStarted, ["ruleId": told])
            let body = try JSONParser.parse(prodatakey.prepare(event, for: try prodatakey.subscription()).body)
            #expect(body["body"]?["ruleId"] == written, "\(told)")
        }
    }

    private static func event(_ kind: Kind, _ details: JSONObject, also more: JSONObject = [:]) -> Event {
        let blocks = Catalogue.row(of: kind).blocks
        var data = JSONObject(
            Canary.event(kind).data.members.filter { !["details", "punch", "attendance", "visit"].contains($0.key) })
        for member in more.members where Block(rawValue: member.key).map(blocks.contains) ?? false {
            data[member.key] = member.value
        }
        data["details"] = .object(details)
        var numbers = Numbers()
        numbers.position = 45
        for subject in [Numbers.Subject.account, .person, .visitor, .vehicle, .unit, .credential, .zone] {
            numbers[subject] = 31
        }
        return Building.event(kind, data).numbered(numbers)
    }
}

/// The types of a contract's values by key.
struct Sorts: Sendable {
    /// The types that a key may have, in letters: t text, i whole number, n any number, b boolean, o object, l list, 0
    /// null, and `*` for anything.
    private let byKey: [String: String]
    /// The vendor's examples by topic, if the meaning of keys depends on the topic.
    private let examples: [String: JSON]

    /// The keys that are known.
    var names: Set<String> { Set(byKey.keys).union(examples.values.flatMap { Self.keys(of: $0) }) }

    // swift-format-ignore
    private static let tables: [String: [(sorts: String, keys: String)]] = [
        "situator": [
            ("t", "type dateTime"), ("i", "direction openingType subtype eventId"), ("b", "authorized duress"),
            ("i0", "id accountId zoneId serverId doorId personId visitorId vehicleId unitId schedulingId accessCardId fingerprintId timeScheduleId personProfileId cameraId inputOutputId cardType"),
            ("o0", "credential"), ("it0", "pin resourceType number value"), ("t0", "wiegand26 wiegand34 code"),
        ],
        "basip": [
            ("t", "event_type owner type apartment_address category priority text"), ("i", "created_at event_id lock"), ("o", "data"), ("it", "number"),
        ],
        "placeos": [("t", "door_id timestamp signature action card_id user_name user_email")],
        "oneupvision": [
            ("i0", "id space_id organization_id shift_id person_id people_form_schema_revision_id"), ("b0", "is_blacklisted"),
            ("t0", "punched_at punch_type photo_url body_temp_unit body_temp_status first_name last_name mobile_number email dob primary_face_image_url picture_url created_at updated_at attendance_date checked_in_at checked_out_at purpose company name code type"),
            ("ntib0", "body_temp"), ("o0", "shift attendance people_custom_data visitor"), ("o", "person punch visit"), ("l", "people"), ("ot0", "host"),
        ],
        "prodatakey": [],
    ]

    static func of(_ spoken: Spoken) -> Sorts? {
        guard let table = tables[spoken.dialect.name.text] else { return nil }
        let keys = table.flatMap { row in row.keys.split(separator: " ").map { (String($0), row.sorts) } }
        let examples = spoken.dialect is ProdataKeyDialect ? (try? ProdataKeyExamples.all()) ?? [] : []
        return Sorts(
            byKey: Dictionary(keys) { first, _ in first },
            examples: Dictionary(
                examples.map { ($0.topic, $0.body) }
            ) { first, _ in first })
    }

    /// The paths of a body with a value that the contract does not have there.
    func wrong(in body: JSON, of kind: Kind) -> [String] {
        if !examples.isEmpty {
            guard let topic = body["topic"]?.text, let example = examples[topic] else { return ["topic"] }
            return Self.wrong(body, against: example, at: "")
        }
        return wrong(body, at: "")
    }

    private func wrong(_ value: JSON, at path: String) -> [String] {
        switch value {
        case .object(let object):
            object.members.flatMap { member -> [String] in
                guard let sorts = byKey[member.key] else {
                    return path.contains("shift.") || path.contains("attendance.")
                        ? [] : [path + member.key + " is unknown"]
                }
                let here = sorts.contains(Self.letter(of: member.value)) ? [] : [path + member.key]
                let isFree = member.key == "people_custom_data" || member.key == "host"
                return here + (isFree ? [] : wrong(member.value, at: path + member.key + "."))
            }
        case .array(let items): items.flatMap { wrong($0, at: path) }
        case .null, .bool, .number, .string: []
        }
    }

    private static func wrong(_ value: JSON, against example: JSON, at path: String) -> [String] {
        guard let object = value.object, let known = example.object else { return [] }
        return object.members.flatMap { member -> [String] in
            guard let expected = known[member.key] else { return [] }
            if expected == .null {
                return member.value.object == nil && member.value.items == nil ? [] : [path + member.key]
            }
            if letter(of: member.value) != letter(of: expected), !isBoth(member, expected) {
                return [path + member.key]
            }
            return wrong(member.value, against: expected, at: path + member.key + ".")
        }
    }

    /// Measured values may be fractions, and the contract has ids of users as text in some places and as numbers in
    /// others.
    private static func isBoth(_ member: JSONObject.Member, _ expected: JSON) -> Bool {
        let isReading = ["batteryLevel", "time", "current", "voltage"].contains(member.key)
        if isReading, case .number = member.value { return true }
        let mayBeText = ["userId", "id", "parent"].contains(member.key)
        return mayBeText && (member.value.text != nil || member.value.integer != nil || member.value == .null)
    }

    private static func letter(of value: JSON) -> Character {
        switch value {
        case .null: "0"
        case .bool: "b"
        case .number: value.integer == nil ? "n" : "i"
        case .string: "t"
        case .array: "l"
        case .object: "o"
        }
    }

    private static func keys(of value: JSON) -> [String] {
        switch value {
        case .object(let object): object.members.flatMap { [$0.key] + keys(of: $0.value) }
        case .array(let items): items.flatMap { keys(of: $0) }
        case .null, .bool, .number, .string: []
        }
    }
}
