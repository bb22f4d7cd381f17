/// One property of an object in the document.
package struct Property: Sendable {
    /// Its key in the object.
    package let name: String
    /// The values that it may have.
    package let schema: Schema
    /// Whether an object without it is refused, or never sent.
    package let isRequired: Bool

    /// A required field.
    package static func must(_ name: String, _ schema: Schema, _ sentence: String = "") -> Property {
        Property(name: name, schema: schema.saying(sentence), isRequired: true)
    }

    /// An optional field that is never null.
    package static func may(_ name: String, _ schema: Schema, _ sentence: String = "") -> Property {
        Property(name: name, schema: schema.saying(sentence), isRequired: false)
    }

    /// An optional field; null means the same as omission.
    package static func mayNull(_ name: String, _ schema: Schema, _ sentence: String = "") -> Property {
        may(name, schema.orNull, sentence)
    }

    /// The field as an optional one.
    package var leftOut: Property { Property(name: name, schema: schema, isRequired: false) }
}

// MARK: Common schemas

extension Schema {
    /// An identifier that callers may choose.
    package static let id = Schema.text(pattern: IdentifierRule.pattern)
    /// A name for people, without control characters.
    package static let name = Schema.text(
        Fields.nameLength, pattern: #"^[^\u0000-\u001F\u007F-\u009F]*$"#)
    /// An instant by RFC 3339.
    package static let time = Schema.text(format: "date-time")
    /// An instant from a caller, by ISO 8601 in the form of `TimeText`.
    package static let told = Schema.text(1...64, pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ].*)?$")
    /// An event's id in the store.
    package static let uuid = Schema.text(format: "uuid")
    /// An integer that every JSON reader keeps exact.
    package static let count = Schema.integer(Fields.numbers)
    /// A name of the IANA time zone database.
    package static let timeZone = Schema.text(1...64)
    /// 0 everything, 1 all but credentials, 2 all but credentials and persons.
    package static let privacyLevel = Schema.integer(
        Int64(PrivacyLevel.everything.rawValue)...Int64(PrivacyLevel.noPersons.rawValue))
    /// Requests a minute.
    package static let rate = Schema.integer(Fields.rates)
    /// A person or program that acts; empty for the gateway itself.
    package static let person = Schema.record([
        .may("id", .text(), "The person's id; a program's key stands for itself."),
        .may("firstName", .text()), .may("lastName", .text()),
    ])
    /// The origin of a request.
    package static let client = Schema.record([
        .may("ipAddress", .text(), "The address; absent where there was no connection."),
        .may("userAgent", .text(), "What the program calls itself."),
    ])
}
