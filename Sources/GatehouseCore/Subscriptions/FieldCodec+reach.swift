/// The values that say which events a subscription gets, and what each delivery carries.
extension FieldCodec where Subject == Terms, Value == DialectName {
    /// The dialect; from then on it judges what only a dialect can judge.
    static var dialect: FieldCodec {
        FieldCodec(.text(), write: { .string($0.text) }, restore: { $0.text.map { DialectName($0) } }) {
            field, json, reader in
            guard let name = json.text else { return reader.wrongType(field, "text", json) }
            reader.context.dialect = reader.context.dialects[DialectName(name)]
            if let dialect = reader.context.dialect { return dialect.name }
            let known = reader.context.spoken
            let hint = Nearest.hint(for: name, among: known)
            return reader.fault(
                .outOfBounds, field,
                "this gateway does not speak that dialect\(hint) It speaks: \(known.joined(separator: ", "))")
        }
    }
}

extension FieldCodec where Subject == Terms, Value == Terms.Scope {
    /// The part of the organization tree that it covers.
    static var scope: FieldCodec {
        FieldCodec(.ref("Scope"), write: { $0.json }, restore: { Terms.Scope(json: $0) }) { field, json, reader in
            guard let scope = Terms.Scope(json: json) else {
                return reader.fault(
                    .outOfBounds, field, #"scope takes "this", "recursive", or a list of panel ids"#)
            }
            guard reader.hasPanels(scope, json) else { return nil }
            reader.context.scope = scope
            return scope
        }
    }
}

extension FieldCodec where Subject == Terms, Value == [String] {
    /// Globs over kinds; each one matches a kind that the dialect has a name for.
    static var kinds: FieldCodec {
        FieldCodec(
            .list(of: .text()), write: { .array($0.map { .string($0) }) }, restore: { $0.items?.compactMap(\.text) }
        ) { field, json, reader in
            guard let globs = reader.texts(field, json) else { return nil }
            if globs.isEmpty {
                return reader.fault(
                    .outOfBounds, field, "kinds takes at least one glob; \(reader.wayToAll) for all kinds")
            }
            guard let dialect = reader.context.dialect else { return nil }
            let sayable = dialect.vocabulary.sayable
            let futile = globs.filter { KindGlob.expand([$0]).intersection(sayable).isEmpty }
            reader.refuse(futile) { glob in
                let hint = Nearest.hint(for: glob, among: sayable.kinds.lazy.map(\.name))
                return ValidationError(
                    .unknownKind, field: field, "\(dialect.name) can say no kind that \"\(glob)\" fits\(hint)")
            }
            return futile.isEmpty ? globs : nil
        }.taking(.list(of: .text(TermsBounds.listed), 1...TermsBounds.list))
    }
}

extension FieldCodec where Subject == Terms, Value == [DoorID] {
    /// Doors within the scope.
    static var doors: FieldCodec {
        FieldCodec(
            .list(of: .id), write: { .array($0.map { .string($0.text) }) },
            restore: { $0.items?.compactMap(\.text).map { DoorID($0) } }
        ) { field, json, reader in
            guard let ids = reader.texts(field, json) else { return nil }
            if ids.isEmpty {
                return reader.fault(
                    .outOfBounds, field, "doors takes at least one door; \(reader.wayToAll) for all doors")
            }
            let unknown = ids.filter { !reader.reaches(DoorID($0)) }
            if unknown.isEmpty { return ids.map { DoorID($0) } }
            let known = reader.reachedDoors
            reader.refuse(unknown) { id in
                let hint = Nearest.hint(for: id, among: known)
                return ValidationError(
                    .unknownDoor, field: field, "the subscription reaches no door \"\(id)\"\(hint)")
            }
            return nil
        }.taking(.list(of: .text(TermsBounds.listed), 1...TermsBounds.list))
    }
}

extension FieldCodec where Subject == Terms, Value == JSONObject {
    /// A change merges (RFC 7396): a setting that it omits stays, and `null` removes one. In a creation, `null` counts
    /// as an omitted setting.
    static var settings: FieldCodec {
        FieldCodec(.free, write: { .object($0) }, restore: { $0.object }) { field, json, reader in
            guard let object = json.object else { return reader.wrongType(field, "an object", json) }
            return (reader.present?.settings ?? JSONObject()).merged(with: object)
        }
    }
}

extension FieldCodec where Subject == Terms, Value == [Terms.Header] {
    /// The owner's header fields. A change merges, as with ``settings``.
    static var headers: FieldCodec {
        FieldCodec(
            .map(of: .text()), write: { .object(Terms.Header.json($0)) },
            restore: { json in
                json.object?.members.compactMap { member in member.value.text.map { Terms.Header(member.key, $0) } }
            }, read: { _, json, reader in reader.headers(json) }
        )
        .taking(.map(of: Schema.text().orNull, most: 2 * TermsBounds.headers))
        .hidden { $0.map { Terms.Header($0.name, Mask.text) } }
    }
}

extension FieldCodec where Subject == Terms, Value == Authentication {
    /// The authentication of deliveries. A change of the type replaces everything; any other change merges, as with
    /// ``settings``.
    static var authentication: FieldCodec {
        FieldCodec(
            .ref("Authentication"), write: { .object($0.json) },
            restore: { $0.object.flatMap { try? Authentication(json: $0) } }
        ) { field, json, reader in
            if json == .null { return Authentication.none }
            guard var object = json.object else { return reader.wrongType(field, "an object", json) }
            if let stranger = object.members.first(where: { !Authentication.members.contains($0.key) }) {
                let sentence = Fields.unknown(stranger.key, among: Authentication.members)
                return reader.fault(.outOfBounds, "authentication.\(stranger.key)", sentence)
            }
            if object["type"] == .null { object["type"] = nil }
            let kept = reader.present?.authentication.json ?? JSONObject()
            object = (object["type"] == nil || object["type"] == kept["type"] ? kept : JSONObject())
                .merged(with: object)
            do throws(Authentication.ReadError) {
                return try Authentication(json: object)
            } catch {
                return reader.fault(.outOfBounds, "authentication.\(error.member)", error.sentence)
            }
        }
        .taking(.ref("AuthenticationDraft"))
        .hidden { $0.masked }
    }
}
