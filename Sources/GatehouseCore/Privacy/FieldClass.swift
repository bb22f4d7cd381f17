/// How much a field gives away: the classes of the dialects' table of fields.
enum FieldClass: Hashable, Sendable {
    /// In no class: seen at every level.
    case open
    /// Class C: what opens a door. Withheld from level 1 on.
    case credential
    /// Class P: who a person is. Withheld at level 2.
    case person
    /// What people write: one of these words, which dialects know, is in no class; any other text is P, and C where it
    /// may quote a credential.
    case freeText(unless: [String])
    /// The name of a thing, but P where the `type` beside it says that it is a person, or nothing.
    case nameByType

    /// Whether a value is withheld at a level, with the fields that stand beside it.
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
