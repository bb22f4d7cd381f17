/// Why a call failed, by what the caller can do about it.
public enum GatehouseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call cannot be made: the address, the key or an id is invalid. Nothing was sent; correct it.
    case misuse(String)
    /// The gateway was not reached, so it did nothing: check that it runs, and call again.
    case unreachable(String)
    /// TLS with the gateway fails for a permanent cause, so the gateway did nothing: the sentence says what to correct.
    case untrusted(String)
    /// The request may have arrived, but no complete answer came: it is unknown whether it was carried out.
    case unanswered(String)
    /// The gateway refused, and gives the reason.
    case refused(Problem)
    /// The answer does not come from a gateway, or from one that this library does not understand.
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
