/// The privacy class of a field, from the dialects' table of fields.
enum FieldClass: Hashable, Sendable {
    /// No class: visible at every level.
    case open
    /// Class C: a credential. Withheld from level 1 on.
    case credential
    /// Class P: the identity of a person. Withheld at level 2.
    case person
    /// Text that people write: one of these words, which dialects know, has no class; any other text is P, and C if it
    /// may quote a credential.
    case freeText(unless: [String])
    /// The name of a thing; P if the `type` beside it means a person, or is missing.
    case nameByType

    /// Whether a value is withheld at a level, with the other fields of its object.
    func isWithheld(_ value: JSON, at level: PrivacyLevel, beside object: JSONObject) -> Bool {
        switch self {
        case .open: false
        case .credential: level >= .noCredentials
        case .person: level >= .noPersons
        case .freeText(let words):
            !words.contains(value.text ?? "")
                && (level >= .noPersons || level >= .noCredentials && CredentialWords.mayBeQuoted(in: value))
        case .nameByType: level >= .noPersons && !PersonWords.isThing(typed: object["type"])
        }
    }
}
