/// Why a call came to nothing, by what the caller can do about it.
public enum GatehouseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call is none that could be made: an address, a key or an id that can be none. Nothing was sent; correct it.
    case misuse(String)
    /// The gateway was not reached, so nothing was done: look whether it runs, and call again.
    case unreachable(String)
    /// TLS with the gateway does not come about for a cause that stays, so nothing was done: the sentence says what to
    /// correct.
    case untrusted(String)
    /// The request may have arrived, and no whole answer came: whether it was carried out is not known.
    case unanswered(String)
    /// The gateway refused, and says why.
    case refused(Problem)
    /// What answers is no gateway, or one that this library does not understand.
    case unreadable(String)
    /// The task was cancelled.
    case cancelled

    public var description: String {
        switch self {
        case .misuse(let sentence), .unreachable(let sentence), .untrusted(let sentence), .unanswered(let sentence),
            .unreadable(let sentence):
            sentence
        case .refused(let refusal): refusal.sentence
        case .cancelled: "the call was cancelled"
        }
    }
}
