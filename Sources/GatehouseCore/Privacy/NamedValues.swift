/// Objects with the name of a credential in one field and its value in another: `{"key": "pin", "data": 4711}`.
///
/// The name of the field with the value says nothing there, so the other field decides.
struct NamedValues {
    /// The fields with a name.
    private let naming: Set<String>
    /// The harmless values under the words of those names.
    private let excuse: ValueExcuse

    /// Nil if an object names no credential.
    init?(in object: JSONObject, of kind: Kind, in holder: KnownFields.Holder) {
        var (naming, words): (Set<String>, [String]) = ([], [])
        for member in object.members where Self.isNaming(member.key, of: kind, in: holder) {
            let texts = member.value.items?.compactMap(\.text) ?? [member.value.text].compactMap(\.self)
            let named = texts.compactMap(Self.credential).flatMap(\.self)
            if named.isEmpty { continue }
            naming.insert(member.key)
            words += named
        }
        if naming.isEmpty || naming.count == object.members.count { return nil }
        (self.naming, excuse) = (naming, ValueExcuse(under: words))
    }

    /// Whether a member may be the named value. A member that is known by its own name is something else, and so is a
    /// text without a quotation under a name that says what it is: the owner of a card.
    func mayBeMeant(_ member: JSONObject.Member, of kind: Kind, in holder: KnownFields.Holder) -> Bool {
        if naming.contains(member.key) || excuse.excuses(member.value) { return false }
        if KnownFields.isSpecific(member.key, member.value, of: kind, in: holder) { return false }
        let name = NameWords.split(member.key)
        return name.contains { Self.holding.contains(NameWords.singular($0)) || $0.utf8.count == 1 }
            || CredentialWords.mayBeQuoted(in: member.value)
    }

    /// Whether a field gives the name of the value beside it. The name of a thing does not, and neither does
    /// `inputTypes` of a reader: "Card Reader" names the reader.
    private static func isNaming(_ name: String, of kind: Kind, in holder: KnownFields.Holder) -> Bool {
        if case .block(let block) = holder, BlockTable.rule(name, of: block) != nil { return false }
        let words = NameWords.split(name)
        guard let last = words.last, naming.contains(NameWords.singular(last)) else { return false }
        if words.count > 1 {
            let isKnown = KnownNames.sort(of: words) != nil || KnownFields.sortOfNameOrID(words) != nil
            return !isKnown && !KnownFields.isDevice(words[words.count - 2])
        }
        return KnownFields.sortOfThing(last, of: kind, in: holder) == nil
    }

    /// The words of a text that names a credential; nil if it does not. A text that ends in a word for a device names
    /// the device: `cardReader`.
    private static func credential(_ text: String) -> [String]? {
        guard text.utf8.count <= 64 else { return nil }
        return NameWords.readings(of: text).lazy.compactMap { credential(in: $0) }.first
    }

    private static func credential(in read: [String]) -> [String]? {
        var words = read
        while let last = words.last, last.unicodeScalars.allSatisfy({ $0.properties.numericType != nil }) {
            words.removeLast()
        }
        guard let last = words.last, !KnownFields.isDevice(last), !things.contains(last) else { return nil }
        return CredentialWords.stand(in: words) || words.count == 1 && alone.contains(last) ? words : nil
    }

    private static let naming: Set<String> = [
        "key", "k", "name", "n", "field", "type", "kind", "label", "property", "prop", "attribute", "attr", "param",
        "parameter", "tag", "title", "id", "form", "method", "mean", "medium", "technology", "column", "header",
        "caption", "variable", "var", "option", "setting",
    ]
    private static let holding: Set<String> = [
        "data", "content", "value", "v", "val", "text", "id", "uid", "uuid", "guid", "body", "metadata", "detail",
        "result", "raw", "payload", "string", "item", "entry", "input", "read", "row", "arg", "argument",
    ]
    /// Words that name a credential alone. Programs use "number" and "value" for sorts of values.
    private static let alone = CredentialWords.Vocabulary.whole.subtracting(["number", "value", "raw", "tag", "track"])
    private static let things: Set<String> = ["format", "policy", "mode", "schedule", "error", "event", "office"]
}
