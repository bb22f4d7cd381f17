extension Event {
    /// The reporter's own attributes without what a level withholds.
    ///
    /// The names of extension attributes are in lower case without a sign between their words, so a credential word
    /// counts wherever it can be cut out of one: `employeecard` is judged as `employeeCard` is. Attributes that
    /// CloudEvents itself describes are no person's; `subject` may be anybody. In all of them a credential word in
    /// the text withholds it.
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
        return member.value.bool == nil && JoinedName.hidesCredential(member.key)
    }

    private static func quotesCredential(_ text: String) -> Bool { CredentialWords.stand(in: NameWords.split(text)) }

    /// What the documents of CloudEvents 1.0.2 describe, and no person is.
    private static let described: Set<String> = [
        "dataschema", "traceparent", "tracestate", "sequence", "sequencetype", "sampledrate",
    ]
}

/// The name of an extension attribute, in which nothing shows where a word ends.
enum JoinedName {
    /// Whether the name can be cut so that a word, or two beside one another, speak of a credential. A word of less
    /// than four letters counts at the begin and at the end alone: `userpin` has a pin, `shippingid` has none.
    static func hidesCredential(_ name: String) -> Bool {
        NameWords.split(name).contains { word in
            let letters = Array(word)
            return (0..<letters.count).contains { start in
                (start + 1...letters.count).contains { end in
                    let isInside = start > 0 && end < letters.count
                    guard !isInside || end - start >= 4 else { return false }
                    let parts = [letters[..<start], letters[start..<end], letters[end...]].filter { !$0.isEmpty }
                    return CredentialWords.stand(in: parts.map { String($0) })
                }
            }
        }
    }
}
