internal import GatehouseCore
import Testing

@testable internal import DialectFixtures
@testable import GatehouseDialects

/// The faults of a payload are reported by name.
@Suite struct ProdataKeyFaultTests {
    /// An example with one member changed, and the fault.
    struct Case: Sendable, CustomTestStringConvertible {
        let topic: String
        let path: [String]
        /// The value in its place; nil to remove it.
        let value: JSON?
        let code: ValidationError.Code

        init(_ topic: String, _ path: String, _ value: JSON?, _ code: ValidationError.Code) {
            self.topic = topic
            self.path = path.split(separator: ".").map(String.init)
            self.value = value
            self.code = code
        }

        var testDescription: String { "\(topic) with \(path.joined(separator: ".")): \(value?.compact ?? "nothing")" }
    }

    private static let missing = [
        Case("door.alarm.forced", "topic", .none, .missingField), Case("door.alarm.forced", "id", .none, .missingField),
        Case("door.alarm.forced", "body", .none, .missingField),
        Case("door.alarm.forced", "body.doorId", .none, .missingField),
        Case("door.alarm.forced", "metadata", .none, .missingField),
        Case("door.alarm.forced", "metadata.occurred", .none, .missingField),
        Case("door.alarm.forced", "panelId", .none, .missingField),
        Case("door.input.virtualread", "metadata", .none, .missingField),
        Case("endpoint.added", "panelId", .none, .missingField),
        Case("notification.client.command", "body.details", .none, .missingField),
        Case("notification.device.updated", "body.id", .none, .missingField),
        Case("notification.person.created", "body.id", .none, .missingField),
        Case("notification.person.created", "panelId", .none, .missingField),
        Case("panel.connected", "timestamp", .none, .missingField),
        Case("panel.created", "id", .none, .missingField), Case("ou.updated", "id", .none, .missingField),
    ]

    private static let wrong = [
        Case("door.alarm.forced", "topic", 5, .wrongType), Case("door.alarm.forced", "topic", "", .unknownKind),
        Case("door.alarm.forced", "topic", "door.alarm.forsed", .unknownKind),
        Case("door.alarm.forced", "id", 7, .wrongType), Case("door.alarm.forced", "id", "", .outOfBounds),
        Case("door.alarm.forced", "id", .string(String(repeating: "a", count: 257)), .outOfBounds),
        Case("door.alarm.forced", "body", [], .wrongType), Case("door.alarm.forced", "body.doorId", "1", .wrongType),
        Case("door.alarm.forced", "body.doorId", .fraction(1.5), .wrongType),
        Case("door.alarm.forced", "metadata.occurred", "now", .wrongType),
        Case("door.alarm.forced", "metadata.occurred", -1, .outOfBounds),
        Case("door.alarm.forced", "metadata.occurred", 9_223_372_036_854_775_807, .outOfBounds),
        Case("door.alarm.forced", "metadata.doorName", .null, .wrongType),
        Case("door.alarm.forced", "panelId", 1_070_000, .wrongType),
        Case("door.alarm.forced", "panelId", "no id", .outOfBounds),
        Case("door.request.allowed", "body.personId", "1", .wrongType),
        Case("door.request.allowed", "body.requestFactor", 3, .wrongType),
        Case("door.request.multiallowed", "body.count", "4", .wrongType),
        Case("notification.client.command", "body.details", "none", .wrongType),
        Case("notification.client.command", "body.details.doorId", true, .wrongType),
        Case("notification.person.created", "panelId", 5, .wrongType),
        Case("ou.created", "useTouchMobileApp", "no", .wrongType), Case("ou.created", "user", "Ana", .wrongType),
        Case("panel.created", "clientInfo", .null, .wrongType), Case("permission.created", "email", 5, .wrongType),
        Case("panel.connected", "timestamp", 1_646_921_051, .wrongType),
    ]

    @Test(arguments: missing + wrong)
    func faultInAFieldIsNamed(_ broken: Case) throws {
        let body = changed(try ProdataKeyExamples.body(of: broken.topic), broken.path[...], broken.value)
        let fault = try #require(complaint(about: body.bytes))
        #expect(fault.code == broken.code)
        #expect(fault.field == broken.path.joined(separator: "."))
        #expect(fault.sentence.contains(broken.path.joined(separator: ".")))
    }

    @Test func nearestTopicIsSuggested() {
        let sentence = complaint(about: Array(#"{"topic":"door.alarm.forsed"}"#.utf8))?.sentence
        #expect(sentence?.contains(#""door.alarm.forced""#) == true)
    }

    @Test(arguments: ["", "{", "[]", "null", "5", #""door.alarm.forced""#, #"{"topic":1,"topic":2}"#, "\u{FEFF}{}"])
    func bodyThatIsNoObjectIsMalformed(_ text: String) {
        #expect(complaint(about: Array(text.utf8))?.code == .malformed)
        #expect(complaint(about: Array(text.utf8))?.field == nil)
    }

    /// A withheld value is absent from our own bodies, so a body must be readable without it.
    @Test func withheldFieldIsNotMissed() throws {
        for row in ProdataKeyEvents.table.rows {
            let body = ProdataKeyPayload.body(of: ProdataKeyPayloadTests.full(row.kind), at: .noPersons)
            #expect(try ProdataKeyPayload.parse(body).kind == row.kind, "\(row.name)")
        }
    }

    private func complaint(about body: [UInt8]) -> ValidationError? {
        do throws(ValidationError) {
            _ = try ProdataKeyPayload.parse(body)
            return nil
        } catch {
            return error
        }
    }

    private func changed(_ json: JSON, _ path: ArraySlice<String>, _ value: JSON?) -> JSON {
        guard var object = json.object, let key = path.first else { return json }
        let rest = path.dropFirst()
        object[key] = rest.isEmpty ? value : object[key].map { changed($0, rest, value) }
        return .object(object)
    }
}
