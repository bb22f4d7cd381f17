/// The values of a subscription's fields. Their sentences say what a field accepts.
extension FieldCodec where Subject == Terms, Value == String {
    /// Its name for people.
    static var termsName: FieldCodec {
        FieldCodec(.text(), write: { .string($0) }, restore: { $0.text }) { field, json, reader in
            guard let text = json.text else { return reader.wrongType(field, "text", json) }
            // Scalars and not grapheme clusters, which may have any number of bytes.
            guard TermsBounds.name.contains(text.unicodeScalars.count) else {
                return reader.fault(.outOfBounds, field, "name takes 1 to \(TermsBounds.name.upperBound) characters")
            }
            guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
                return reader.fault(.outOfBounds, field, "name takes no control characters")
            }
            return text
        }.taking(.name)
    }
}

extension FieldCodec where Subject == Terms, Value == TargetURL {
    /// The URL of its receiver.
    static var target: FieldCodec {
        FieldCodec(.text(), write: { .string($0.text) }, restore: { $0.text.flatMap { TargetURL($0) } }) {
            field, json, reader in
            guard let text = json.text else { return reader.wrongType(field, "text", json) }
            do throws(TargetURL.Flaw) {
                return try TargetURL(reading: text)
            } catch {
                return reader.fault(.outOfBounds, field, "url is not taken: \(error.sentence)")
            }
        }.taking(.target).hidden { $0.masked }
    }
}

extension FieldCodec where Subject == Terms, Value == Bool {
    /// A boolean.
    static var truth: FieldCodec {
        FieldCodec(.boolean, write: { .bool($0) }, restore: { $0.bool }) { field, json, reader in
            reader.truth(field, json)
        }
    }

    /// The field `tls`; so far it has only the verification of certificates.
    static var verification: FieldCodec {
        let taken = Schema.draft([
            .mayNull(
                "verification", .boolean,
                "Whether a receiver must prove its name by a certificate; true where it is left out.")
        ])
        return FieldCodec(
            .record([.must("verification", .boolean)]), write: { ["verification": .bool($0)] },
            restore: { $0["verification"]?.bool }, read: { _, json, reader in reader.verification(json) }
        ).taking(taken)
    }
}

extension FieldCodec where Subject == Terms, Value == Int {
    /// How many deliveries may be in flight at once.
    static var concurrency: FieldCodec {
        FieldCodec(
            .integer(TermsBounds.concurrency), write: { .integer($0) }, restore: { $0.integer.map { Int($0) } }
        ) { field, json, reader in
            reader.integer(field, json, in: TermsBounds.concurrency).map { Int($0) }
        }
    }
}

extension FieldCodec where Subject == Terms, Value == Duration {
    /// How long an attempt may take, in milliseconds.
    static var timeout: FieldCodec {
        FieldCodec(
            .integer(TermsBounds.timeout), write: { .integer($0.microseconds / 1000) },
            restore: { $0.integer.map { .milliseconds($0) } }
        ) { field, json, reader in
            reader.integer(field, json, in: TermsBounds.timeout).map { .milliseconds($0) }
        }
    }
}

extension FieldCodec where Subject == Terms, Value == [Duration]? {
    /// The delays of a schedule in seconds, or `"default"`.
    static var retries: FieldCodec {
        FieldCodec(
            .ref("Retries"),
            write: { $0.map { .array($0.map { .integer($0.microseconds / 1_000_000) }) } ?? "default" },
            restore: { .some($0.items?.compactMap(\.integer).map { .seconds($0) }) }
        ) { field, json, reader in
            if json == "default" { return .some(nil) }
            guard let items = json.items, TermsBounds.delays.contains(items.count) else {
                return reader.fault(
                    .outOfBounds, field,
                    #"retries takes "default", or a list of 1 to \#(TermsBounds.delays.upperBound) delays in seconds"#)
            }
            let delays = items.compactMap(\.integer).filter { TermsBounds.delay.contains($0) }
            guard delays.count == items.count else {
                return reader.fault(
                    .outOfBounds, field, "a delay takes whole seconds from 0 to \(TermsBounds.delay.upperBound)")
            }
            return .some(delays.map { .seconds($0) })
        }
    }
}

extension FieldCodec where Subject == Terms, Value == Instant {
    /// When it expires, in the future. A time without a zone is in UTC, and a date alone means its end.
    static var expiry: FieldCodec {
        FieldCodec(
            .time, write: { .string(RFC3339.text($0)) },
            restore: { $0.text.flatMap { EventTime(stored: $0)?.instant } }
        ) { field, json, reader in
            do throws(ValidationError) {
                let end = try TimeText(json, of: field, like: "2030-12-31T22:00:00Z").end
                guard end > reader.context.now else {
                    return reader.fault(.outOfBounds, field, "expiresAt takes a time in the future")
                }
                return end
            } catch {
                return reader.fault(error.code, field, error.sentence)
            }
        }.taking(.told)
    }
}

extension FieldCodec where Subject == Terms, Value == Promise {
    /// The promise, one of those that the dialect offers.
    static var promise: FieldCodec {
        FieldCodec(
            .word(Promise.allCases.map(\.rawValue)), write: { .string($0.rawValue) },
            restore: { $0.text.flatMap { Promise(rawValue: $0) } }
        ) { field, json, reader in
            let dialect = reader.context.dialect
            let offered = Promise.allCases.filter { dialect?.defaults.promises.contains($0) ?? true }
            guard let promise = json.text.flatMap({ Promise(rawValue: $0) }), offered.contains(promise) else {
                let words = offered.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
                return reader.fault(.outOfBounds, field, "promise takes \(words) in this dialect")
            }
            return promise
        }
    }
}

extension FieldCodec where Subject == Terms, Value == PrivacyLevel {
    /// The privacy level of its deliveries.
    static var termsLevel: FieldCodec {
        FieldCodec(
            .privacyLevel, write: { .integer($0.rawValue) },
            restore: { $0.integer.flatMap { PrivacyLevel(rawValue: Int($0)) } }
        ) { field, json, reader in
            guard let level = json.integer.flatMap({ PrivacyLevel(rawValue: Int($0)) }) else {
                return reader.fault(.outOfBounds, field, "privacyLevel takes 0, 1 or 2")
            }
            return level
        }
    }
}

extension FieldCodec where Subject == Terms, Value == Secret {
    /// The secret that signs deliveries; read by ``Terms/readSecret(_:_:)``.
    static var secret: FieldCodec {
        FieldCodec(.text(), write: { .string($0.revealed) }, restore: { $0.text.map { Secret($0) } }) { _, _, _ in nil }
            .hidden { _ in Secret(Mask.text) }
    }
}

extension FieldCodec where Subject == Terms, Value == Secret? {
    /// A secret that the gateway makes; omitted if there is none.
    static var madeSecret: FieldCodec {
        FieldCodec(.text(), write: { $0.map { .string($0.revealed) } }, restore: { .some($0.text.map { Secret($0) }) })
        {
            _, _, _ in nil
        }.hidden { $0.map { _ in Secret(Mask.text) } }
    }
}

extension FieldCodec where Subject == Terms, Value == Terms.Outgoing? {
    /// The secret before the present one; stored and not shown.
    static var outgoing: FieldCodec {
        FieldCodec(.free, write: { $0?.stored }, restore: { .some(Terms.Outgoing(stored: $0)) }) { _, _, _ in nil }
            .hidden { outgoing in
                outgoing.map {
                    Terms.Outgoing(
                        secret: $0.secret.map { _ in Secret(Mask.text) }, until: $0.until, isBeside: $0.isBeside)
                }
            }
    }
}

extension Schema {
    /// A URL for deliveries.
    fileprivate static let target = Schema.text(
        8...TargetURL.longest,
        pattern: #"^[Hh][Tt][Tt][Pp][Ss]?://([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?"#
            + #"([/?][!"$-\[\]-~]*)?$"#)
}
