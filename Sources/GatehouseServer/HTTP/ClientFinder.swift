extension APIServer {
    /// Finds the real client of a request behind proxies.
    package protocol ClientFinder: Sendable {
        /// The client's address; the peer's own address if the peer is not a trusted proxy, or names no client.
        ///
        /// - Parameters:
        ///   - peer: the address at the other end of the connection; nil if there is none.
        ///   - forwarded: the request's `X-Forwarded-For` fields, unchanged.
        func client(peer: String?, forwarded: [String]) -> String?

        /// Says whether an address is that of a trusted proxy: many callers share its connections.
        func isProxy(_ address: String) -> Bool
    }
}
