extension Subscription {
    /// The hold that is left when these terms come into force.
    ///
    /// Another URL lifts what the gateway put on because the old one was gone, and leaves an owner's own pause. A wish
    /// to be active, which vendors' contracts have in place of a resumption, lifts both.
    public func hold(under terms: Terms, isWoken: Bool) -> Hold {
        switch hold {
        case .none: .none
        case .paused: isWoken ? .none : .paused
        case .disabled: isWoken || terms.url != self.terms.url ? .none : .disabled
        }
    }

    /// A change that wishes the subscription to be active, with what that implies: an end that has passed is taken away
    /// unless the change names another, since a contract that knows no end has no word for taking one away.
    public func waking(_ change: JSONObject, at now: Instant) -> JSONObject {
        guard hasExpired(at: now), change["expiresAt"] == nil else { return change }
        var change = change
        change["expiresAt"] = .null
        return change
    }
}
