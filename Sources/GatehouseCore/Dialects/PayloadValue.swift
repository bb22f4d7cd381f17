/// A value of a vendor's body, with its path, so that every fault names its field.
public struct PayloadValue: Sendable {
    /// The value.
    public let json: JSON
    /// Its path, such as `body.doorId`.
    public let path: String

    /// The last millisecond of the year 9999, the last that RFC 3339 can express.
    private static let lastMillisecond: Int64 = 253_402_300_799_999

    /// Takes a value and its path.
    public init(_ json: JSON, at path: String) {
        self.json = json
        self.path = path
    }

    /// A required member. - Throws: a fault that names it, if it is missing.
    public init(_ key: String, of object: JSONObject) throws(ValidationError) {
        guard let value = object[key] else { throw ValidationError(.missingField, field: key, "\(key) is missing") }
        self.init(value, at: key)
    }

    /// The value as text.
    public func text() throws(ValidationError) -> String {
        guard let text = json.text else { throw wrong("text") }
        return text
    }

    /// The value as an integer.
    public func integer() throws(ValidationError) -> Int64 {
        guard let integer = json.integer else { throw wrong("a whole number") }
        return integer
    }

    /// The value as a boolean.
    public func boolean() throws(ValidationError) -> Bool {
        guard let flag = json.bool else { throw wrong("true or false") }
        return flag
    }

    /// The value as an object.
    public func object() throws(ValidationError) -> JSONObject {
        guard let object = json.object else { throw wrong("an object") }
        return object
    }

    /// The value as an instant, in milliseconds since 1970.
    public func milliseconds() throws(ValidationError) -> Instant {
        let number = try integer()
        guard (0...Self.lastMillisecond).contains(number) else {
            throw ValidationError(
                .outOfBounds, field: path, "\(path) takes milliseconds since 1970, up to the year 9999")
        }
        return Instant(microseconds: number * 1000)
    }

    /// The fault of a value of the wrong type.
    public func wrong(_ wanted: String) -> ValidationError {
        ValidationError(.wrongType, field: path, "\(path) takes \(wanted), not \(given)")
    }

    /// What it is, for a sentence; of a number the number itself, because another number may be right.
    private var given: String {
        guard case .number = json else { return json.sort }
        let text = json.compact
        return text.count > 40 ? "\(text.prefix(40))…" : text
    }
}
