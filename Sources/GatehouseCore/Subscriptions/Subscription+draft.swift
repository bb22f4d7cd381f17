extension Subscription {
    /// A subscription to be created, and the rule that the store checks when it creates it.
    public struct Draft: Sendable {
        /// The parts that never change; the store gives the number.
        public let identity: Identity
        /// The owner's terms.
        public var terms: Terms
        /// The contract's rule for a URL that is already used.
        public let url: URLRule

        /// Joins the parts.
        public init(_ identity: Identity, _ terms: Terms, url: URLRule = .shared) {
            self.identity = identity
            self.terms = terms
            self.url = url
        }

        /// The name of its integration, if its contract has integrations.
        public var integrationName: Integration.Name { Integration.Name(identity.organization, terms.dialect) }
    }
}
