internal import Foundation
internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// PlaceOS's bodies: the seed's example byte for byte, the signature, and all fields of ours that are read back.
@Suite struct PlaceOSPayloadTests {
    private let spoken = Spoken(dialect: PlaceOSDialect())

    private static func example() throws -> [UInt8] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/granted.json")
        return Array(try Data(contentsOf: file))
    }

    private func hook(secret: String?, _ more: JSONObject = [:]) throws -> Subscription {
        var terms = try spoken.terms(more)
        terms.secret = secret.map { Secret($0) }
        return spoken.subscription(on: terms)
    }

    private func body(_ event: Event, secret: String? = nil, _ more: JSONObject = [:]) throws -> JSONObject {
        let bytes = PlaceOSPayload.body(of: event, for: try hook(secret: secret, more))
        return try #require(try JSONParser.parse(bytes).object)
    }

    @Test func exampleIsWrittenUnchangedWithTheSameSecret() throws {
        let example = try Self.example()
        let parsed = try PlaceOSDialect().parse(example)
        #expect(PlaceOSPayload.body(of: parsed.admitted(), for: try hook(secret: "123456")) == example)
    }

    @Test func exampleWithEachActionIsWrittenUnchanged() throws {
        let text = String(decoding: try Self.example(), as: UTF8.self)
        for action in ["granted", "denied", "tamper", "request_to_exit", "duress", "forced_door", "security_breach"] {
            let bytes = Array(text.replacing(#""granted""#, with: "\"\(action)\"").utf8)
            let extended: JSONObject = ["settings": ["extendedActions": true]]
            let parsed = try PlaceOSDialect().parse(bytes)
            #expect(PlaceOSPayload.body(of: parsed.admitted(), for: try hook(secret: "123456", extended)) == bytes)
        }
    }

    @Test(arguments: ["granted", "denied", "tamper", "request_to_exit"])
    func exampleIsReadAsTheShippedEvent(_ action: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Examples/events/seeds.jsonl")
        let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
        let shipped = try #require(
            try lines.lazy.map { try JSONParser.parse(Array($0)) }
                .first { $0["source"]?.text == "/seeds/placeos/\(action)" })
        let text = String(decoding: try Self.example(), as: UTF8.self)
        let parsed = try PlaceOSDialect().parse(Array(text.replacing(#""granted""#, with: "\"\(action)\"").utf8))
        #expect(parsed.kind.name == shipped["type"]?.text && parsed.time?.text == shipped["time"]?.text)
        #expect(parsed.data["door"] == shipped["data"]?["door"])
        #expect(parsed.data["access"] == shipped["data"]?["access"])
        if action == "granted" || action == "denied" {
            #expect(parsed.data["person"] == shipped["data"]?["person"])
            #expect(parsed.data["credential"] == shipped["data"]?["credential"])
        }
    }

    @Test func signatureCoversTheTimestamp() throws {
        let signature = PlaceOSDialect.signature(of: "2022-04-03T23:59:25Z", Secret("123456"))
        #expect(signature == "a276988a8dbd35627d09708b23ca699947114a6f2ab6b38465f0e632fe264342")
    }

    @Test(arguments: [nil, "", " ", " \t"])
    func requestWithoutASecretHasNoSignature(_ secret: String?) throws {
        #expect(try body(Building.examples[0].event, secret: secret)["signature"] == nil)
    }

    @Test func keysAreInTheSeedsOrder() throws {
        let keys = try body(Building.examples[0].event, secret: "s").members.map(\.key)
        #expect(keys == ["door_id", "timestamp", "signature", "action", "card_id", "user_name", "user_email"])
    }

    @Test func timestampIsTheEventsTimeInUTCSeconds() throws {
        #expect(try body(Building.examples[0].event)["timestamp"] == "2026-03-11T08:15:30Z")
    }

    @Test func unknownFieldIsLeftOut() throws {
        let bare = Building.event(.accessGranted, ["panel": "1", "door": "lobby"])
        #expect(try body(bare).members.map(\.key) == ["door_id", "timestamp", "action"])
    }

    @Test func nameInTwoPartsIsJoined() throws {
        for (person, name): (JSON, JSON?) in [
            (["firstName": "Ana", "lastName": "Reis"], "Ana Reis"), (["firstName": "Ana", "lastName": ""], "Ana"),
            (["lastName": "Reis"], "Reis"), (["name": "A. Reis", "firstName": "Ana"], "A. Reis"), (["id": "3"], .none),
        ] {
            let event = Building.event(.accessGranted, ["door": "lobby", "person": person])
            #expect(try body(event)["user_name"] == name)
        }
    }

    @Test func cardWithoutANumberIsItsReadValue() throws {
        let event = Building.event(.accessGranted, ["door": "lobby", "credential": ["form": "card", "value": 12345]])
        #expect(try body(event)["card_id"] == "12345")
    }

    @Test func onlyACardHasACardID() throws {
        let codes: JSONObject = ["number": "4711", "value": 4711, "code": "secret"]
        for form in AccessMeans.Form.allCases {
            for method in AccessMeans.Method.allCases where method != .other {
                var credential = codes
                credential["form"] = .string(form.rawValue)
                let event = Building.event(
                    .accessGranted,
                    [
                        "door": "lobby", "credential": .object(credential),
                        "access": ["method": .string(method.rawValue)],
                    ])
                #expect(try body(event)["card_id"] == (form == .card ? "4711" : nil), "\(form) by \(method)")
            }
        }
        for (method, isCard): (JSON?, Bool) in [
            ("card", true), ("fingerprint_card", true), ("passive_tag", true), ("card_password", false),
            ("password", false), ("qr", false), ("face", false), ("lpr", false), ("none", false), (nil, false),
        ] {
            var access = JSONObject()
            access["method"] = method
            let event = Building.event(
                .accessGranted, ["door": "lobby", "credential": .object(codes), "access": .object(access)])
            #expect(try body(event)["card_id"] == (isCard ? "4711" : nil), "\(method ?? .null) without a form")
        }
        let read = Building.event(.accessGranted, ["door": "lobby", "credential": ["value": 5, "wiegand26": "0A"]])
        #expect(try body(read)["card_id"] == "5")
    }

    @Test func emptyFieldIsAbsent() throws {
        let event = Building.event(
            .accessGranted,
            [
                "door": "lobby", "credential": ["form": "card", "number": "", "value": ""],
                "person": ["name": "", "firstName": "", "lastName": "", "email": ""],
            ])
        #expect(try body(event).members.map(\.key) == ["door_id", "timestamp", "action"])
    }

    @Test func withheldFieldIsAbsent() throws {
        let event = Building.examples[0].event
        let one = try body(event, ["privacyLevel": 1])
        #expect(one["card_id"] == nil && one["user_name"] == "Ana Reis" && one["user_email"] == "ana@example.com")
        let two = try body(event, ["privacyLevel": 2])
        #expect(two.members.map(\.key) == ["door_id", "timestamp", "action"])
    }

    private static let broken: [(String, ValidationError.Code, String)] = [
        (#"{"door_id":"1"}"#, .missingField, "action"), (#"{"action":"granted"}"#, .missingField, "door_id"),
        (#"{"action":5,"door_id":"1"}"#, .wrongType, "action"),
        (#"{"action":"grant","door_id":"1"}"#, .unknownKind, "action"),
        (#"{"action":"granted","door_id":5}"#, .wrongType, "door_id"),
        (#"{"action":"granted","door_id":"1","timestamp":5}"#, .wrongType, "timestamp"),
        (#"{"action":"granted","door_id":"1","card_id":5}"#, .wrongType, "card_id"),
        (#"{"action":"granted","door_id":"1","user_name":[]}"#, .wrongType, "user_name"),
        (#"{"action":"granted","door_id":"1","user_email":{}}"#, .wrongType, "user_email"),
    ]

    @Test(arguments: broken)
    func faultInAFieldIsNamed(body: String, code: ValidationError.Code, field: String) {
        do throws(ValidationError) {
            _ = try PlaceOSDialect().parse(Array(body.utf8))
            Issue.record("it was read")
        } catch {
            #expect(error.code == code && error.field == field, "\(error)")
        }
    }

    @Test func unreadableTimeIsMissing() throws {
        for text in [#"{"action":"granted","door_id":"1"}"#, #"{"action":"granted","door_id":"1","timestamp":"noon"}"#]
        {
            #expect(try PlaceOSDialect().parse(Array(text.utf8)).time == nil)
        }
    }
}
