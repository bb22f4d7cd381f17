/// What excuses values under a name that speaks of a credential. It is found once for a name: as many values may stand
/// under it as it has words.
struct ValueExcuse {
    /// Whether the name says that its value is to be typed in or shown: a word is no excuse there, since it may be the
    /// password.
    private let isTyped: Bool
    /// Whether the name says that its value is the length of a format in bits.
    private let isLength: Bool

    init(under words: [String]) {
        isTyped = !NameParts.all(of: words).isDisjoint(with: CredentialWords.Vocabulary.typed)
        let last = words.last ?? ""
        let isCount = ["count", "length", "size", "number"].contains(last)
        isLength = NameWords.singular(last) == "bit" || isCount && words.contains { NameWords.singular($0) == "bit" }
    }

    /// Whether a value gives nothing away: a truth value, null, a word of a known enumeration, or how many bits a
    /// format has.
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

    /// A number of a few hundred is how long a format is, which is printed on the box; the bits themselves make a
    /// longer number or a text.
    private func isBits(_ number: Double?) -> Bool {
        guard isLength, let number else { return false }
        return number.rounded() == number && (1...512).contains(number)
    }
}
