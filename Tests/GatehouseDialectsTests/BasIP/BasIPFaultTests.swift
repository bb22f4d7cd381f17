internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures
@testable import GatehouseDialects

/// Faults of a payload, or of terms, are reported by name.
@Suite struct BasIPFaultTests {
    private static let whole: JSONObject = [
        "data": ["lock": 1, "number": "5", "owner": "Ana", "type": "card", "apartment_address": "12"],
        "created_at": 5, "event_id": 7, "event_type": "log.door_was_opened",
    ]

    private func complaint(about body: [UInt8]) -> ValidationError? {
        do throws(ValidationError) {
            _ = try BasIPPayload.parse(body)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        arguments: [
            ("event_type", .none, .missingField), ("event_type", 5, .wrongType), ("event_type", "", .unknownKind),
            ("event_type", "log.door_was_open", .unknownKind), ("data", .none, .missingField), ("data", [], .wrongType),
            ("created_at", .none, .missingField), ("created_at", "now", .wrongType), ("created_at", -1, .outOfBounds),
            ("created_at", 9_223_372_036_854_775_807, .outOfBounds), ("event_id", .none, .missingField),
            ("event_id", "7", .wrongType), ("event_id", .fraction(1.5), .wrongType),
        ] as [(String, JSON?, ValidationError.Code)])
    func faultInAFieldIsNamed(_ field: String, _ value: JSON?, _ code: ValidationError.Code) {
        var body = Self.whole
        body[field] = value
        let fault = complaint(about: JSON.object(body).bytes)
        #expect(fault?.code == code)
        #expect(fault?.field == field)
        #expect(fault?.sentence.contains(field) == true)
    }

    @Test(
        arguments: [
            ("lock", "1"), ("lock", nil), ("number", true), ("number", [:]), ("owner", 5), ("type", 5),
            ("apartment_address", ["building": 1]), ("category", 1), ("priority", 1), ("text", 1),
        ] as [(String, JSON)])
    func faultInAFieldOfTheEntryIsNamed(_ field: String, _ value: JSON) {
        var body = Self.whole
        body["data"] = JSON.object(JSONObject([.init(field, value)]))
        let fault = complaint(about: JSON.object(body).bytes)
        #expect(fault?.code == .wrongType)
        #expect(fault?.field == "data.\(field)")
    }

    @Test func nearestNameIsSuggested() {
        let body = JSON.object(JSONObject([.init("event_type", "log.door_was_open")])).bytes
        #expect(complaint(about: body)?.sentence.contains(#""log.door_was_opened""#) == true)
    }

    @Test func emptyEntryIsRead() throws {
        var body = Self.whole
        body["data"] = [:]
        #expect(try BasIPPayload.parse(JSON.object(body).bytes).kind == .doorUnlocked)
    }

    @Test(
        arguments: [
            (["secret": .string(String(repeating: "s", count: 15))], "secret"),
            (["secret": .string(String(repeating: "s", count: 129))], "secret"),
            (["headers": ["x-webhook-attempt": "1"]], "headers.x-webhook-attempt"),
            (["settings": [:]], "settings.event_types settings.max_retries"),
            (["settings": ["event_types": [], "max_retries": 1]], "settings.event_types"),
            (["settings": ["event_types": "log.door_was_opened", "max_retries": 1]], "settings.event_types"),
            (["settings": ["event_types": ["door.opened"], "max_retries": 1]], "settings.event_types"),
            (["settings": ["event_types": ["log.tamper_event"], "max_retries": 6]], "settings.max_retries"),
            (["settings": ["event_types": ["log.tamper_event"], "max_retries": -1]], "settings.max_retries"),
            (["settings": ["event_types": ["log.tamper_event"], "max_retries": "1"]], "settings.max_retries"),
            (
                [
                    "settings": [
                        "event_types": ["log.tamper_event"], "max_retries": 1,
                        "description": .string(String(repeating: "d", count: 1001)),
                    ]
                ], "settings.description"
            ),
            (["settings": ["event_types": ["log.tamper_event"], "max_retries": 1, "lock": 1]], "settings.lock"),
        ] as [(JSONObject, String)])
    func unsupportedTermIsNamed(_ terms: JSONObject, _ fields: String) throws {
        do {
            _ = try Spoken(dialect: BasIPDialect()).terms(terms)
            Issue.record("\(JSON.object(terms).compact) is taken")
        } catch let faults as ValidationErrors {
            #expect(faults.faults.compactMap(\.field).joined(separator: " ") == fields)
        }
    }

    @Test func valueOnTheBoundIsAccepted() throws {
        for (length, retries): (Int, JSON) in [(16, 0), (128, 5)] {
            let terms: JSONObject = [
                "secret": .string(String(repeating: "é", count: length)), "url": "http://192.168.1.9/in",
                "settings": [
                    "event_types": ["log.tamper_event"], "max_retries": retries,
                    "description": .string(String(repeating: "é", count: 1000)),
                ],
            ]
            #expect(throws: Never.self) { try Spoken(dialect: BasIPDialect()).terms(terms) }
        }
    }
}
