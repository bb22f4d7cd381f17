/// The words for a person, in the names of fields and as the type of a resource.
enum PersonWords {
    private static let words: Set<String> = [
        "person", "people", "visitor", "user", "host", "owner", "holder", "cardholder", "employee", "resident",
        "tenant", "guest", "member",
    ]

    /// Whether a name means a person with an `id`: `host`, `visitors`.
    static func isPerson(_ name: String) -> Bool { isWord(for: NameWords.split(name).last) }

    /// Whether a name means one person: `user`, and not `users`, under which a number is their count.
    static func isOne(_ name: String) -> Bool {
        NameWords.split(name).last.map { $0 != "people" && words.contains($0) } ?? false
    }

    /// Whether the value of a name is a person's id, for every way of joining its words: `personId`, `user_id`,
    /// `hostIds`, `cardholderid`.
    static func isPersonID(_ name: String) -> Bool {
        let words = NameWords.split(name)
        guard let last = words.last.map({ NameWords.singular($0) }), last.hasSuffix("id") else { return false }
        if last == "id" { return words.count > 1 && isWord(for: words[words.count - 2]) }
        return endsInPerson(String(last.dropLast(2)))
    }

    /// Whether a name in lower case without separators ends in a word for a person: `cardowner`.
    static func endsInPerson(_ name: String) -> Bool {
        words.contains { name.utf8.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }

    /// Whether the type of a resource means a person.
    static func isPerson(typed type: JSON?) -> Bool {
        NameWords.split(type?.text ?? "").contains { isWord(for: $0) }
    }

    /// Whether the type of a resource means no person: a resource without a type may be one.
    static func isThing(typed type: JSON?) -> Bool {
        !NameWords.split(type?.text ?? "").isEmpty && !isPerson(typed: type)
    }

    private static func isWord(for word: String?) -> Bool {
        guard let word else { return false }
        return words.contains(word) || words.contains(NameWords.singular(word))
    }
}
