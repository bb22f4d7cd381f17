internal import HTTPTypes
internal import Hummingbird

/// Where a request came from.
struct Client: Sendable {
    /// The client's address; nil for a request that came over no connection.
    let address: String?
    /// What the caller's program calls itself.
    let userAgent: String?
    /// Whether a proxy whose word counts says that the client speaks TLS to it.
    let isSecure: Bool

    /// Describes one that is known by its address alone.
    init(address: String?) {
        self.address = address
        self.userAgent = nil
        self.isSecure = false
    }

    /// Reads it off a request.
    init(_ request: Request, _ context: CallContext, _ finder: any APIServer.ClientFinder) {
        self.address = finder.client(peer: context.address, forwarded: request.headers[values: .forwardedFor])
        self.userAgent = request.headers[.userAgent]
        let isSecure = request.headers[values: .forwardedProto].last?.lowercased() == "https"
        self.isSecure = isSecure && context.address.map(finder.isProxy) ?? false
    }
}

extension HTTPField.Name {
    fileprivate static let forwardedFor = constant("x-forwarded-for")
    fileprivate static let forwardedProto = constant("x-forwarded-proto")
}
