internal import GatehouseControl
internal import GatehouseCore
public import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOSSL

/// The room that is called: the native API over HTTP, with health and metrics for operators.
///
/// The request's whole way is ``Responder``, the routes are one table in `Routes.swift`.
public struct APIServer: Sendable {
    /// Answers requests, with or without a connection.
    public let responder: Responder
    private let settings: ServerSettings
    let parts: ServerParts

    /// Joins the rooms with the routes. Metrics are made here, so the parts' metrics system must be the one in force.
    public init(_ parts: ServerParts, settings: ServerSettings) {
        self.parts = parts
        self.settings = settings
        self.responder = Responder(parts, settings: settings, routes: Routes.all + VendorRoute.all(of: parts.dialects))
    }

    /// The service that binds the address and answers until it is told to shut down; then it takes no new connection
    /// and finishes the requests under way.
    ///
    /// - Throws: ``ServerIdentity/LoadError`` where it is to speak TLS and cannot.
    ///
    /// `onBound` is told the port once it accepts connections: with port 0 there is no other way to learn it.
    public func buildApplication(
        onBound: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws(ServerIdentity.LoadError) -> Application<Responder> {
        Application(
            responder: responder, server: try channels(),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: "gatehouse",
                backlog: settings.backlog),
            onServerRunning: { [parts, settings] channel in
                guard let port = channel.localAddress?.port else { return }
                parts.address.note(port: port)
                if OwnAddress.isOnlyLocal(settings) {
                    parts.logger.warning(
                        "tokens and secret URLs name an address that is right on this machine alone: set publicUrl",
                        metadata: ["address": "\(parts.address.text(settings))"])
                }
                await onBound(port)
            },
            logger: parts.logger)
    }

    /// How bytes become requests: over TLS where the server has an identity.
    private func channels() throws(ServerIdentity.LoadError) -> HTTPServerBuilder {
        let tls = try tlsContext()
        var configuration = HTTP1Channel.Configuration(
            idleTimeout: .microseconds(settings.idleTimeout.microseconds))
        // What is a little more than may be is answered by name; what is much more, by the decoder's own bounds.
        configuration.httpDecoder = .init(
            maxHeaderFieldSize: max(settings.targetBytes, settings.headerBytes) + Self.beyondBounds,
            maxHeaderListSize: settings.targetBytes + settings.headerBytes + Self.beyondBounds,
            maxHeaderFieldCount: settings.headerFields + 200)
        let (parts, settings, http, table) = (parts, settings, configuration, responder.table)
        let signals = ConnectionSignals(parts.metrics)
        return HTTPServerBuilder { responder in
            GuardedChannel(
                http: HTTP1Channel(responder: responder, configuration: http), tls: tls, parts: parts,
                settings: settings, signals: signals, table: table)
        }
    }

    private static let beyondBounds = 64 * 1024

    private func tlsContext() throws(ServerIdentity.LoadError) -> NIOSSLContext? {
        guard let (configuration, ends) = try settings.identity?.configuration() else { return nil }
        parts.certificateEnds.update { $0 = ends }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw ServerIdentity.LoadError(description: "TLS cannot be set up: \(error)")
        }
    }
}
