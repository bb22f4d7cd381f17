internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird
internal import Logging

/// One request to a route that asks for no key: probes, and those that prove who they are in a way of their own.
struct OpenCall: Sendable {
    /// What came; its body is read once, by `reader(for:)`.
    let request: Request
    /// What stands in the places of the route's pattern, decoded.
    let names: [String]
    /// How bodies are read.
    let bodies: RequestBodies
    /// Where the gateway is to be found.
    let address: OwnAddress
    /// The bounds in force.
    let settings: ServerSettings
    /// When the request came.
    let now: Instant
    /// Where the request came from.
    let client: Client
    /// Bears the request's id.
    let logger: Logger
    /// The connection that it came over; nil where it came over none.
    let connection: InboundConnection?

    /// Reads the body; that of a caller who proved no key is counted with those of his address,
    /// where an IPv6 address counts by its first 64 bits.
    func reader(for key: Key? = nil) -> BodyReader {
        BodyReader(
            request: request, caller: key.map { .key($0.id) } ?? .address(GuessOrigin.text(of: client.address)),
            bodies: bodies, settings: settings, logger: logger)
    }

    /// The address by which the gateway names itself.
    var ownAddress: String { address.text(settings) }

    /// Whether the client speaks TLS, to the gateway itself or to a proxy before it.
    var isSecure: Bool {
        settings.identity != nil || settings.publicURL?.hasPrefix("https://") ?? false || client.isSecure
    }
}
