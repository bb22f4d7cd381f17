internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

extension Doors {
    /// Unlocks a door, once: 200 if it opened, 403 if it refused, 501 if it has no driver, 504 if it gave no answer. A
    /// repeated request with the same `Idempotency-Key` gets the first answer again.
    func unlock(_ call: Call) async throws -> Response {
        let door = try named(call)
        let repetitionKey = try Self.repetitionKey(of: call)
        switch try await commander.unlock(door, for: call.author.asker, repetitionKey: repetitionKey) {
        case .underWay:
            throw Problem(
                .repeatedCommand, "the door is being told at this moment: ask again for what came of it",
                field: Self.repetitionField)
        case .usedElsewhere:
            throw Problem(
                .repeatedCommand, "the Idempotency-Key stands for a command to another door: choose another",
                field: Self.repetitionField)
        case .ended(let command):
            return try Self.answer(to: command)
        }
    }

    private static let repetitionField = "Idempotency-Key"

    private static func repetitionKey(of call: Call) throws(ValidationError) -> String? {
        guard let key = call.request.headers[.idempotencyKey] else { return nil }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ValidationError(
                .outOfBounds, field: repetitionField,
                "an Idempotency-Key has 1 to 255 visible characters of ASCII")
        }
        return key
    }

    private static func answer(to command: DoorCommand) throws(Problem) -> Response {
        let sentence = command.ended?.outcome.reason ?? "the door gave no reason"
        switch command.ended?.outcome.result {
        case .opened: return Response(.ok, json: .object(command.json))
        case .refused: throw Problem(.doorRefused, sentence)
        case .unsupported: throw Problem(.doorUnsupported, sentence)
        case .unanswered, .unknown, nil: throw Problem(.doorUnanswered, sentence)
        }
    }
}

extension DoorCommand {
    /// The command as the native API answers it.
    fileprivate var json: JSONObject {
        var object = JSONObject()
        object["id"] = .string(id.text)
        object["organization"] = .string(organization.text)
        object["door"] = .string(door.text)
        object["outcome"] = .text(ended?.outcome.result.rawValue)
        object["event"] = .text(ended?.event.description)
        return object
    }
}

extension HTTPField.Name {
    fileprivate static let idempotencyKey = constant("idempotency-key")
}
