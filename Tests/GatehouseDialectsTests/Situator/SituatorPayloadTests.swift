internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// Bodies, written and read: the seed's examples come out unchanged, and so do our own bodies.
@Suite struct SituatorPayloadTests {
    private func written(_ event: Event, at level: PrivacyLevel = .everything) throws -> String {
        String(decoding: JSON.object(try #require(SituatorPayload.object(of: event, at: level))).bytes, as: UTF8.self)
    }

    @Test(arguments: SituatorExamples.all)
    func everyExampleIsWrittenUnchanged(_ type: String, _ body: String) throws {
        let parsed = try SituatorPayload.parse(Array(body.utf8))
        #expect(SituatorEvents.table.row(of: parsed.kind)?.type.name == type)
        #expect(try written(parsed.admitted()) == body)
    }

    @Test(arguments: SituatorExamples.all)
    func everyExampleIsReadAsTheShippedEvent(_ type: String, _ body: String) throws {
        let shipped = try #require(try SituatorExamples.shipped(type))
        let parsed = try SituatorPayload.parse(Array(body.utf8))
        #expect(parsed.kind.name == shipped["type"]?.text)
        #expect((parsed.time == nil) == (type != "access"), "the others print no time")
        #expect(parsed.time == nil || parsed.time?.text == shipped["time"]?.text)
        #expect(parsed.sourceID == (type == "access" ? "1891" : nil), "the others name themselves by nothing")
        var data = parsed.data
        var details = try #require(data["details"]?.object)
        details["dateTime"] = nil
        data["details"] = .object(details)
        #expect(.object(data) == shipped["data"])
    }

    // swift-format-ignore
    /// The vendor's keys in addition to the four that every registration has.
    private static let keys: [(type: String, own: [String])] = [
        ("person", ["personId"]), ("scheduling", ["schedulingId"]),
        ("visitorScheduling", ["schedulingId", "visitorId", "personId"]),
        ("personCredencial", ["personId", "accessCardId", "vehicleId"]), ("personUnit", ["personId", "unitId"]),
        ("personZones", ["personId", "zoneId", "timeScheduleId"]), ("personAccess", ["personId", "pin"]),
        ("credential", ["accessCardId"]), ("unit", ["unitId"]),
        ("serverResource", ["serverId", "resourceType", "doorId", "cameraId", "inputOutputId"]),
        ("fingerprint", ["personId", "fingerprintId"]), ("imageAccesses", ["personId"]),
        ("personProfile", ["personProfileId"]), ("zone", ["zoneId"]), ("vehicle", ["vehicleId", "personId"]),
        ("personVehicle", ["vehicleId", "personId"]),
    ]

    @Test(arguments: keys)
    func registrationHasItsKeysInOrder(_ type: String, _ own: [String]) throws {
        let rows = SituatorEvents.table.rows.filter { $0.type.name == type }
        #expect(!rows.isEmpty)
        for row in rows {
            let body = try JSONParser.parse(Array(written(Self.full(row.kind)).utf8))
            #expect(body.object?.members.map(\.key) == ["type", "dateTime", "subtype", "accountId"] + own)
            #expect(body.object?.members.allSatisfy { $0.value != .null } == true, "\(body.compact)")
        }
    }

    /// The body of each kind is read so completely that the same body can be written from it.
    @Test(arguments: SituatorEvents.table.rows.map(\.kind))
    func eventIsReadBackInEveryFieldOfTheContract(_ kind: Kind) throws {
        let event = Self.full(kind)
        let body = try written(event)
        let parsed = try SituatorPayload.parse(Array(body.utf8))
        #expect(try written(parsed.admitted()) == body)
        #expect(parsed.time?.time.instant == event.time.instant)
        #expect(parsed.labels.numbers[.account] == 1000)
        let row = try #require(SituatorEvents.table.row(of: kind))
        switch row.type.registration {
        case .none: #expect(parsed.kind == kind)
        case .occurrence: #expect(parsed.kind == .occurrenceRaised, "a body does not say which sort it is")
        case .door:
            let primary: Kind =
                switch kind {
                case .accessMultiGranted, .doorUnlockCommanded: .accessGranted
                case .accessMultiDenied: .accessDenied
                default: kind
                }
            #expect(parsed.kind == primary)
            #expect(parsed.data["door"] == "7:3")
        }
        for block in parsed.data.members.compactMap({ Block(rawValue: $0.key) }) {
            #expect(Catalogue.row(of: parsed.kind).blocks.contains(block), "\(parsed.kind) may not carry \(block)")
        }
    }

    // MARK: Times

    @Test(
        arguments: [
            ("2019-02-15T17:21:48.1201-02:00", nil, "2019-02-15T17:21:48.1201-02:00"),
            ("2026-03-11T08:15:30Z", nil, "2026-03-11T08:15:30.0000+00:00"),
            ("2026-03-11T08:15:30.25Z", -180, "2026-03-11T05:15:30.2500-03:00"),
            ("2026-03-11T23:59:59.99999Z", 330, "2026-03-12T05:29:59.9999+05:30"),
            ("2026-03-11T08:15:30+00:00", -180, "2026-03-11T05:15:30.0000-03:00"),
            ("2026-03-11T08:15:30+0000", -180, "2026-03-11T05:15:30.0000-03:00"),
        ] as [(String, Int?, String)])
    func timeHasItsOwnOffsetOrThePanels(_ told: String, _ offset: Int?, _ expected: String) throws {
        var parts = Self.parts(of: Self.full(.personCreated))
        parts.time = try #require(EventTime(told))
        parts.labels.offsetMinutes = offset
        let body = try JSONParser.parse(Array(written(Event(parts)).utf8))
        #expect(body["dateTime"]?.text == expected)
    }

    // MARK: Values

    @Test(arguments: Array(SituatorWords.methods.enumerated()).map { ($0.offset, $0.element) })
    func openingTypesAreWords(_ number: Int, _ word: String) throws {
        let body = SituatorExamples.access.replacing("\"openingType\":7", with: "\"openingType\":\(number)")
        let parsed = try SituatorPayload.parse(Array(body.utf8))
        #expect(parsed.data["access"]?["method"]?.text == word)
        #expect(try written(parsed.admitted()) == body)
    }

    @Test(arguments: [(0, "none"), (1, "entry"), (2, "exit")])
    func directionsAreWords(_ number: Int, _ word: String) throws {
        let body = SituatorExamples.access.replacing("\"direction\":1", with: "\"direction\":\(number)")
        let parsed = try SituatorPayload.parse(Array(body.utf8))
        #expect(parsed.data["access"]?["direction"]?.text == word)
        #expect(try written(parsed.admitted()) == body)
    }

    @Test(arguments: [
        (0, "none", Kind.personUpdated), (1, "created", .personCreated), (2, "updated", .personUpdated),
        (3, "deleted", .personDeleted),
    ])
    func subtypesAreChanges(_ number: Int, _ word: String, _ kind: Kind) throws {
        let body = SituatorExamples.person.replacing("\"subtype\":1", with: "\"subtype\":\(number)")
        let parsed = try SituatorPayload.parse(Array(body.utf8))
        #expect(parsed.data["change"]?.text == word)
        #expect(parsed.kind == kind)
        #expect(try written(parsed.admitted()) == body)
    }

    @Test(arguments: [
        (#""authorized":true"#, #""authorized":false"#, Kind.accessDenied),
        (#""duress":false"#, #""duress":true"#, .accessDuress),
        (
            #""personId":1,"direction":1,"authorized":true"#, #""personId":null,"direction":1,"authorized":false"#,
            .accessUnrecognized
        ),
        (#""type":"access""#, #""type":"ACCESS""#, .accessGranted),
    ])
    func passageIsReadAsTheMostSpecificKind(_ part: String, _ other: String, _ kind: Kind) throws {
        #expect(SituatorExamples.access.contains(part))
        let body = SituatorExamples.access.replacing(part, with: other)
        #expect(try SituatorPayload.parse(Array(body.utf8)).kind == kind)
    }

    @Test func occurrenceWithATypeHasItsKind() throws {
        let body = SituatorExamples.occurrence.replacing("\"eventId\":11", with: "\"eventId\":42,\"typeId\":53")
        let parsed = try SituatorPayload.parse(Array(body.utf8))
        #expect(parsed.kind == .doorForced)
        #expect(parsed.data["occurrence"] == ["id": 123, "eventId": 42, "typeId": 53, "subtype": 1])
        let ofSomebody = body.replacing("\"personId\":null", with: "\"personId\":5")
        #expect(try SituatorPayload.parse(Array(ofSomebody.utf8)).kind == .occurrenceRaised, "no person forces a door")
    }

    @Test func occurrenceHasItsReportersOrTheEventsNumber() throws {
        for (given, number, id): (JSON?, Int64?, JSON) in [
            (123, 123, 123), ("o1", 1_600_000_001, 1_600_000_001), (.none, nil, 1_000_000_077),
        ] {
            var parts = Self.parts(of: Self.full(.occurrenceRaised))
            var occurrence: JSONObject = ["eventId": 13]
            occurrence["id"] = given
            parts.data["occurrence"] = .object(occurrence)
            parts.labels.numbers[.occurrence] = number
            let body = try JSONParser.parse(Array(written(Event(parts)).utf8))
            #expect(body["id"] == id)
            #expect(body["eventId"] == 13)
            #expect(body["subtype"] == 1)
        }
    }

    @Test func unknownConfiguredEventIsSentAsTheGeneralOne() throws {
        for named: JSON in [42, "12", .null, 0, -1] {
            var parts = Self.parts(of: Self.full(.occurrenceRaised))
            parts.data["occurrence"] = ["eventId": named]
            let body = try JSONParser.parse(Array(written(Event(parts)).utf8))
            #expect(body["eventId"] == 11, "\(named)")
        }
    }

    @Test func cardsNumbersAreNumbers() throws {
        for (given, number, code): (JSON, JSON, JSON) in [
            (123, 123, .null), ("123", 123, .null), ("0123", .null, "0123"), ("A1", .null, "A1"),
        ] {
            var parts = Self.parts(of: Self.full(.accessGranted))
            parts.data["credential"] = ["number": given]
            let body = try JSONParser.parse(Array(written(Event(parts)).utf8))
            #expect(body["credential"]?["number"] == number)
            #expect(body["credential"]?["code"] == code)
        }
    }

    @Test func numberIsWrittenOnlyUnderItsForm() throws {
        for (form, card, finger): (JSON?, JSON, JSON) in [
            (.none, 31, 31), ("card", 31, .null), ("fingerprint", .null, 31), ("pin", .null, .null),
        ] {
            for (kind, key, number) in [
                (Kind.credentialChanged, "accessCardId", card),
                (.credentialFingerprintChanged, "fingerprintId", finger),
            ] {
                var parts = Self.parts(of: Self.full(kind))
                var credential: JSONObject = ["id": "5"]
                credential["form"] = form
                parts.data["credential"] = .object(credential)
                let body = try JSONParser.parse(Array(written(Event(parts)).utf8))
                #expect(body[key] == number, "\(key) of \(form ?? .null)")
            }
        }
    }

    @Test func unknownValueIsNull() throws {
        let bare = Building.event(.accessGranted, ["panel": "1070000", "door": "lobby"])
        #expect(
            try written(bare) == """
                {"type":"access","dateTime":"2026-03-11T05:15:30.2500-03:00","id":null,"accountId":null,"zoneId":null,\
                "serverId":7,"doorId":3,"personId":null,"direction":0,"authorized":true,"openingType":0,\
                "duress":false,"vehicleId":null,"visitorId":null,"credential":null}
                """, "the numbers come from the store")
    }

    @Test func withheldValueIsNull() throws {
        let event = Self.full(.accessGranted)
        for level in [PrivacyLevel.noCredentials, .noPersons] {
            let body = try JSONParser.parse(Array(written(event, at: level).utf8))
            #expect(
                body["credential"] == [
                    "number": nil, "cardType": 1, "value": nil, "wiegand26": nil, "wiegand34": nil, "code": nil,
                ])
            #expect(body["personId"] == 31)
        }
        #expect(try written(Self.full(.personAccessChanged)).hasSuffix(#""pin":"4711"}"#))
        #expect(try written(Self.full(.personAccessChanged), at: .noCredentials).hasSuffix(#""pin":null}"#))
    }

    // MARK: The envelope, and faults

    @Test func envelopeWithOneEventIsRead() throws {
        let envelope = #"{"name":"N","token":"t","events":[\#(SituatorExamples.access)]}"#
        let bare = try SituatorPayload.parse(Array(SituatorExamples.access.utf8))
        #expect(try SituatorPayload.parse(Array(envelope.utf8)) == bare)
    }

    @Test func envelopeWithSeveralEventsIsReadInOrderOrRefused() throws {
        let examples = [SituatorExamples.access, SituatorExamples.person, SituatorExamples.occurrence]
        let apart = try examples.map { try SituatorPayload.parse(Array($0.utf8)) }
        let body = #"{"name":"N","token":"t","events":[\#(examples.joined(separator: ","))]}"#
        #expect(try SituatorPayload.parseAll(Array(body.utf8)) == apart)
        #expect(try SituatorPayload.parseAll(Array(examples[0].utf8)) == [apart[0]], "a bare one is one")
        for (broken, field) in [(#"{"type":"person","subtype":4}"#, "events[3].subtype"), ("5", "events[3]")] {
            let body = #"{"token":"t","events":[\#((examples + [broken]).joined(separator: ","))]}"#
            do throws(ValidationError) {
                _ = try SituatorPayload.parseAll(Array(body.utf8))
                Issue.record("it was read")
            } catch {
                #expect(error.field == field)
            }
        }
        let fault = #expect(throws: ValidationError.self) { try SituatorPayload.parse(Array(body.utf8)) }
        #expect(fault?.code == .outOfBounds && fault?.field == "events")
    }

    @Test(
        arguments: [
            (#"{"token":"t","events":[]}"#, ValidationError.Code.outOfBounds, "events"),
            (#"{"token":"t","events":5}"#, .outOfBounds, "events"),
            (#"{"token":"t","events":[{}]}"#, .missingField, "events[0].type"), (#"{"type":5}"#, .wrongType, "type"),
            (#"{"type":"acces"}"#, .unknownKind, "type"), (#"{"type":"access","serverId":1}"#, .missingField, "doorId"),
            (#"{"type":"access","serverId":1,"doorId":"1"}"#, .wrongType, "doorId"),
            (#"{"type":"access","serverId":1,"doorId":1}"#, .missingField, "authorized"),
            (#"{"type":"access","serverId":1,"doorId":1,"direction":3}"#, .outOfBounds, "direction"),
            (#"{"type":"access","serverId":1,"doorId":1,"authorized":1}"#, .wrongType, "authorized"),
            (
                #"{"type":"access","serverId":1,"doorId":1,"authorized":true,"openingType":16}"#, .outOfBounds,
                "openingType"
            ),
            (
                #"{"type":"access","serverId":1,"doorId":1,"authorized":true,"credential":{"number":[]}}"#, .wrongType,
                "credential.number"
            ),
            (#"{"type":"occurrence","subtype":1}"#, .missingField, "eventId"),
            (#"{"type":"person","subtype":4}"#, .outOfBounds, "subtype"),
            (#"{"type":"person","dateTime":5}"#, .wrongType, "dateTime"),
        ] as [(String, ValidationError.Code, String)])
    func faultInAFieldIsNamed(_ body: String, _ code: ValidationError.Code, _ field: String) {
        do throws(ValidationError) {
            _ = try SituatorPayload.parse(Array(body.utf8))
            Issue.record("it was read")
        } catch {
            #expect(error.code == code)
            #expect(error.field == field)
        }
    }

    @Test func additionalFieldOfAVendorIsKeptInDetailsAndNotRepeated() throws {
        let body = SituatorExamples.person.replacing("}", with: ",\"site\":\"north\"}")
        let parsed = try SituatorPayload.parse(Array(body.utf8))
        #expect(parsed.data["details"]?["site"] == "north")
        #expect(try written(parsed.admitted()) == SituatorExamples.person)
    }

    // MARK: Events

    /// An event of a kind with everything that the kind may carry, numbered as the store does it.
    static func full(_ kind: Kind) -> Event {
        var parts = parts(of: Canary.event(kind))
        let blocks = Catalogue.row(of: kind).blocks
        if blocks.contains(.credential) {
            parts.data["credential"] = [
                "id": "5", "number": 123, "cardType": 1, "value": 12345, "wiegand26": "a", "wiegand34": "b",
                "code": "c",
            ]
        }
        if blocks.contains(.visit) { parts.data["visit"] = ["id": 9] }
        if blocks.contains(.change) { parts.data["change"] = change(of: kind) }
        let details: JSON = [
            "pin": "4711", "timeScheduleId": 4, "personProfileId": 5, "resourceType": 2, "cameraId": 6,
            "inputOutputId": 8,
        ]
        parts.data["details"] = details
        if kind == .accessUnrecognized { parts.data["person"] = nil }
        if [.accessUnrecognized, .doorExitRequested].contains(kind) { parts.data["visitor"] = nil }
        var numbers = Numbers()
        for name in Event(parts).names { numbers[name.subject] = 31 }
        numbers[.account] = 1000
        numbers.position = 77
        return Event(parts).numbered(numbers)
    }

    private static func change(of kind: Kind) -> JSON {
        switch kind {
        case .personCreated: "created"
        case .personDeleted: "deleted"
        default: "updated"
        }
    }

    private static func parts(of event: Event) -> Event.Parts {
        var parts = Event.Parts(
            id: event.id, kind: event.kind, organization: event.organization, received: event.received)
        parts.source = event.source
        parts.sourceID = event.sourceID
        parts.time = event.time
        parts.data = event.data
        parts.labels = event.labels
        return parts
    }
}
