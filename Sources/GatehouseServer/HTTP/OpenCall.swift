internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird
internal import Logging

/// One request to a route without a key: a probe, or a route with its own proof of the caller.
struct OpenCall: Sendable {
    /// The request; its body is read once, by `reader(for:)`.
    let request: Request
    /// The decoded values of the placeholders in the route's pattern.
    let names: [String]
    /// Reads bodies.
    let bodies: RequestBodies
    /// The gateway's own address.
    let address: OwnAddress
    /// The bounds in force.
    let settings: ServerSettings
    /// When the request came.
    let now: Instant
    /// The client that sent the request.
    let client: Client
    /// Its lines carry the request's id.
    let logger: Logger
    /// The connection of the request; nil if there is none.
    let connection: InboundConnection?

    /// Reads the body. A body without a proved key counts for the caller's address (the first 64 bits of an IPv6
    /// address).
    func reader(for key: Key? = nil) -> BodyReader {
        BodyReader(
            request: request, caller: key.map { .key($0.id) } ?? .address(GuessOrigin.text(of: client.address)),
            bodies: bodies, settings: settings, logger: logger)
    }

    /// The gateway's own address as text.
    var ownAddress: String { address.text(settings) }

    /// Whether the client uses TLS, to the gateway itself or to a proxy before it.
    var isSecure: Bool {
        settings.identity != nil || settings.publicURL?.hasPrefix("https://") ?? false || client.isSecure
    }
}
