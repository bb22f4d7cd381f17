/// What in a name speaks of what opens a door, and what excuses a value there.
enum CredentialWords {
    /// Whether a name or a text speaks of what opens a door, in one of the ways in which it can be read.
    static func stand(in text: String) -> Bool { NameWords.readings(of: text).contains { stand(in: $0) } }

    /// Whether words speak of what opens a door.
    static func stand(in words: [String]) -> Bool {
        stand(among: NameParts.all(of: words), atTheEnd: NameParts.last(of: words))
    }

    /// Whether a name as a whole is one that stands for a credential when nothing stands beside it.
    static func isWhole(_ words: [String]) -> Bool {
        guard words.count == 1, let word = words.first else { return false }
        // Tags are labels.
        return word == "tag" || Vocabulary.whole.contains(word) || Vocabulary.whole.contains(NameWords.singular(word))
    }

    /// - Parameter last: what a name ends in.
    static func stand(among parts: Set<String>, atTheEnd last: Set<String>) -> Bool {
        if !parts.isDisjoint(with: Vocabulary.telling) { return true }
        if !last.isDisjoint(with: Vocabulary.atTheEnd) { return true }
        return Vocabulary.pairs.contains { parts.contains($0.anchor) && !parts.isDisjoint(with: $0.companions) }
    }

    /// Whether a name is a number itself, as in a map of cards: four digits and more, or what a reader writes of a
    /// chip, 8 to 20 hexadecimal digits. A day is a time and no number.
    static func isNumber(_ name: String) -> Bool {
        // Asked of every name of every event that is sent: nearly none has a digit, and the others are not taken apart.
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

    /// Whether a text, or a list of scalars read as one, names a credential and has a digit too: `badge 4711`.
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
            // The properties of a scalar are looked up in tables: what ASCII says of itself needs none.
            scalar.isASCII ? ("0"..."9").contains(scalar) : scalar.properties.numericType != nil
        }
    }
}
