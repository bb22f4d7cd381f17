extension Terms {
    /// The previous secret, while it is still in use.
    public struct Outgoing: Hashable, Sendable {
        /// The previous secret; nil if there was none.
        public let secret: Secret?
        /// When its use ends.
        public let until: Instant
        /// Whether it signs together with the new one until then, or instead of it.
        public let isBeside: Bool

        /// Joins the three.
        public init(secret: Secret?, until: Instant, isBeside: Bool) {
            self.secret = secret
            self.until = until
            self.isBeside = isBeside
        }
    }

    /// Every secret that signs at an instant, the new one first.
    public func secrets(at now: Instant) -> [Secret] {
        guard let outgoing, now < outgoing.until else { return secret.map { [$0] } ?? [] }
        return [outgoing.isBeside ? secret : nil, outgoing.secret].compactMap { $0 }
    }
}

extension Subscription {
    /// The subscription with the secrets for signing a request at that instant: only the old secret if the new one is
    /// not in use yet. So no dialect needs to know about rotations.
    public func signing(at now: Instant) -> Subscription {
        guard let outgoing = terms.outgoing, !outgoing.isBeside, now < outgoing.until else { return self }
        var terms = terms
        terms.secret = outgoing.secret
        terms.outgoing = nil
        return Subscription(of: self, terms: terms)
    }
}

extension Terms.Outgoing {
    /// The outgoing secret in its stored form, within the terms.
    public var stored: JSON {
        ["secret": .text(secret?.revealed), "until": .string(RFC3339.text(until)), "beside": .bool(isBeside)]
    }

    /// Reads what ``stored`` wrote; nil for anything else.
    public init?(stored: JSON?) {
        guard let until = stored?["until"]?.text.flatMap({ EventTime(stored: $0) })?.instant,
            let isBeside = stored?["beside"]?.bool
        else { return nil }
        self.init(secret: stored?["secret"]?.text.map { Secret($0) }, until: until, isBeside: isBeside)
    }
}
