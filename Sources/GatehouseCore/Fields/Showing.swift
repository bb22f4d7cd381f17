/// How much of what is secret is shown.
public enum Showing: Hashable, Sendable {
    /// All, what signs included: for the store, and once for the caller who made it.
    case secrets
    /// What its owner set, but nothing that signs: for a manager who asks for it.
    case revealed
    /// What lets callers in is dots: the values of headers, the path and query of a URL, passwords.
    case masked
}
