internal import GatehouseCore
import Testing

@testable internal import DialectFixtures
@testable import GatehouseDialects

/// Bodies, written and read: the vendor's own examples come out unchanged, and so do our own bodies.
@Suite struct ProdataKeyPayloadTests {
    @Test func everyExampleIsWrittenUnchanged() throws {
        let examples = try ProdataKeyExamples.all()
        #expect(examples.count == 70)
        for (topic, body) in examples {
            let event = try ProdataKeyPayload.parse(body.bytes).admitted()
            #expect(event.kind == ProdataKeyEvents.table.row(named: topic)?.kind)
            #expect(written(event) == body.compact)
        }
    }

    @Test func everyExampleIsReadAsTheShippedEvent() throws {
        let shipped = try ProdataKeyExamples.shipped()
        for (topic, body) in try ProdataKeyExamples.all() {
            let event = try #require(shipped[topic])
            let parsed = try ProdataKeyPayload.parse(body.bytes)
            #expect(parsed.kind.name == event["type"]?.text, "\(topic)")
            if let time = parsed.time { #expect(time.text == event["time"]?.text, "\(topic)") }
            #expect((parsed.time == nil) == (body["metadata"]?["occurred"] == nil), "\(topic)")
            #expect(parsed.sourceID == (body["body"] == nil ? nil : event["id"]?.text), "\(topic)")
            // The page's timestamp is a pattern and no time; a shipped event has a time instead.
            #expect(parsed.original["timestamp"] == body["timestamp"])
            #expect(.object(parsed.data) == event["data"], "\(topic)")
        }
    }

    @Test func namesAndNumbersOfAPayloadAreLabels() throws {
        let parsed = try ProdataKeyPayload.parse(ProdataKeyExamples.body(of: "notification.client.command").bytes)
        #expect(parsed.labels.doorName == "Door Name")
        #expect(parsed.labels.doorNumber == 1)
        #expect(parsed.labels.numbers[.person] == 1)
        let organization = try ProdataKeyPayload.parse(ProdataKeyExamples.body(of: "ou.created").bytes)
        #expect(organization.labels == Event.Labels())
    }

    /// The body of each kind is read so completely that the same body can be written from it.
    @Test(arguments: ProdataKeyEvents.table.rows.map(\.kind))
    func eventIsReadBackInEveryFieldOfTheContract(_ kind: Kind) throws {
        let event = Self.full(kind)
        let body = ProdataKeyPayload.body(of: event, at: .everything)
        let parsed = try ProdataKeyPayload.parse(body)
        #expect(parsed.kind == kind)
        #expect(ProdataKeyPayload.body(of: parsed.admitted(), at: .everything) == body)
        let json = try JSONParser.parse(body)
        #expect(json["topic"]?.text == ProdataKeyEvents.table.row(of: kind)?.name)
        if json["body"] != nil { #expect(parsed.sourceID == event.id.description) }
        if let time = parsed.time, json["timestamp"] == nil { #expect(time.time.instant == event.time.instant) }
        if Set(ProdataKeyEvents.panelRows.map(\.name)).contains(json["topic"]?.text ?? "") {
            #expect(json["panelId"] == "1070000")
        }
        if json["body"]?["doorId"] != nil {
            #expect(parsed.data["door"] == "1070000:3")
            #expect(parsed.labels.doorNumber == 3)
        }
        if json["metadata"]?["doorName"] != nil { #expect(parsed.labels.doorName == "Lobby") }
        if json["body"]?["personId"] != nil {
            #expect(parsed.data["person"]?["id"] == "31")
            #expect(parsed.labels.numbers[.person] == 31)
        }
    }

    @Test func bodyIsTheSameOnEveryRetry() {
        for row in ProdataKeyEvents.table.rows {
            for level in PrivacyLevel.allCases {
                let bodies = (0..<5).map { _ in ProdataKeyPayload.body(of: Self.full(row.kind), at: level) }
                #expect(Set(bodies).count == 1, "\(row.name)")
            }
        }
    }

    @Test func kindWithoutATopicHasNoBody() {
        #expect(ProdataKeyPayload.body(of: Self.full(.gatewayTest), at: .everything).isEmpty)
    }

    @Test func additionalFieldOfAVendorIsKeptInDetailsAndNotRepeated() throws {
        let body: JSON = [
            "id": "679521e4-c455-423f-8155-d012c98f5dcc", "body": ["doorId": 1, "lane": "left"],
            "metadata": ["occurred": 5, "personName": "Ana"], "panelId": "p", "topic": "door.alarm.forced", "site": nil,
        ]
        let parsed = try ProdataKeyPayload.parse(body.bytes)
        #expect(parsed.data["details"] == ["lane": "left", "personName": "Ana", "site": nil])
        #expect(
            written(parsed.admitted())
                == #"{"id":"679521e4-c455-423f-8155-d012c98f5dcc","body":{"doorId":1},"metadata":{"occurred":5},"#
                + #""panelId":"p","topic":"door.alarm.forced"}"#)
    }

    @Test func additionalFieldOfAVendorReplacesNoKnownField() throws {
        let body: JSON = [
            "id": "a", "body": ["doorId": 1, "ruleId": 2, "ruleName": "stray"],
            "metadata": ["occurred": 5, "ruleName": "Night", "ruleId": 9], "panelId": "p", "topic": "door.autoopen.on",
        ]
        #expect(try ProdataKeyPayload.parse(body.bytes).data["details"] == ["ruleId": 2, "ruleName": "Night"])
    }

    private func written(_ event: Event) -> String {
        String(decoding: ProdataKeyPayload.body(of: event, at: .everything), as: UTF8.self)
    }

    /// An event of a kind with everything that the kind may carry, the person numbered as the store does it.
    static func full(_ kind: Kind) -> Event {
        let canary = Canary.event(kind)
        var data = canary.data
        let details: JSON = [
            "panelId": "1070000", "ruleId": 4, "ruleName": "Night", "ioLinkId": 2, "address": "", "state": "U",
            "userId": "u", "details": ["entityType": "PERSON"], "action": "person.added", "explicit": true,
        ]
        data["details"] = details
        let blocks = Catalogue.row(of: kind).blocks
        if blocks.contains(.organization) { data["organization"] = ["id": "north", "name": "North"] }
        var numbers = Numbers()
        numbers[.person] = 31
        var parts = Event.Parts(
            id: canary.id, kind: kind, organization: canary.organization, received: canary.received)
        parts.source = canary.source
        parts.sourceID = canary.sourceID
        parts.time = canary.time
        parts.data = data
        parts.labels = canary.labels
        return Event(parts).numbered(numbers)
    }
}
