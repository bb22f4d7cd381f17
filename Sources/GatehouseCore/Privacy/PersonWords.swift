/// The words for somebody, in the names of fields and as the type of a resource.
enum PersonWords {
    private static let somebody: Set<String> = [
        "person", "people", "visitor", "user", "host", "owner", "holder", "cardholder", "employee", "resident",
        "tenant", "guest", "member",
    ]

    /// Whether somebody with an `id` of his own stands under a name: `host`, `visitors`.
    static func isSomebody(_ name: String) -> Bool { isWord(for: NameWords.split(name).last) }

    /// Whether a name holds somebody's id itself: `personId`, `user_id`, `hostIds`.
    static func isIDOfSomebody(_ name: String) -> Bool {
        let words = NameWords.split(name)
        guard words.count > 1, let last = words.last, NameWords.singular(last) == "id" else { return false }
        return isWord(for: words[words.count - 2])
    }

    /// Whether the type of a resource says that it is somebody.
    static func isSomebody(typed type: JSON?) -> Bool {
        NameWords.split(type?.text ?? "").contains { isWord(for: $0) }
    }

    /// Whether the type of a resource says that it is nobody: what has no type may be anybody.
    static func isThing(typed type: JSON?) -> Bool {
        !NameWords.split(type?.text ?? "").isEmpty && !isSomebody(typed: type)
    }

    private static func isWord(for word: String?) -> Bool {
        guard let word else { return false }
        return somebody.contains(word) || somebody.contains(NameWords.singular(word))
    }
}
