/// What in a name speaks of what opens a door, and what excuses a value there.
enum CredentialWords {
    /// Whether a name speaks of what opens a door.
    static func stand(in words: [String]) -> Bool { stand(among: NameParts.all(of: words), last: words.last) }

    /// Whether a name as a whole is one that stands for a credential when nothing stands beside it.
    static func isWhole(_ words: [String]) -> Bool {
        guard words.count == 1, let word = words.first else { return false }
        // Tags are labels.
        return word == "tag" || Vocabulary.whole.contains(word) || Vocabulary.whole.contains(NameWords.singular(word))
    }

    private static func stand(among parts: Set<String>, last: String?) -> Bool {
        if !parts.isDisjoint(with: Vocabulary.telling) { return true }
        let ends = last.map { [$0, NameWords.singular($0)] } ?? []
        if ends.contains(where: { Vocabulary.atTheEnd.contains($0) }) { return true }
        return Vocabulary.pairs.contains { parts.contains($0.anchor) && !parts.isDisjoint(with: $0.companions) }
    }

    /// Whether a name is a number itself, as in a map of cards: four digits and more, or what a reader writes of a
    /// chip, 8 to 20 hexadecimal digits. A day is a time and no number.
    static func isNumber(_ name: String) -> Bool {
        let words = NameWords.split(name)
        guard !words.isEmpty, !ValueSort.time.admits(.string(name)) else { return false }
        let scalars = words.joined().unicodeScalars
        let digits = scalars.count { $0.properties.numericType != nil }
        if digits == scalars.count { return digits >= 4 }
        var hexadecimal = words.joined()
        if hexadecimal.hasPrefix("0x") { hexadecimal.removeFirst(2) }
        let isHexadecimal = hexadecimal.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
        return isHexadecimal && digits > 0 && (8...20).contains(hexadecimal.utf8.count)
    }

    /// Whether a value under such a name gives nothing away: a truth value, null, a word of a known enumeration, or
    /// how many bits a format has. Where a name says that its value is to be typed in or shown, a word is no excuse: it
    /// may be the password.
    static func isExcused(_ value: JSON, under words: [String]) -> Bool {
        switch value {
        case .null, .bool: return true
        case .string(let text):
            if isTyped(words) { return false }
            return Vocabulary.enumerated.contains(text.lowercased()) || isLength(Double(text), under: words)
        case .array(let items): return !items.isEmpty && items.allSatisfy { isExcused($0, under: words) }
        case .number(let number): return !isTyped(words) && isLength(number.double, under: words)
        case .object: return false
        }
    }

    private static func isTyped(_ words: [String]) -> Bool {
        !NameParts.all(of: words).isDisjoint(with: Vocabulary.typed)
    }

    /// Under `bits` and `bitCount` a number of a few hundred is how long a format is, which is printed on the box; the
    /// bits themselves make a longer number or a text.
    private static func isLength(_ number: Double?, under words: [String]) -> Bool {
        guard let number, let last = words.last, number.rounded() == number, (1...512).contains(number) else {
            return false
        }
        let isCount = ["count", "length", "size", "number"].contains(last)
        return NameWords.singular(last) == "bit" || isCount && words.contains { NameWords.singular($0) == "bit" }
    }

    // MARK: Texts

    /// Whether a text may quote a credential: it has a digit, or one of the words.
    static func mayBeQuoted(in value: JSON) -> Bool {
        guard let text = value.text else { return true }
        return hasDigit(text) || stand(in: NameWords.split(text))
    }

    /// Whether a text, or a list of scalars read as one, names a credential and has a digit too: `badge 4711`.
    static func isQuoted(in value: JSON) -> Bool {
        let text = scalars(of: value).joined(separator: " ")
        return hasDigit(text) && stand(in: NameWords.split(text))
    }

    private static func scalars(of value: JSON) -> [String] {
        switch value {
        case .string(let text): [text]
        case .number: [value.compact]
        case .array(let items): items.flatMap { scalars(of: $0) }
        case .null, .bool, .object: []
        }
    }

    private static func hasDigit(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.properties.numericType != nil }
    }
}
