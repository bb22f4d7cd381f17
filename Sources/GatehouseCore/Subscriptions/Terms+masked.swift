/// Which of a subscription's values are shown.
public enum Showing: Hashable, Sendable {
    /// All, what signs included: for the store, and once for the caller who made it.
    case secrets
    /// What its owner set, but nothing that signs: for a manager who asks for it.
    case revealed
    /// The values of headers, the path and query of the URL, and how deliveries prove themselves are dots.
    case masked
}

extension Terms {
    /// The terms with the mask in the place of all that lets somebody in: for a caller who may only read.
    public var masked: Terms {
        var terms = self
        terms.url = url.masked
        terms.headers = headers.map { Header($0.name, Mask.text) }
        terms.authentication = authentication.masked
        terms.secret = secret.map { _ in Secret(Mask.text) }
        terms.standardSecret = standardSecret.map { _ in Secret(Mask.text) }
        terms.outgoing = outgoing.map {
            Outgoing(secret: $0.secret.map { _ in Secret(Mask.text) }, until: $0.until, isBeside: $0.isBeside)
        }
        return terms
    }
}

extension Subscription {
    /// The same revision with masked terms. It is for showing alone: what is made of it must not be kept or dialled.
    public var masked: Subscription { Subscription(of: self, terms: terms.masked) }
}

extension Authentication {
    fileprivate var masked: Authentication {
        switch self {
        case .none: .none
        case .basic: .basic(user: Mask.text, password: Secret(Mask.text))
        case .bearer: .bearer(token: Secret(Mask.text))
        }
    }
}
