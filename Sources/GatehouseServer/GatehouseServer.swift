internal import GatehouseCore
public import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
internal import NIOCore

/// The room that is called: the native API over HTTP, with health and metrics for operators.
///
/// The request's whole way is ``Responder``, the routes are one table in `Routes.swift`.
public struct GatehouseServer: Sendable {
    /// Answers requests, with or without a connection.
    public let responder: Responder
    private let settings: ServerSettings
    private let parts: ServerParts

    /// Joins the rooms with the routes. Metrics are made here, so the parts' metrics system must be the one in force.
    public init(_ parts: ServerParts, settings: ServerSettings) {
        self.parts = parts
        self.settings = settings
        self.responder = Responder(parts, settings: settings, routes: Routes.all + VendorRoute.all(of: parts.dialects))
    }

    /// The service that binds the address and answers until it is told to shut down; then it takes no new connection
    /// and finishes the requests under way.
    ///
    /// - Throws: ``ServerIdentity/Fault`` where it is to speak TLS and cannot.
    ///
    /// `onBound` is told the port once it accepts connections: with port 0 there is no other way to learn it.
    public func buildApplication(
        onBound: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws(ServerIdentity.Fault) -> Application<Responder> {
        Application(
            responder: responder, server: try channels(),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: "gatehouse",
                backlog: settings.backlog),
            onServerRunning: { channel in
                if let port = channel.localAddress?.port { await onBound(port) }
            },
            logger: parts.logger)
    }

    /// How bytes become requests: over TLS where the server has an identity.
    private func channels() throws(ServerIdentity.Fault) -> HTTPServerBuilder {
        let plain = HTTPServerBuilder.http1(
            configuration: .init(idleTimeout: .microseconds(settings.idleTimeout.microseconds)))
        guard let identity = settings.identity else { return plain }
        let configuration = try identity.configuration()
        do {
            return try .tls(plain, tlsConfiguration: configuration)
        } catch {
            throw ServerIdentity.Fault(description: "TLS cannot be set up: \(error)")
        }
    }
}
