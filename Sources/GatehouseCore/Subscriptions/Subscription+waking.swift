extension Subscription {
    /// The hold that remains under these terms.
    ///
    /// A new URL ends a hold that the gateway set because the old receiver was gone, and keeps an owner's own pause. A
    /// change that activates the subscription, which is the resume of vendors' contracts, ends both.
    public func hold(under terms: Terms, isWoken: Bool) -> Hold {
        switch hold {
        case .none: .none
        case .paused: isWoken ? .none : .paused
        case .disabled: isWoken || terms.url != self.terms.url ? .none : .disabled
        }
    }

    /// A change that activates the subscription, with its consequence: an end in the past is removed unless the change
    /// gives another one, since a contract without ends cannot remove one.
    public func waking(_ change: JSONObject, at now: Instant) -> JSONObject {
        guard hasExpired(at: now), change["expiresAt"] == nil else { return change }
        var change = change
        change["expiresAt"] = .null
        return change
    }
}
