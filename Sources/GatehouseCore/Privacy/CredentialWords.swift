/// Finds words for credentials in names and texts, and the values that are harmless there.
enum CredentialWords {
    /// Whether a name or a text contains words for a credential, in any of its readings.
    static func stand(in text: String) -> Bool { NameWords.readings(of: text).contains { stand(in: $0) } }

    /// Whether words mean a credential.
    static func stand(in words: [String]) -> Bool {
        stand(among: NameParts.all(of: words), atTheEnd: NameParts.last(of: words))
    }

    /// Whether a whole name means a credential when nothing is beside it.
    static func isWhole(_ words: [String]) -> Bool {
        guard words.count == 1, let word = words.first else { return false }
        // Tags are labels.
        return word == "tag" || Vocabulary.whole.contains(word) || Vocabulary.whole.contains(NameWords.singular(word))
    }

    /// - Parameter last: the last words of a name.
    static func stand(among parts: Set<String>, atTheEnd last: Set<String>) -> Bool {
        if !parts.isDisjoint(with: Vocabulary.anywhere) { return true }
        if !last.isDisjoint(with: Vocabulary.atTheEnd) { return true }
        return Vocabulary.pairs.contains { parts.contains($0.anchor) && !parts.isDisjoint(with: $0.companions) }
    }

    /// Whether a name is itself a number, as in a map of cards: four or more digits, or a chip's number as a reader
    /// writes it, 8 to 20 hexadecimal digits. A date is a time and not a number.
    static func isNumber(_ name: String) -> Bool {
        // This runs for every name of every event that is sent: almost none has a digit, and names without one need no
        // parsing.
        guard hasDigit(name), !ValueSort.time.admits(.string(name)) else { return false }
        var hexadecimal = NameWords.split(name).joined()
        guard !hexadecimal.isEmpty else { return false }
        let scalars = hexadecimal.unicodeScalars
        let digits = scalars.count { $0.properties.numericType != nil }
        if digits == scalars.count { return digits >= 4 }
        if hexadecimal.hasPrefix("0x") { hexadecimal.removeFirst(2) }
        let isHexadecimal = hexadecimal.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
        return isHexadecimal && digits > 0 && (8...20).contains(hexadecimal.utf8.count)
    }

    // MARK: Texts

    /// Whether a text may quote a credential: it has a digit, or one of the words.
    static func mayBeQuoted(in value: JSON) -> Bool {
        guard let text = value.text else { return true }
        return hasDigit(text) || stand(in: text)
    }

    /// Whether a text, or a list of scalars read as one, contains a word for a credential and also a digit: `badge
    /// 4711`.
    static func isQuoted(in value: JSON) -> Bool {
        let text = scalars(of: value).joined(separator: " ")
        return hasDigit(text) && stand(in: text)
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
        text.unicodeScalars.contains { scalar in
            // The properties of a scalar need a lookup in tables; ASCII needs none.
            scalar.isASCII ? ("0"..."9").contains(scalar) : scalar.properties.numericType != nil
        }
    }
}
