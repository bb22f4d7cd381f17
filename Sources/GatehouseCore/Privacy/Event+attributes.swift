extension Event {
    /// The reporter's own attributes without what a level withholds.
    ///
    /// The names of extension attributes are in lower case without separators, so a credential word counts wherever it
    /// can be cut out of a name: `employeecard` counts as `employeeCard`. Attributes that CloudEvents itself describes
    /// are not about persons; `subject` may be a person. Any attribute with a credential word in its text is withheld.
    public func attributes(at level: PrivacyLevel) -> JSONObject {
        guard level > .everything, !attributes.isEmpty else { return attributes }
        let open = OpenFields(kind: kind, level: level)
        return JSONObject(distinct: attributes.members.filter { !Self.isWithheld($0, at: level, by: open) })
    }

    private static func isWithheld(
        _ member: JSONObject.Member, at level: PrivacyLevel, by open: OpenFields
    ) -> Bool {
        let text = member.value.text ?? ""
        if described.contains(member.key) { return quotesCredential(text) }
        if member.key == "subject" { return level >= .noPersons || quotesCredential(text) }
        if open.redacted(JSONObject(distinct: [member]), in: .other).isEmpty { return true }
        return hidesCredential(member, of: open.kind)
    }

    /// Whether a credential word, or two that form one, can be cut out of the name. A known name of the contracts'
    /// examples holds the value that it has there.
    private static func hidesCredential(_ member: JSONObject.Member, of kind: Kind) -> Bool {
        if KnownFields.fieldClass(of: member.key, member.value, of: kind, in: .other) != nil { return false }
        return NameWords.split(member.key).contains { word in
            let cut = NameParts.cut(from: word)
            guard CredentialWords.stand(among: cut.all, atTheEnd: cut.last) else { return false }
            return !ValueExcuse(under: Array(cut.all)).excuses(member.value)
        }
    }

    private static func quotesCredential(_ text: String) -> Bool { CredentialWords.stand(in: text) }

    /// The attributes that the documents of CloudEvents 1.0.2 describe, and that are not about persons.
    private static let described: Set<String> = [
        "dataschema", "traceparent", "tracestate", "sequence", "sequencetype", "sampledrate",
    ]
}
