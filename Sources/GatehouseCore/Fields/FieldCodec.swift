/// The JSON form of one sort of value: how it is read, refused, written, described in the document, and masked if it is
/// secret.
package struct FieldCodec<Subject: FieldSubject, Value: Sendable>: Sendable {
    /// Reads a caller's value of the named field; nil and a fault if it is not valid.
    let read: @Sendable (String, JSON, inout FieldReader<Subject>) -> Value?
    /// Writes a value; nil if the member is omitted.
    let write: @Sendable (Value) -> JSON?
    /// Reads a written value; nil for anything else.
    let restore: @Sendable (JSON) -> Value?
    /// Replaces the value by the mask; nil if it is no secret.
    private(set) var masked: (@Sendable (Value) -> Value)?
    /// The schema of an answer.
    private(set) var answered: Schema
    /// The schema of a body.
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

    /// The codec with another schema for bodies.
    package func taking(_ schema: Schema) -> FieldCodec {
        var codec = self
        codec.taken = schema
        return codec
    }

    /// The codec with another schema for answers.
    package func answering(_ schema: Schema) -> FieldCodec {
        var codec = self
        codec.answered = schema
        return codec
    }

    /// The codec of a secret, which is shown masked.
    package func hidden(_ masked: @escaping @Sendable (Value) -> Value) -> FieldCodec {
        var codec = self
        codec.masked = masked
        return codec
    }

    /// The codec of an optional value, which is `null` if absent.
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
    /// A boolean.
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
    /// An integer from 0 to 2^53 - 1.
    package static var number: FieldCodec {
        FieldCodec(.count, write: { .integer($0) }, restore: { $0.integer }) { name, _, reader in
            reader.fields.number(name, required: false)
        }
    }
}

extension FieldCodec where Value == Int {
    /// The maximum number of requests a minute.
    package static var rate: FieldCodec {
        FieldCodec(.rate, write: { .integer($0) }, restore: { $0.integer.map { Int($0) } }) { name, _, reader in
            reader.fields.rate(name)
        }
    }
}

extension FieldCodec where Value == PrivacyLevel {
    /// The privacy level of a reader.
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
