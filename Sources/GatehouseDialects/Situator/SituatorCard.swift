internal import GatehouseCore

/// The object `credential` of an access event: all of its keys, or none if nothing was presented.
enum SituatorCard {
    private static let keys = ["number", "cardType", "value", "wiegand26", "wiegand34", "code"]
    /// Keys under which the contract has whole numbers.
    private static let numbers = ["number", "value"]
    /// Keys under which it has text.
    private static let texts = ["wiegand26", "wiegand34", "code"]

    static func object(_ credential: JSONObject) -> JSONObject {
        var object = JSONObject(keys.map { JSONObject.Member($0, credential[$0] ?? .null) })
        for key in texts {
            if let number = object[key]?.integer { object[key] = .string(String(number)) }
        }
        for key in numbers {
            guard let text = object[key]?.text else { continue }
            let number = Int64(text).flatMap { String($0) == text ? $0 : nil }
            // A value that is not a number (leading zeros, letters, more digits than 64 bits hold) is sent unchanged; a
            // card number moves to `code`, where the contract has text, if that is empty.
            let isMoved = number == nil && key == "number" && object["code"] == .null
            if isMoved { object["code"] = .string(text) }
            object[key] = number.map { .integer($0) } ?? (isMoved ? .null : .string(text))
        }
        return object
    }

    /// The keys of an object that the contract does not have, such as another format.
    static func unknownKeys(in value: PayloadValue) throws(ValidationError) -> JSONObject {
        JSONObject(try value.object().members.filter { !keys.contains($0.key) })
    }

    static func credential(_ value: PayloadValue) throws(ValidationError) -> JSONObject {
        let object = try value.object()
        var credential = JSONObject()
        for key in keys {
            guard let json = object[key], json != .null else { continue }
            let member = PayloadValue(json, at: "\(value.path).\(key)")
            credential[key] = key == "cardType" ? .integer(try member.integer()) : try member.code()
        }
        return credential
    }
}
