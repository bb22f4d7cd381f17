internal import HTTPTypes
internal import Hummingbird

/// Where a request came from.
struct Client: Sendable {
    /// The peer's address; nil for a request that came over no connection.
    let address: String?
    /// What the caller's program calls itself.
    let userAgent: String?

    /// Reads it off a request.
    init(_ request: Request, _ context: CallContext) {
        self.address = context.address
        self.userAgent = request.headers[.userAgent]
    }
}
