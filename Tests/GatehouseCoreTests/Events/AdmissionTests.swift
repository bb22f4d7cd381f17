import Foundation
import GatehouseCore
import Testing

@Suite struct AdmissionTests {
    static let now = Instant(seconds: 1_773_216_930)

    @Test func validDraftBecomesAnEventWithLabels() throws {
        let admitted = try admit(Self.draft())
        #expect(admitted.event.kind == .accessGranted)
        #expect(admitted.event.organization.text == "acme")
        #expect(admitted.event.labels.doorName == "Lobby")
        #expect(admitted.event.labels.panelName == "Main")
        #expect(admitted.event.labels.timeZone == "Europe/Lisbon")
        #expect(admitted.event.received == Self.now)
    }

    @Test(arguments: [
        (#"{"type":"door.forcd"}"#, ValidationError.Code.unknownKind, "type"),
        (#"{"type":"gateway.test"}"#, .unknownKind, "type"),
        (#"{"type":7}"#, .wrongType, "type"),
        (#"{"id":null}"#, .wrongType, "id"),
        (#"{"id":""}"#, .outOfBounds, "id"),
        (#"{"source":"a\u0000b"}"#, .outOfBounds, "source"),
        (#"{"source":"/gatehouse"}"#, .outOfBounds, "source"),
        (#"{"specversion":"0.3"}"#, .outOfBounds, "specversion"),
        (#"{"time":"yesterday"}"#, .wrongType, "time"),
        (#"{"time":"2036-03-11T08:15:30Z"}"#, .outOfBounds, "time"),
        (#"{"organization":"other"}"#, .unknownOrganization, "organization"),
        (#"{"organization":"nobody"}"#, .unknownOrganization, "organization"),
        (#"{"Colour":"red"}"#, .unknownField, "Colour"),
        (#"{"gatehouseid":"x"}"#, .unknownField, "gatehouseid"),
        (#"{"datacontenttype":"text/plain"}"#, .outOfBounds, "datacontenttype"),
        (#"{"data":[]}"#, .wrongType, "data"),
        (#"{"data":{"door":"lobbi"}}"#, .unknownDoor, "data.door"),
        (#"{"data":{"panel":"9"}}"#, .unknownPanel, "data.panel"),
        (#"{"data":{"door":"gate","panel":"1070000"}}"#, .unknownDoor, "data.door"),
        (#"{"data":{"door":7}}"#, .wrongType, "data.door"),
        (#"{"data":{"persona":{}}}"#, .unknownField, "data.persona"),
        (#"{"data":{"punch":{}}}"#, .misplacedBlock, "data.punch"),
        (#"{"data":{"person":{"firstname":"Ana"}}}"#, .unknownField, "data.person.firstname"),
        (#"{"data":{"person":{"email":7}}}"#, .wrongType, "data.person.email"),
        (#"{"data":{"access":{"direction":"up"}}}"#, .wrongType, "data.access.direction"),
    ])
    func eachBrokenRuleIsNamed(change: String, code: ValidationError.Code, field: String) throws {
        let fault = try #require(throws: ValidationError.self) { _ = try admit(Self.draft(with: change)) }
        #expect(fault.code == code)
        #expect(fault.field == field)
    }

    @Test(arguments: ["specversion", "id", "source", "type"])
    func missingRequiredValueIsAFault(attribute: String) throws {
        var draft = try #require(Self.draft().object)
        draft[attribute] = nil
        let fault = try #require(throws: ValidationError.self) { _ = try admit(.object(draft)) }
        #expect(fault.code == .missingField)
        #expect(fault.field == attribute)
    }

    @Test func faultInABatchHasItsPlace() throws {
        var random = SeededRandom(seed: 1)
        let batch = [Self.draft(), Self.draft(with: #"{"id":"2"}"#), Self.draft(with: #"{"type":"nothing"}"#)]
        let fault = try #require(throws: ValidationError.self) {
            _ = try Self.admission.admit(batch: batch, using: &random)
        }
        #expect(fault.index == 2)
    }

    @Test func keyAboveTheTreesMustNameTheOrganization() throws {
        var random = SeededRandom(seed: 1)
        let above = Admission(directory: Self.directory, caller: .init(of: nil, role: .admin), now: Self.now)
        let unplaced = Self.draft(with: #"{"data":{}}"#)
        let fault = try #require(throws: ValidationError.self) { _ = try above.admit(unplaced, using: &random) }
        #expect(fault.code == .missingField)
        #expect(fault.field == "organization")
        #expect(throws: Never.self) { try above.admit(Self.draft(with: #"{"organization":"acme"}"#), using: &random) }
    }

    @Test func anEventMayBelongToAnOrganizationBelow() throws {
        let event = try admit(Self.draft(with: #"{"organization":"acme-north","data":{}}"#)).event
        #expect(event.organization.text == "acme-north")
    }

    @Test func digestDependsOnContentAndNotOnSpelling() throws {
        let one = try JSONParser.parse(Array(#"{"specversion":"1.0","id":"1","source":"s","type":"door.opened"}"#.utf8))
        let other = try JSONParser.parse(
            Array(#"{ "type":"door.opened", "source":"s","id":"1","specversion":"1.0"}"#.utf8))
        let third = try JSONParser.parse(
            Array(#"{"specversion":"1.0","id":"1","source":"s","type":"door.closed"}"#.utf8))
        #expect(try admit(one).digest == admit(other).digest)
        #expect(try admit(one).digest != admit(third).digest)
    }

    @Test func anEventOverItsSizeIsTooLarge() throws {
        let long = String(repeating: "x", count: 300_000)
        let draft = Self.draft(with: #"{"data":{"details":{"note":"\#(long)"}}}"#)
        #expect(try #require(throws: ValidationError.self) { _ = try admit(draft) }.code == .tooLarge)
    }

    @Test func textsAreCountedInScalars() throws {
        let name = String(repeating: "e\u{301}", count: 101)
        let draft = Self.draft(with: #"{"type":"access.granted","data":{"person":{"firstName":"\#(name)"}}}"#)
        let fault = try #require(throws: ValidationError.self) { _ = try admit(draft) }
        #expect(fault.code == .wrongType && fault.field == "data.person.firstName")
    }

    @Test func storedEventIsReadBack() throws {
        let event = try admit(Self.draft()).event
        let again = try #require(Event(stored: event.stored))
        #expect(again.stored == event.stored)
        #expect(again.cloudEvent(at: .everything) == event.cloudEvent(at: .everything))
        #expect(Event(stored: Array(event.stored.dropLast())) == nil)
    }

    /// A day that is always two hours behind.
    private struct Island: TimeZones {
        func offsetMinutes(of zone: String, at instant: Instant) -> Int? { zone == "Europe/Lisbon" ? -120 : nil }
    }

    @Test(
        arguments: [
            ("2026-03-11T08:15:30Z", -120), ("2026-03-11T08:15:30+00:00", -120), ("2026-03-11T08:15:30-00:00", -120),
            ("2026-03-11T08:15:30+0000", -120), ("2026-03-11T08:15:30+00", -120), ("2026-03-11T08:15:30+01:00", nil),
        ] as [(String, Int?)])
    func aTimeInUTCHasTheOffsetOfItsPlaceBesideIt(time: String, offset: Int?) throws {
        let draft = Self.draft(with: #"{"time":"\#(time)"}"#)
        #expect(try admit(draft).event.labels.offsetMinutes == nil, "without time zones there is no offset")
        var directory = Self.directory
        directory.timeZones = Island()
        let admission = Admission(
            directory: directory, caller: .init(of: OrganizationID("acme"), role: .admin), now: Self.now)
        var random = SeededRandom(seed: 7)
        let event = try admission.admit(draft, using: &random).event
        #expect(event.labels.offsetMinutes == offset)
        #expect(Event(stored: event.stored)?.labels == event.labels)
    }

    @Test(
        arguments: [
            ("2026-03-11T06:15:30", "2026-03-11T06:15:30-02:00"), ("2026-03-11 06:15", "2026-03-11T06:15:00-02:00"),
            ("2026-03-11", "2026-03-11T00:00:00-02:00"), ("2026-03-10T24:00:00.5", nil),
            ("2026-03-10T24:00", "2026-03-11T00:00:00-02:00"), ("2026-03-11T08:15:30+0000", "2026-03-11T08:15:30Z"),
        ] as [(String, String?)])
    func aTimeWithoutAZoneIsThatOfItsPlace(told: String, text: String?) throws {
        var directory = Self.directory
        directory.timeZones = Island()
        let admission = Admission(
            directory: directory, caller: .init(of: OrganizationID("acme"), role: .admin), now: Self.now)
        var random = SeededRandom(seed: 7)
        let draft = Self.draft(with: #"{"time":"\#(told)"}"#)
        guard let text else {
            #expect(throws: ValidationError.self) { try admission.admit(draft, using: &random) }
            return
        }
        let event = try admission.admit(draft, using: &random).event
        #expect(event.time.text == text && event.time == EventTime(text))
        #expect((event.labels.offsetMinutes == nil) == !event.time.isInUTC)
        #expect(event.cloudEvent(at: .everything)["time"] == .string(text))
        #expect(Event(stored: event.stored)?.time == event.time)
    }

    @Test func timeOfAnOlderStoreIsSentInOneForm() throws {
        let kept = try admit(Self.draft(with: #"{"time":"2026-03-11T08:15:30Z"}"#)).event.stored
        for (old, text) in [
            ("2026-03-11t08:15:30z", "2026-03-11T08:15:30Z"), ("2026-03-11 08:14:60Z", "2026-03-11T08:14:59.999999Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ] {
            let stored = String(decoding: kept, as: UTF8.self).replacing("2026-03-11T08:15:30Z", with: old)
            let event = try #require(Event(stored: Array(stored.utf8)))
            #expect(event.cloudEvent(at: .everything)["time"] == .string(text))
        }
    }

    /// Every shipped example of the five systems' documents.
    @Test func everyExampleIsAdmitted() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Examples/events")
        let building = try JSONParser.parse(Array(Data(contentsOf: folder.appending(path: "building.json"))))
        var directory = Directory()
        let acme = OrganizationID("acme")
        directory.put(Organization(id: acme, name: "Acme", parent: nil))
        for item in try #require(building["panels"]?.items) {
            directory.put(
                Panel(
                    id: PanelID(try #require(item["id"]?.text)), organization: acme, name: item["name"]?.text ?? "",
                    number: item["number"]?.integer))
        }
        for item in try #require(building["doors"]?.items) {
            let id = try #require(item["panel"]?.text)
            let panel = try #require(directory.panel(PanelID(id), in: acme))
            directory.put(
                Door(
                    id: DoorID(try #require(item["id"]?.text)), panel: panel,
                    number: try #require(item["number"]?.integer), name: item["name"]?.text ?? ""))
        }
        let admission = Admission(directory: directory, caller: .init(of: acme, role: .admin), now: Self.now)
        var random = SeededRandom(seed: 1)
        let lines = try Data(contentsOf: folder.appending(path: "seeds.jsonl")).split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 119)
        for line in lines {
            let document = try JSONParser.parse(Array(line))
            #expect(throws: Never.self, "\(document.compact.prefix(120))") {
                try admission.admit(document, using: &random)
            }
        }
    }

    private func admit(_ draft: JSON) throws -> AdmittedEvent {
        var random = SeededRandom(seed: 7)
        return try Self.admission.admit(draft, using: &random)
    }

    static var admission: Admission {
        Admission(directory: directory, caller: .init(of: OrganizationID("acme"), role: .admin), now: now)
    }

    static let directory: Directory = {
        var directory = Directory()
        let acme = OrganizationID("acme")
        directory.put(Organization(id: acme, name: "Acme", parent: nil, timeZone: "Europe/Lisbon"))
        directory.put(Organization(id: OrganizationID("acme-north"), name: "North", parent: acme))
        directory.put(Organization(id: OrganizationID("other"), name: "Other", parent: nil))
        let main = Panel(id: PanelID("1070000"), organization: acme, name: "Main", number: 7)
        let yard = Panel(id: PanelID("yard"), organization: acme, name: "Yard", number: nil)
        directory.put(main)
        directory.put(yard)
        directory.put(Door(id: DoorID("lobby"), panel: main, number: 1, name: "Lobby"))
        directory.put(Door(id: DoorID("gate"), panel: yard, number: 1, name: "Gate"))
        return directory
    }()

    /// The usual draft with some changed attributes.
    static func draft(with change: String = "{}") -> JSON {
        let usual = #"""
            {"specversion":"1.0","id":"1","source":"/panels/1070000","type":"access.granted",
             "time":"2026-03-11T08:15:30.250Z",
             "data":{"panel":"1070000","door":"lobby","person":{"id":"31","firstName":"Ana"},
             "access":{"direction":"entry","authorized":true}}}
            """#
        guard var draft = (try? JSONParser.parse(Array(usual.utf8)))?.object,
            let members = (try? JSONParser.parse(Array(change.utf8)))?.object?.members
        else { preconditionFailure("the draft is well formed") }
        for member in members { draft[member.key] = member.value }
        return .object(draft)
    }
}
