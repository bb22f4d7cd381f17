/// Judges the fields of open blocks, at any depth, by three lists in this order: ``KnownFields``, ``CredentialWords``,
/// and class P for everything else.
struct OpenFields {
    let kind: Kind
    let level: PrivacyLevel

    /// An object without what is withheld.
    func redacted(_ object: JSONObject, in holder: KnownFields.Holder) -> JSONObject {
        let named = NamedValues(in: object, of: kind, in: holder)
        return JSONObject(
            distinct: object.members.compactMap { member in
                let isMeant = named?.mayBeMeant(member, of: kind, in: holder) ?? false
                let judged = isMeant ? .credential : fieldClass(of: member, in: holder)
                guard !judged.isWithheld(member.value, at: level, beside: object) else { return nil }
                return JSONObject.Member(
                    member.key, redacted(member.value, under: member.key, in: holder))
            })
    }

    /// The value of that name without what is withheld inside it.
    func redacted(_ value: JSON, under name: String, in holder: KnownFields.Holder) -> JSON {
        switch value {
        case .object, .array: redacted(value, within: holder.inside(name))
        case .null, .bool, .number, .string: value
        }
    }

    private func redacted(_ value: JSON, within holder: KnownFields.Holder) -> JSON {
        switch value {
        case .object(let object): .object(redacted(object, in: holder))
        case .array(let items): .array(items.map { redacted($0, within: holder) })
        case .null, .bool, .number, .string: value
        }
    }

    private func fieldClass(of member: JSONObject.Member, in holder: KnownFields.Holder) -> FieldClass {
        let (name, value) = (member.key, member.value)
        if CredentialWords.isNumber(name) { return .credential }
        if let known = KnownFields.fieldClass(of: name, value, of: kind, in: holder) { return known }
        let words = NameWords.split(name)
        if CredentialWords.stand(in: name) || CredentialWords.isWhole(words),
            !ValueExcuse(under: NameWords.readings(of: name).flatMap(\.self)).excuses(value)
        {
            return .credential
        }
        if KnownFields.isJudgedWithin(name, value, in: holder) { return .open }
        if KnownFields.isOfDoor(name, value, of: kind, in: holder) { return .open }
        return FreeTexts.fieldClass(of: words, value) ?? (CredentialWords.isQuoted(in: value) ? .credential : .person)
    }
}

/// Texts that may quote what is beside them.
enum FreeTexts {
    /// Texts of devices about what they read: C, since the text of a reader's error often contains it.
    private static let written: Set<String> = [
        "message", "msg", "text", "description", "error", "raw", "payload", "packet", "buffer", "dump",
    ]
    /// Texts of people.
    private static let said: Set<String> = ["reason", "note", "comment", "remark", "purpose"]

    /// The class of a free text by the last word of its name; nil if it is none.
    static func fieldClass(of words: [String], _ value: JSON) -> FieldClass? {
        guard let last = words.last, isWritten(value) else { return nil }
        let word = NameWords.singular(last)
        if written.contains(word) || written.contains(last) { return .credential }
        return said.contains(word) ? .freeText(unless: []) : nil
    }

    /// Whether a value has content: what was read may also be a number or a list of bytes.
    private static func isWritten(_ value: JSON) -> Bool {
        switch value {
        case .string, .number: true
        case .array(let items): items.isEmpty || items.contains { isWritten($0) }
        case .null, .bool, .object: false
        }
    }
}
