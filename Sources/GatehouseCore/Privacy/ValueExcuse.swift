/// The harmless values under a name with a word for a credential. It is computed once per name, because many values may
/// be under it.
struct ValueExcuse {
    /// Whether the name means a value that a person types in or shows: then a word is not harmless, since it may be the
    /// password.
    private let isTyped: Bool
    /// Whether the name means the length of a format in bits.
    private let isLength: Bool

    init(under words: [String]) {
        isTyped = !NameParts.all(of: words).isDisjoint(with: CredentialWords.Vocabulary.typed)
        let last = words.last ?? ""
        let isCount = ["count", "length", "size", "number"].contains(last)
        isLength = NameWords.singular(last) == "bit" || isCount && words.contains { NameWords.singular($0) == "bit" }
    }

    /// Whether a value reveals nothing: a boolean, null, a word of a known enumeration, or the number of bits of a
    /// format.
    func excuses(_ value: JSON) -> Bool {
        switch value {
        case .null, .bool: true
        case .string(let text):
            !isTyped && (CredentialWords.Vocabulary.enumerated.contains(text.lowercased()) || isBits(Double(text)))
        case .array(let items): !items.isEmpty && items.allSatisfy { excuses($0) }
        case .number(let number): !isTyped && isBits(number.double)
        case .object: false
        }
    }

    /// A number of a few hundred is the length of a format, which is printed on the box; the bits themselves make a
    /// longer number or a text.
    private func isBits(_ number: Double?) -> Bool {
        guard isLength, let number else { return false }
        return number.rounded() == number && (1...512).contains(number)
    }
}
