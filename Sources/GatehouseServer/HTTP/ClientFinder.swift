extension APIServer {
    /// Says where requests really come from: proxies stand between.
    public protocol ClientFinder: Sendable {
        /// The client's address; the peer's own where it is no proxy whose word counts, or names nobody.
        ///
        /// - Parameters:
        ///   - peer: the address at the other end of the connection; nil where there is none.
        ///   - forwarded: the request's `X-Forwarded-For` fields, as they came.
        func client(peer: String?, forwarded: [String]) -> String?

        /// Says whether an address is that of a proxy whose word counts: many callers share its connections.
        func isProxy(_ address: String) -> Bool
    }
}
