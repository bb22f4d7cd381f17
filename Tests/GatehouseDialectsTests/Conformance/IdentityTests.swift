internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// A duty of every contract to its receivers: one subject has the same id in every body, and two subjects have
/// different ids.
@Suite struct IdentityTests {
    /// Ids that are numbers, ids that are not, and ids that collide with assigned numbers or those of events.
    private static let ids = ["31", "7", "ana", "007", "1000000001", "1000000003", "1600000001", "2147483647"]

    /// An event of a kind in which every subject has the same id; without an id, a record has the event's number.
    private static func event(_ kind: Kind, _ id: String?, _ number: UInt64) -> Event {
        let named: JSON = id.map { ["id": .string($0)] } ?? [:]
        let record: JSON = id.map { ["id": .string($0), "person_id": .string($0), "shift_id": .string($0)] } ?? [:]
        var punch: JSONObject = ["punch_type": "IN", "shift": named, "attendance": record]
        punch["id"] = id.map { .string($0) }
        let person: JSON = ["id": .string(id ?? "31")]
        let all: JSONObject = [
            "panel": "1070000", "door": "lobby", "zone": named, "person": person, "visitor": named, "vehicle": named,
            "unit": named, "credential": named, "visit": named, "punch": .object(punch), "attendance": record,
            "occurrence": named, "access": ["direction": "entry"],
            "details": ["people": [person, named], "panelId": "1070000"],
        ]
        let blocks = Catalogue.row(of: kind).blocks
        let data = JSONObject(all.members.filter { Block(rawValue: $0.key).map(blocks.contains) ?? false })
        return Building.event(kind, data, number: number)
    }

    @Test(arguments: Spoken.all)
    func everyThingHasOneUniqueIDInEveryBody(_ spoken: Spoken) throws {
        let subscription = try spoken.subscription(["privacyLevel": 0])
        let book = GivenNumbers()
        var told: [Thing: Set<JSON>] = [:]
        var number: UInt64 = 0
        for id in Self.ids.map({ Optional($0) }) + [nil] {
            for kind in spoken.dialect.vocabulary.sayable.kinds {
                number += 1
                let event = book.number(Self.event(kind, id, number))
                let body = try JSONParser.parse(spoken.prepare(event, for: subscription).body)
                for (subject, value) in Places.told(in: body, by: spoken.dialect.name.text) {
                    // A passage is identified by its punch, with any other names.
                    let isItself = Self.records.contains(subject) && (id == nil || kind == .accessGranted)
                    let ours = isItself ? event.id.description : id ?? "31"
                    told[Thing(subject: subject, id: subject == .account ? "acme" : ours), default: []].insert(value)
                }
            }
        }
        for (thing, values) in told { #expect(values.count == 1, "\(thing): \(values.map(\.compact))") }
        let things = Dictionary(grouping: told.flatMap { thing, values in values.map { (thing, $0) } }) { pair in
            "\(pair.0.subject) \(pair.1.compact)"
        }
        for (value, pairs) in things { #expect(Set(pairs.map(\.0.id)).count == 1, "\(value): \(pairs.map(\.0.id))") }
        #expect(told.isEmpty == Places.none.contains(spoken.dialect.name.text))
    }

    /// Records that have the event's number if they have no id.
    private static let records: Set<Numbers.Subject> = [.visit, .occurrence, .punch, .attendance]

    private struct Thing: Hashable {
        let subject: Numbers.Subject
        let id: String
    }
}

/// The places of numbers of subjects in a contract's bodies.
enum Places {
    /// Contracts without numbers in place of our ids.
    static let none: Set<String> = ["standard", "placeos", "basip", "acme-turnstiles"]

    // swift-format-ignore
    private static let bySituator: [String: Numbers.Subject] = [
        "personId": .person, "visitorId": .visitor, "vehicleId": .vehicle, "unitId": .unit, "zoneId": .zone, "schedulingId": .visit,
        "accessCardId": .credential, "fingerprintId": .credential, "accountId": .account,
    ]
    // swift-format-ignore
    private static let byOneUpVision: [String: Numbers.Subject] = [
        "person.id": .person, "people.id": .person, "person_id": .person, "shift.id": .shift, "shift_id": .shift, "attendance.id": .attendance,
        "punch.id": .punch, "visit.id": .visit, "visitor.id": .visitor, "organization_id": .account,
    ]

    static func told(in body: JSON, by dialect: String) -> [(Numbers.Subject, JSON)] {
        switch dialect {
        case "situator":
            let own: [(Numbers.Subject, JSON)] =
                body["type"] == "occurrence" ? [(.occurrence, body["id"] ?? .null)] : []
            return own + numbers(in: body, under: "", by: bySituator)
        case "prodatakey":
            let isPerson = body["topic"]?.text?.hasPrefix("notification.person") ?? false
            let person = isPerson ? body["body"]?["id"] : nil
            return (person.map { [(.person, $0)] } ?? []) + numbers(in: body, under: "", by: ["personId": .person])
        case "oneupvision": return numbers(in: body, under: "", by: byOneUpVision)
        default: return []
        }
    }

    private static func numbers(
        in value: JSON, under key: String, by places: [String: Numbers.Subject]
    ) -> [(Numbers.Subject, JSON)] {
        switch value {
        case .object(let object):
            object.members.flatMap { member -> [(Numbers.Subject, JSON)] in
                let subject = places[member.key] ?? places["\(key).\(member.key)"]
                let here = subject.flatMap { member.value == .null ? nil : [($0, member.value)] } ?? []
                return here + numbers(in: member.value, under: member.key, by: places)
            }
        case .array(let items): items.flatMap { numbers(in: $0, under: key, by: places) }
        case .null, .bool, .number, .string: []
        }
    }
}
