/// How many secrets are shown.
public enum Showing: Hashable, Sendable {
    /// All, including signing secrets: for the store, and once for the caller who created it.
    case secrets
    /// What its owner set, except signing secrets: for a manager who asks for it.
    case revealed
    /// Dots replace what authenticates callers: the values of headers, the path and query of a URL, passwords.
    case masked
}
