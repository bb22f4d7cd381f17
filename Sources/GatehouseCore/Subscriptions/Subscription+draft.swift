extension Subscription {
    /// A subscription that is about to be made, and what the store holds it to as it does.
    public struct Draft: Sendable {
        /// What stays the same for as long as it lives; the store gives the number.
        public let identity: Identity
        /// What its owner asked for.
        public var terms: Terms
        /// What its contract says of a URL that comes twice.
        public let url: URLRule

        /// Joins the parts.
        public init(_ identity: Identity, _ terms: Terms, url: URLRule = .shared) {
            self.identity = identity
            self.terms = terms
            self.url = url
        }

        /// The integration that it belongs to, where its contract has such.
        public var integrationName: Integration.Name { Integration.Name(identity.organization, terms.dialect) }
    }
}
