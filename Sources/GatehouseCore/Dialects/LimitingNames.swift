/// Names in a vendor's request that are meant to limit what is sent, in any spelling: a privacy level, or an end.
///
/// An operation that does not declare such a name refuses it. If it ignored the name, the answer would be a success,
/// and the gateway would send more, or for longer, than the caller asked for.
enum LimitingNames {
    /// What a name limits.
    enum Limit {
        /// How much of an event is sent.
        case level
        /// Until when events are sent.
        case end
    }

    /// The limit that a name is meant for; nil if there is none.
    ///
    /// Only letters count, without case, and look-alike letters count as the plain ones.
    static func limit(of name: String) -> Limit? {
        let letters = letters(of: name)
        if isLevel(letters) { return .level }
        return letters.starts(with: Array("expir".utf8)) ? .end : nil
    }

    /// The path to the first name inside of a value that is meant as a level and has a value; nil if there is none.
    static func levelPlace(in value: JSON) -> [String]? {
        switch value {
        case .object(let object):
            for member in object.members where member.value != .null {
                if isLevel(letters(of: member.key)) { return [member.key] }
                if let inner = levelPlace(in: member.value) { return [member.key] + inner }
            }
            return nil
        case .array(let items):
            for item in items {
                if let inner = levelPlace(in: item) { return inner }
            }
            return nil
        case .null, .bool, .number, .string: return nil
        }
    }

    /// Words that occur in no other name, and both names with up to two letters wrong, missing or added.
    private static func isLevel(_ letters: [UInt8]) -> Bool {
        let text = String(decoding: letters, as: UTF8.self)
        if words.contains(where: { text.contains($0) }) { return true }
        return names.contains { name in
            abs(name.count - letters.count) <= 2 && Nearest.edits(letters, name) <= 2
        }
    }

    private static let words = ["privacy", "secrecy"]
    private static let names = ["privacylevel", "secrecylevel"].map { Array($0.utf8) }

    private static func letters(of name: String) -> [UInt8] {
        name.unicodeScalars.lazy.flatMap { CompatibleLetters.plain($0) }.compactMap { letter in
            switch letter {
            case "a"..."z": UInt8(ascii: letter)
            case "A"..."Z": UInt8(ascii: letter) | 0x20
            default: nil
            }
        }
    }
}

extension DeclaredNames {
    /// Refuses an undeclared name that is meant to limit what is sent, or has such a name inside. A null value limits
    /// nothing.
    ///
    /// - Throws: ``ValidationError/Code/unknownField``.
    public func refuseLimit(_ name: String, _ value: JSON, within path: String = "") throws(ValidationError) {
        guard value != .null else { return }
        switch LimitingNames.limit(of: name) {
        case .level: throw unknownLimit(path, [name], .level)
        case .end where path.isEmpty: throw unknownLimit(path, [name], .end)
        case .end, nil: break
        }
        if let inner = LimitingNames.levelPlace(in: value) { throw unknownLimit(path, [name] + inner, .level) }
    }

    private func unknownLimit(_ path: String, _ spelled: [String], _ limit: LimitingNames.Limit) -> ValidationError {
        let inner = spelled.map { IgnoredNames.shown($0) }.joined(separator: ".")
        let place = path.isEmpty ? inner : "\(path).\(inner)"
        let meant = names.first { LimitingNames.limit(of: $0) == limit }
        let advice = meant.map { "did you mean \"\($0)\"?" } ?? "this operation takes none."
        let sentence =
            switch limit {
            case .level: "\(place) is not known here, and a privacy level is never passed over; \(advice)"
            case .end: "\(place) is not known here, and an end is never passed over; \(advice)"
            }
        return ValidationError(.unknownField, field: place, sentence)
    }
}
