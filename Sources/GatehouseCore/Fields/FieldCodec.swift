/// How one sort of value stands in JSON: what is taken and in which sentences the rest is refused, how it is written,
/// how the document describes it, what stands in its place where it is secret.
package struct FieldCodec<Subject: FieldSubject, Value: Sendable>: Sendable {
    /// Reads what a caller sent under this name; nil and a fault where it cannot stand.
    let read: @Sendable (String, JSON, inout FieldReader<Subject>) -> Value?
    /// Writes a value; nil where the member is left out.
    let write: @Sendable (Value) -> JSON?
    /// Reads what was written; nil for anything else.
    let restore: @Sendable (JSON) -> Value?
    /// Puts the mask in its place; nil where it is no secret.
    private(set) var masked: (@Sendable (Value) -> Value)?
    /// What an answer has.
    private(set) var answered: Schema
    /// What a body may have.
    private(set) var taken: Schema

    /// Joins the parts.
    package init(
        _ schema: Schema, write: @escaping @Sendable (Value) -> JSON?,
        restore: @escaping @Sendable (JSON) -> Value?,
        read: @escaping @Sendable (String, JSON, inout FieldReader<Subject>) -> Value?
    ) {
        (self.answered, self.taken) = (schema, schema)
        self.read = read
        self.write = write
        self.restore = restore
    }

    /// The same, where bodies have another schema than answers.
    package func taking(_ schema: Schema) -> FieldCodec {
        var codec = self
        codec.taken = schema
        return codec
    }

    /// The same, where answers have another schema than bodies.
    package func answering(_ schema: Schema) -> FieldCodec {
        var codec = self
        codec.answered = schema
        return codec
    }

    /// The same of a secret, which is shown masked.
    package func hidden(_ masked: @escaping @Sendable (Value) -> Value) -> FieldCodec {
        var codec = self
        codec.masked = masked
        return codec
    }

    /// The same of a value that may be absent, and is `null` then.
    package var orNull: FieldCodec<Subject, Value?> {
        var codec = FieldCodec<Subject, Value?>(
            answered.orNull,
            write: { $0.map(write) ?? .null },
            restore: { $0 == .null ? .some(nil) : restore($0).map { .some($0) } },
            read: { name, json, reader in
                json == .null ? .some(nil) : read(name, json, &reader).map { .some($0) }
            })
        codec.taken = taken
        if let masked { codec.masked = { $0.map(masked) } }
        return codec
    }
}

// MARK: Sorts of values

extension FieldCodec where Value == Bool {
    /// A truth value.
    package static var flag: FieldCodec {
        FieldCodec(.boolean, write: { .bool($0) }, restore: { $0.bool }) { name, _, reader in
            reader.fields.flag(name)
        }
    }
}

extension FieldCodec where Value == String {
    /// Text of 1 to 200 characters without control characters.
    package static var name: FieldCodec {
        FieldCodec(.name, write: { .string($0) }, restore: { $0.text }) { name, _, reader in
            reader.fields.name(name)
        }
    }
}

extension FieldCodec where Value == Int64 {
    /// A whole number from 0 to 2^53 - 1.
    package static var number: FieldCodec {
        FieldCodec(.count, write: { .integer($0) }, restore: { $0.integer }) { name, _, reader in
            reader.fields.number(name, required: false)
        }
    }
}

extension FieldCodec where Value == Int {
    /// How many requests a minute are taken.
    package static var rate: FieldCodec {
        FieldCodec(.rate, write: { .integer($0) }, restore: { $0.integer.map { Int($0) } }) { name, _, reader in
            reader.fields.rate(name)
        }
    }
}

extension FieldCodec where Value == PrivacyLevel {
    /// How much of events somebody reads.
    package static var privacyLevel: FieldCodec {
        FieldCodec(
            .privacyLevel, write: { .integer($0.rawValue) },
            restore: { $0.integer.flatMap { PrivacyLevel(rawValue: Int($0)) } }
        ) { name, _, reader in reader.fields.privacyLevel(name) }
    }
}

extension FieldCodec where Value == String, Subject.FieldContext == any TimeZones {
    /// The IANA name of a time zone.
    package static var timeZone: FieldCodec {
        FieldCodec(.timeZone, write: { .string($0) }, restore: { $0.text }) { name, _, reader in
            reader.fields.timeZone(name, in: reader.context)
        }
    }
}
