internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures
@testable import GatehouseDialects

/// Bodies, written and read.
@Suite struct BasIPPayloadTests {
    private func written(_ event: Event, at level: PrivacyLevel = .everything) -> String {
        String(decoding: BasIPPayload.body(of: event, at: level), as: UTF8.self)
    }

    @Test func eventIsWrittenKeyForKey() {
        #expect(
            written(BasIPExamples.event(.accessGranted, BasIPExamples.badge)) == """
                {"data":{"lock":1,"number":"0011223344","owner":"Ana Reis","type":"card","apartment_address":"12",\
                "category":"access","priority":"low","text":"Access granted by a valid identifier: Ana Reis, \
                apartment 12, card 0011223344, lock 1"},"created_at":1745947873611,"event_id":45,\
                "event_type":"log.access_granted_by_valid_identifier"}
                """)
    }

    @Test func missingValueIsEmptyOrZero() {
        #expect(
            written(BasIPExamples.event(.deviceBooted, ["panel": "basip"])) == """
                {"data":{"lock":0,"number":"","owner":"","type":"","apartment_address":"","category":"system",\
                "priority":"low","text":"The device booted"},"created_at":1745947873611,"event_id":45,\
                "event_type":"log.device_booted"}
                """)
    }

    @Test func testBodyHasOnlySuccess() throws {
        let event = BasIPExamples.event(.gatewayTest, BasIPPayload.testEvent(named: "log.door_was_opened"), number: 0)
        let body = written(event)
        #expect(
            body == """
                {"data":{"test":"success"},"created_at":1745947873611,"event_id":0,"event_type":"log.door_was_opened"}
                """)
        let parsed = try BasIPPayload.parse(Array(body.utf8))
        #expect(parsed.kind == .gatewayTest, "a test is no badge, under any name")
        #expect(written(parsed.admitted()) == body)
    }

    /// Each name's shipped event is read back in every field of the contract.
    @Test func fieldsAreReadBackAtEveryLevel() throws {
        for level in PrivacyLevel.allCases {
            for (name, event) in try BasIPExamples.all() {
                let body = BasIPPayload.body(of: event, at: level)
                let parsed = try BasIPPayload.parse(body)
                #expect(parsed.kind == event.kind, "\(name)")
                #expect(parsed.time?.time.instant == event.time.instant)
                #expect(parsed.sourceID == event.labels.numbers.position.map { String($0) })
                #expect(parsed.labels.doorNumber == event.labels.doorNumber)
                #expect(BasIPPayload.body(of: parsed.admitted(), at: .everything) == body, "\(name)")
            }
        }
    }

    @Test func blocksOfANameAreReadBack() throws {
        for (name, event) in try BasIPExamples.all() {
            let parsed = try BasIPPayload.parse(BasIPPayload.body(of: event, at: .everything))
            for field in ["grantedBy", "reason", "authorized"] {
                #expect(parsed.data["access"]?[field] == event.data["access"]?[field], "\(field) of \(name)")
            }
            for field in ["category", "priority", "channel", "apartment"] {
                #expect(parsed.data["details"]?[field] == event.data["details"]?[field], "\(field) of \(name)")
            }
            #expect(parsed.data["credential"]?["number"] == event.data["credential"]?["number"], "\(name)")
            #expect(parsed.data["credential"]?["form"] == event.data["credential"]?["form"], "\(name)")
            #expect(parsed.data["person"]?["apartment"] == event.data["person"]?["apartment"], "\(name)")
            #expect(parsed.data["person"]?["name"]?.text == (event.data["person"] == nil ? nil : "Ana Reis"), "\(name)")
        }
    }

    /// Events with everything that a kind may carry, known or not.
    @Test func canariesAreReadBackUnchanged() throws {
        for kind in BasIPEvents.table.vocabulary.sayable.kinds {
            let event = Canary.event(kind)
            let body = BasIPPayload.body(of: event, at: .everything)
            let parsed = try BasIPPayload.parse(body)
            #expect(BasIPPayload.body(of: parsed.admitted(), at: .everything) == body, "\(kind.name)")
        }
    }

    @Test(arguments: ["card", "face", "ukey", "", "input_code"])
    func wordForTheIdentifierNeverChangesTheName(_ type: String) throws {
        for row in BasIPEvents.table.rows {
            let data: JSON = [
                "lock": 2, "number": 5, "owner": "Ana", "type": .string(type), "apartment_address": "", "category": "c",
                "priority": "p", "text": "",
            ]
            let body: JSON = ["data": data, "created_at": 5, "event_id": 7, "event_type": .string(row.name)]
            let parsed = try BasIPPayload.parse(body.bytes)
            #expect(parsed.kind == row.kind)
            let again = try JSONParser.parse(BasIPPayload.body(of: parsed.admitted(), at: .everything))
            for key in ["lock", "number", "owner", "type", "apartment_address", "category", "priority"] {
                #expect(again["data"]?[key] == data[key], "\(key) of \(row.name)")
            }
            for key in ["created_at", "event_id", "event_type"] { #expect(again[key] == body[key]) }
        }
    }

    @Test func panelsOwnTextAndFieldsAreKeptAndNotRepeated() throws {
        let body: JSON = [
            "data": ["lock": 1, "text": "Ana opened", "firmware": "3.9"], "created_at": 5, "event_id": 7,
            "event_type": "log.door_was_opened", "serial": 12,
        ]
        let parsed = try BasIPPayload.parse(body.bytes)
        #expect(parsed.data["details"] == ["firmware": "3.9", "text": "Ana opened", "serial": 12])
        let again = written(parsed.admitted())
        #expect(again.contains(#""text":"The door was opened: lock 1""#) && !again.contains("Ana"))
    }

    @Test func bodyIsTheSameOnEveryRetry() throws {
        for (_, event) in try BasIPExamples.all() {
            for level in PrivacyLevel.allCases {
                #expect(Set((0..<5).map { _ in written(event, at: level) }).count == 1)
            }
        }
    }
}
