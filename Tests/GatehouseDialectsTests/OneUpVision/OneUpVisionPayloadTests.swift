internal import Foundation
internal import GatehouseCore
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// 1UPVISION's bodies: the seed's sample field by field, and all fields of ours that are read back.
@Suite struct OneUpVisionPayloadTests {
    static func sample() throws -> [UInt8] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/punch.create.json")
        return Array(try Data(contentsOf: file))
    }

    private func body(_ kind: Kind, _ data: JSONObject, at level: PrivacyLevel = .everything) throws -> JSON {
        try JSONParser.parse(OneUpVisionPayload.body(of: Self.event(kind, data), at: level))
    }

    /// An event with its numbers, at a door that counts as an attendance point.
    static func event(_ kind: Kind, _ data: JSONObject, isAttendancePoint: Bool = true) -> Event {
        let plain = Building.event(kind, data)
        var parts = Event.Parts(
            id: plain.id, kind: kind, organization: OrganizationID("7"), received: plain.received)
        parts.source = plain.source
        parts.sourceID = plain.sourceID
        parts.time = plain.time
        parts.data = data
        parts.labels = plain.labels
        parts.labels.isAttendancePoint = isAttendancePoint
        var numbers = Numbers()
        numbers.position = 45
        numbers[.account] = 7
        numbers[.person] = data["person"] == nil ? nil : 31
        numbers[.visitor] = data["visitor"] == nil ? nil : 8
        return Event(parts).numbered(numbers)
    }

    @Test func sampleIsWrittenUnchanged() throws {
        let sample = try Self.sample()
        #expect(sample.count == 929)
        let parsed = try OneUpVisionDialect().parse(sample)
        #expect(OneUpVisionPayload.body(of: parsed.admitted(), at: .everything) == sample)
    }

    @Test func sampleIsReadAsTheShippedEvent() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Examples/events/seeds.jsonl")
        let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
        let shipped = try #require(
            try lines.lazy.map { try JSONParser.parse(Array($0)) }
                .first { $0["source"] == "/seeds/oneupvision/punch.create" })
        let parsed = try OneUpVisionDialect().parse(Self.sample())
        #expect(parsed.kind.name == shipped["type"]?.text)
        #expect(parsed.sourceID == shipped["id"]?.text)
        #expect(parsed.time?.text == shipped["time"]?.text)
        #expect(parsed.data["punch"] == shipped["data"]?["punch"])
        #expect(
            Set(parsed.data["person"]?.object?.members ?? []) == Set(shipped["data"]?["person"]?.object?.members ?? []))
        #expect(parsed.data["details"] == shipped["data"]?["details"])
    }

    @Test func passageAtAnAttendancePointIsAPunch() throws {
        for (direction, type): (JSON, JSON) in [("entry", "IN"), ("exit", "OUT"), ("none", .null)] {
            let passage: JSONObject = [
                "panel": "1", "door": "lobby", "person": ["id": "31", "firstName": "Ana", "lastName": "Reis"],
                "access": ["direction": direction],
            ]
            let punch = try #require(try body(.accessGranted, passage)["punch"])
            #expect(
                punch.object?.members.map(\.key)
                    == (try JSONParser.parse(Self.sample()))["punch"]?.object?.members.map(\.key))
            #expect(punch["punch_type"] == type)
            #expect(punch["id"] == 1_000_000_045)
            #expect(punch["punched_at"] == "2026-03-11T08:15:30.250000Z")
            #expect(punch["person"]?["id"] == 31)
            #expect(punch["person"]?["first_name"] == "Ana")
            #expect(punch["shift"] == .null && punch["body_temp"] == .null && punch["photo_url"] == "")
            #expect(punch["organization_id"] == 7)
        }
        let elsewhere = Self.event(.accessGranted, ["panel": "1", "door": "lobby"], isAttendancePoint: false)
        #expect(OneUpVisionPayload.body(of: elsewhere, at: .everything).isEmpty)
    }

    private static let events: [(Kind, JSONObject)] = [
        (
            .personCreated,
            ["person": ["id": "31", "firstName": "Ana", "email": "ana@example.com"], "change": "created"]
        ),
        (.personUpdated, ["person": ["id": "31", "lastName": "Reis"], "change": "updated"]),
        (.personDeleted, ["person": ["id": "31"], "change": "deleted"]),
        (
            .personBulkCreated,
            ["change": "created", "details": ["people": [["id": 1, "first_name": "Ana"], ["id": 2]]]]
        ),
        (.personBulkUpdated, ["change": "updated", "details": ["people": [["id": 1, "email": "a@b.c"]]]]),
        (.personBulkDeleted, ["change": "deleted", "details": ["people": [["id": 1], ["id": 2]]]]),
        (.punchUpdated, ["person": ["id": "31"], "punch": ["id": 2, "punch_type": "OUT", "space_id": 4]]),
        (.attendanceCreated, ["person": ["id": "31"], "attendance": ["id": 3, "attendance_date": "2026-03-11"]]),
        (.attendanceUpdated, ["person": ["id": "31"], "attendance": ["id": 3, "shift_id": 5]]),
        (
            .visitCheckedIn,
            [
                "visit": ["id": 4, "checkedInAt": "2026-03-11T08:15:30Z", "purpose": "audit"],
                "visitor": ["id": "8", "firstName": "Rui", "company": "Sol"],
            ]
        ),
        (.visitCheckedOut, ["visit": ["id": 4, "checkedOutAt": "2026-03-11T09:15:30Z"]]),
        (.visitUpdated, ["visit": ["id": 4, "host": ["name": "Ana"]], "visitor": ["id": "8", "email": "r@s.t"]]),
    ]

    @Test(arguments: events)
    func fieldsAreReadBackUnderTheirNames(kind: Kind, data: JSONObject) throws {
        let name = try #require(OneUpVisionEvents.row(of: Self.event(kind, data))?.name)
        let body = OneUpVisionPayload.body(of: Self.event(kind, data), at: .everything)
        var headers = HTTPFields()
        headers[try #require(HTTPField.Name("X-ServiceHook-Event"))] = name
        let parsed = try OneUpVisionDialect().parse(body, with: headers)
        #expect(parsed.kind == kind)
        let again = Self.event(kind, parsed.data)
        #expect(OneUpVisionPayload.body(of: again, at: .everything) == body)
        for block in ["person", "visitor"] where data[block] != nil {
            #expect(parsed.data[block]?["id"] == data[block]?["id"])
        }
    }

    @Test func bulkEventHasAllPeopleAndDeletedOnesOnlyAsIDs() throws {
        let people = try body(.personBulkCreated, Self.events[3].1)["people"]?.items ?? []
        #expect(people.map { $0["id"] } == [1, 2])
        #expect(people[0]["first_name"] == "Ana" && people[1]["first_name"] == .null)
        let gone = try body(.personBulkDeleted, Self.events[5].1)
        #expect(gone == ["people": [["id": 1], ["id": 2]]])
    }

    @Test func withheldFieldIsNull() throws {
        let data: JSONObject = [
            "person": ["id": "31", "firstName": "Ana", "phone": "1"],
            "punch": ["id": 2, "shift": ["id": 1, "code": "x"]],
            "details": ["person": ["primary_face_image_url": "u", "dob": "2000-01-01"]],
        ]
        let all = try #require(try body(.punchCreated, data)["punch"])
        #expect(all["person"]?["first_name"] == "Ana" && all["person"]?["primary_face_image_url"] == "u")
        let one = try #require(try body(.punchCreated, data, at: .noCredentials)["punch"])
        #expect(one["person"]?["first_name"] == "Ana" && one["person"]?["primary_face_image_url"] == .null)
        #expect(one["shift"] == ["id": 1, "code": "x"], "a shift's code opens nothing")
        let two = try #require(try body(.punchCreated, data, at: .noPersons)["punch"])
        for key in ["first_name", "mobile_number", "dob"] { #expect(two["person"]?[key] == .null, "\(key)") }
        #expect(two["person"]?["id"] == 31)
        #expect(two.object?.members.map(\.key) == all.object?.members.map(\.key), "no key goes")
    }

    /// The event's own facts are used where its reporter gave none.
    @Test func requiredFieldComesFromTheEventItself() throws {
        let happened: JSON = "2026-03-11T08:15:30.250000Z"
        let person = try #require(try body(.personCreated, ["person": ["id": "31"]])["person"])
        #expect(person["created_at"] == happened && person["updated_at"] == happened)
        let punch = try #require(
            try body(.punchCreated, ["person": ["id": "31"], "punch": ["punch_type": "IN"]])["punch"])
        #expect(punch["id"] == 1_000_000_045 && punch["punched_at"] == happened && punch["created_at"] == happened)
        #expect(punch["person"]?["created_at"] == happened)
        let day = try #require(try body(.attendanceCreated, ["person": ["id": "31"], "attendance": [:]])["attendance"])
        #expect(day["id"] == 1_000_000_045 && day["attendance_date"] == "2026-03-11" && day["person_id"] == 31)
        let visit = try #require(try body(.visitCheckedIn, ["visit": ["purpose": "audit"]])["visit"])
        #expect(visit["id"] == 1_000_000_045 && visit["checked_in_at"] == happened && visit["checked_out_at"] == .null)
    }

    private static let broken: [(String, String?, ValidationError.Code, String)] = [
        (#"{"punch":5}"#, nil, .wrongType, "punch"), (#"{"punch":{}}"#, nil, .missingField, "punch.id"),
        (#"{"visit":{}}"#, nil, .missingField, "visit.id"), (#"{"person":{}}"#, nil, .missingField, "person.id"),
        (#"{"person":{"id":"x"}}"#, nil, .wrongType, "person.id"), (#"{"people":{}}"#, nil, .wrongType, "people"),
        (#"{"visit":{"id":1,"visitor":{"id":"x"}}}"#, nil, .wrongType, "visit.visitor.id"),
        (#"{"visit":{"id":1,"visitor":5}}"#, nil, .wrongType, "visit.visitor"),
        (#"{"punch":{"id":1,"person":5}}"#, nil, .wrongType, "punch.person"),
        (#"{"punch":{"id":1}}"#, "punch.delete", .unknownKind, "X-ServiceHook-Event"),
        (#"{"punch":{"id":1}}"#, "visit.update", .missingField, "visit"),
    ]

    @Test(arguments: broken)
    func faultInABodyIsNamed(body: String, name: String?, code: ValidationError.Code, field: String) throws {
        var headers = HTTPFields()
        headers[try #require(HTTPField.Name("X-ServiceHook-Event"))] = name
        do throws(ValidationError) {
            _ = try OneUpVisionDialect().parse(Array(body.utf8), with: headers)
            Issue.record("it was read")
        } catch {
            #expect(error.code == code && error.field == field, "\(error)")
        }
    }
}
