/// One property of an object in the document.
package struct Property: Sendable {
    package let name: String
    package let schema: Schema
    package let isRequired: Bool

    /// A field that is always there.
    package static func must(_ name: String, _ schema: Schema, _ sentence: String = "") -> Property {
        Property(name: name, schema: schema.saying(sentence), isRequired: true)
    }

    /// A field that may be left out, and is never null.
    package static func may(_ name: String, _ schema: Schema, _ sentence: String = "") -> Property {
        Property(name: name, schema: schema.saying(sentence), isRequired: false)
    }

    /// A field that may be left out; null says the same.
    package static func mayNull(_ name: String, _ schema: Schema, _ sentence: String = "") -> Property {
        may(name, schema.orNull, sentence)
    }

    /// The same field where it may be left out.
    package var leftOut: Property { Property(name: name, schema: schema, isRequired: false) }
}

// MARK: The words that many objects share

extension Schema {
    /// An identifier that callers may choose.
    package static let id = Schema.text(pattern: IdentifierRule.pattern)
    /// What people call something. No character of it is a control character.
    package static let name = Schema.text(
        Fields.nameLength, pattern: #"^[^\u0000-\u001F\u007F-\u009F]*$"#)
    /// An instant by RFC 3339.
    package static let time = Schema.text(format: "date-time")
    /// An instant that a caller names, by ISO 8601 as `TimeText` takes it.
    package static let told = Schema.text(1...64, pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ].*)?$")
    /// An event's id in the store.
    package static let uuid = Schema.text(format: "uuid")
    /// A whole number that every JSON reader keeps exact.
    package static let count = Schema.integer(Fields.numbers)
    /// A name of the IANA time zone database.
    package static let timeZone = Schema.text(1...64)
    /// 0 everything, 1 all but credentials, 2 all but credentials and persons.
    package static let privacyLevel = Schema.integer(
        Int64(PrivacyLevel.everything.rawValue)...Int64(PrivacyLevel.noPersons.rawValue))
    /// Requests a minute.
    package static let rate = Schema.integer(Fields.rates)
    /// Who did something; empty for the gateway itself.
    package static let person = Schema.record([
        .may("id", .text(), "The person's id; a program's key stands for itself."),
        .may("firstName", .text()), .may("lastName", .text()),
    ])
    /// Where a request came from.
    package static let client = Schema.record([
        .may("ipAddress", .text(), "The address; absent where there was no connection."),
        .may("userAgent", .text(), "What the program calls itself."),
    ])
}
