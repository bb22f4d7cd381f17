internal import GatehouseCore
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// A duty of every contract to its receivers: a body has every key that the contract requires, or it is not owed and
/// the reason is given. Tested for every kind and the sparsest events.
@Suite struct RequiredKeysTests {
    /// The building, and a second door at its panel if the panel's door must not follow from the panel.
    private static func directory(doors: Int) -> Directory {
        var directory = Building.directory
        let panel = Panel(id: PanelID("1070000"), organization: Building.organization, name: "Panel", number: 7)
        if doors == 2 { directory.put(Door(id: DoorID("back"), panel: panel, number: 4, name: "Back")) }
        if doors == 0, let door = directory.door(DoorID("lobby"), in: Building.organization) { directory.remove(door) }
        return directory
    }

    private static let sparse: [(name: String, data: JSONObject, doors: Int)] = [
        ("nothing", [:], 1), ("a door", ["door": "lobby"], 1), ("an unknown door", ["door": "cellar"], 1),
        ("an unknown door at a panel", ["panel": "1070000", "door": "cellar"], 1),
        ("a panel with one door", ["panel": "1070000"], 1),
        ("a panel with two doors", ["panel": "1070000"], 2), ("a panel without doors", ["panel": "1070000"], 0),
        ("a person", ["person": ["id": "ana"]], 1), ("a person without an id", ["person": ["firstName": "Ana"]], 1),
        ("a person at a door", ["door": "lobby", "person": ["id": "ana"]], 1),
        ("empty records", ["punch": [:], "attendance": [:], "visit": [:], "credential": [:], "occurrence": [:]], 1),
        ("people without ids", ["details": ["people": [["id": 1], ["first_name": "Ana"]]]], 1),
    ]

    private static func event(_ kind: Kind, _ data: JSONObject, doors: Int) -> Event {
        let blocks = Catalogue.row(of: kind).blocks
        let fit = JSONObject(data.members.filter { Block(rawValue: $0.key).map(blocks.contains) ?? false })
        var random = SeededRandom(seed: UInt64(kind.rawValue) + 1)
        var whole = fit
        if kind == .doorUnlockCommanded { whole["details"] = ["outcome": "opened"] }
        let event = AdmittedEvent.own(
            kind, of: Building.organization, data: whole, in: directory(doors: doors), at: Building.now, using: &random
        ).event
        var parts = Event.Parts(
            id: event.id, kind: kind, organization: event.organization, received: event.received)
        (parts.source, parts.sourceID, parts.time, parts.data) = (event.source, event.sourceID, event.time, event.data)
        parts.labels = event.labels
        // Every door counts as an attendance point, so that passages are reported as punches.
        parts.labels.isAttendancePoint = true
        return Event(parts)
    }

    @Test(arguments: Spoken.all)
    func bodyHasEveryRequiredKeyOrIsNotOwed(_ spoken: Spoken) throws {
        let subscription = try spoken.subscription(["privacyLevel": 2])
        let book = GivenNumbers()
        var (owed, unsayable) = (0, 0)
        for kind in spoken.dialect.vocabulary.sayable.kinds {
            for (name, data, doors) in Self.sparse {
                let event = Self.event(kind, data, doors: doors)
                let owing = spoken.dialect.owing(of: event, for: subscription)
                #expect(spoken.dialect.names(of: event, for: subscription) == owing.names)
                let numbered = book.number(event)
                #expect(
                    spoken.dialect.owing(of: numbered, for: subscription) == owing, "\(kind.name): \(name), once kept")
                switch owing {
                case .nothing: break
                case .unsayable(let keys):
                    unsayable += 1
                    #expect(!keys.isEmpty)
                case .names:
                    owed += 1
                    let body = try JSONParser.parse(spoken.prepare(numbered, for: subscription).body)
                    let lacking = Self.required(of: body, kind, by: spoken).filter { !Self.stands($0, in: body) }
                    #expect(lacking.isEmpty, "\(kind.name) with \(name): \(lacking) in \(body.compact)")
                    let wrong = Sorts.of(spoken)?.wrong(in: body, of: kind) ?? []
                    #expect(wrong.isEmpty, "\(kind.name) with \(name): \(wrong) in \(body.compact)")
                }
            }
        }
        #expect(owed > 0)
        let asksForNothing = ["standard", "basip", "acme-turnstiles"].contains(spoken.dialect.name.text)
        #expect(asksForNothing || unsayable > 0)
    }

    // swift-format-ignore
    /// The contracts' required keys, with those of the seeds' examples; paths go into lists.
    private static let keys: [String: [(names: String, keys: String)]] = [
        "standard": [("*", "specversion id source type time organization gatehouseid")],
        "placeos": [("*", "door_id timestamp action")],
        "basip": [("*", "data.lock data.number data.owner data.type data.apartment_address data.category data.priority data.text created_at event_id event_type")],
        "situator": [
            ("*", "type dateTime accountId"), ("access", "id serverId doorId direction authorized openingType duress"),
            ("occurrence", "subtype id eventId"), ("person personCredencial personUnit personZones personAccess fingerprint imageAccesses", "subtype personId"),
            ("scheduling visitorScheduling", "schedulingId"), ("credential", "accessCardId"), ("unit", "unitId"), ("zone", "zoneId"),
            ("vehicle personVehicle", "vehicleId"),
        ],
        "oneupvision": [
            ("person", "person.id person.created_at person.updated_at person.organization_id"),
            ("punch", "punch.id punch.punched_at punch.person.id punch.person.created_at punch.created_at punch.updated_at punch.organization_id"),
            ("attendance", "attendance.id attendance.attendance_date attendance.person_id attendance.person.id attendance.created_at attendance.updated_at attendance.organization_id"),
            ("visit", "visit.id visit.created_at visit.updated_at visit.organization_id"), ("people", "people people.id"),
        ],
    ]

    private static func required(of body: JSON, _ kind: Kind, by spoken: Spoken) -> [String] {
        if spoken.dialect is ProdataKeyDialect { return requiredByExample(of: body) }
        let name = body["type"]?.text ?? body.object?.members.first?.key ?? ""
        var keys = (Self.keys[spoken.dialect.name.text] ?? []).flatMap { row in
            let names = row.names.split(separator: " ").map(String.init)
            return names.contains("*") || names.contains(name) ? row.keys.split(separator: " ").map(String.init) : []
        }
        if kind == .visitCheckedIn, spoken.dialect is OneUpVisionDialect { keys.append("visit.checked_in_at") }
        if kind == .visitCheckedOut, spoken.dialect is OneUpVisionDialect { keys.append("visit.checked_out_at") }
        return keys
    }

    /// The keys for the event's name, place and time, if the topic's example has them.
    private static func requiredByExample(of body: JSON) -> [String] {
        guard let topic = body["topic"]?.text, let example = try? ProdataKeyExamples.body(of: topic) else {
            return ["topic"]
        }
        let isPerson = topic.hasPrefix("notification.person")
        let isNumbered = isPerson || topic.hasPrefix("notification.device")
        let keys =
            ["topic", "id", "panelId", "timestamp", "metadata.occurred", "body.doorId"]
            + (isNumbered ? ["body.id"] : [])
        // People belong to organizations: the reporting panel is written in the event.
        return keys.filter { stands($0, in: example) && !(isPerson && $0 == "panelId") }
    }

    private static func stands(_ path: String, in body: JSON) -> Bool {
        let keys = path.split(separator: ".").map(String.init)
        return stands(keys[...], in: body)
    }

    private static func stands(_ path: ArraySlice<String>, in value: JSON) -> Bool {
        if let items = value.items {
            return !items.isEmpty && (path.isEmpty || items.allSatisfy { stands(path, in: $0) })
        }
        guard let key = path.first else { return value != .null }
        return value[key].map { stands(path.dropFirst(), in: $0) } ?? false
    }

    // MARK: The orders in which a key is derived

    @Test func doorIsTheEventsOrThePanelsOnlyOneOrAnAlarmsPanel() throws {
        let spoken = try #require(Spoken.all.first { $0.dialect is PlaceOSDialect })
        let subscription = try spoken.subscription()
        for (kind, data, doors, door): (Kind, JSONObject, Int, JSON?) in [
            (.accessGranted, ["door": "lobby"], 2, "lobby"), (.accessGranted, ["panel": "1070000"], 1, "lobby"),
            (.accessGranted, ["panel": "1070000"], 2, .none), (.accessGranted, [:], 1, .none),
            (.doorForced, ["panel": "1070000"], 1, "lobby"), (.doorForced, ["panel": "1070000"], 2, "1070000"),
            (.deviceTampered, ["panel": "1070000"], 0, "1070000"), (.deviceTampered, [:], 1, .none),
        ] {
            let event = Self.event(kind, data, doors: doors)
            let owing = spoken.dialect.owing(of: event, for: subscription)
            guard let door else {
                #expect(owing == .unsayable(lacking: ["door_id"]), "\(kind.name) \(JSON.object(data).compact)")
                continue
            }
            #expect(!owing.names.isEmpty)
            #expect(try JSONParser.parse(spoken.prepare(event, for: subscription).body)["door_id"] == door)
        }
    }

    /// A door can be registered by an id that the directory does not have, or no longer.
    @Test func passageAtADoorWithoutANumberCannotBeSent() throws {
        let spoken = try #require(Spoken.all.first { $0.dialect is SituatorDialect })
        let other = try spoken.subscription(["settings": ["doors": [["door": "cellar"], ["door": "lobby"]]]])
        for (data, lacking): (JSONObject, [String]) in [
            (["door": "cellar"], ["serverId", "doorId"]), (["panel": "1070000", "door": "cellar"], ["doorId"]),
            (["door": "lobby"], []),
        ] {
            let owing = spoken.dialect.owing(of: Self.event(.accessDuress, data, doors: 1), for: other)
            let right: Owing = lacking.isEmpty ? .names([VendorName("access")]) : .unsayable(lacking: lacking)
            #expect(owing == right, "\(JSON.object(data).compact)")
        }
    }

    @Test func subscriptionWithoutKindsMissesNothing() throws {
        let spoken = try #require(Spoken.all.first { $0.dialect is OneUpVisionDialect })
        let other = try spoken.subscription(["settings": ["events": ["visit.checkin"]]])
        let anonymous = Self.event(.accessGranted, ["door": "lobby"], doors: 1)
        #expect(spoken.dialect.owing(of: anonymous, for: other) == .nothing)
        #expect(
            spoken.dialect.owing(of: anonymous, for: try spoken.subscription())
                == .unsayable(lacking: ["punch.person.id"]))
    }
}
