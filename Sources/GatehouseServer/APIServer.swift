internal import GatehouseControl
internal import GatehouseCore
package import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOSSL

/// The HTTP server: the native API, the APIs of vendors, and health and metrics for operators.
///
/// ``Responder`` handles each request from begin to end. The routes are one table in `Routes.swift`.
package struct APIServer: Sendable {
    /// Answers requests, with or without a connection.
    package let responder: Responder
    private let settings: ServerSettings
    let services: Services
    let state: State

    var traffic: Traffic { state.traffic }

    /// Joins the services with the routes. The metrics are created here, so the services must use the same metrics
    /// system.
    package init(_ services: Services, settings: ServerSettings) {
        let state = State(services)
        let (registries, proofs) = (services.registries, services.proofs)
        self.services = services
        self.state = state
        self.settings = settings
        let callers = CallerProof(
            keys: registries.keys,
            bearer: BearerProof(
                keys: registries.keys, tokens: proofs.tokens, sessions: state.sessions, clock: services.tools.clock,
                issuer: settings.publicURL),
            failedProofs: proofs.failedProofs, firstUse: services.useCases.firstUse, clients: proofs.clients)
        self.responder = Responder(
            Routes.all + VendorRoute.all(of: services.tools.dialects), Handlers(services, state), callers: callers,
            tools: CallTools(
                settings: settings, registry: registries.directory, bodies: state.bodies, address: state.address),
            requests: state.traffic.requests, metrics: services.tools.metrics)
    }

    /// The service that binds the address and answers until it is shut down. Then it accepts no new connection and
    /// finishes the open requests.
    ///
    /// - Throws: ``ServerIdentity/LoadError`` if TLS is configured and cannot be set up.
    ///
    /// `onBound` is called with the port when the server accepts connections. With port 0 there is no other way to
    /// learn the port.
    package func buildApplication(
        onBound: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws(ServerIdentity.LoadError) -> Application<Responder> {
        Application(
            responder: responder, server: try channels(),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: "gatehouse",
                backlog: settings.backlog),
            onServerRunning: { [state, settings, logger = services.tools.logger] channel in
                guard let port = channel.localAddress?.port else { return }
                state.address.note(port: port)
                if OwnAddress.isOnlyLocal(settings) {
                    logger.warning(
                        "tokens and secret URLs name an address that is right on this machine alone: set publicUrl",
                        metadata: ["address": "\(state.address.text(settings))"])
                }
                await onBound(port)
            },
            logger: services.tools.logger)
    }

    /// The channels that turn bytes into requests, over TLS if the server has an identity.
    private func channels() throws(ServerIdentity.LoadError) -> HTTPServerBuilder {
        let tls = try tlsContext()
        var configuration = HTTP1Channel.Configuration(
            idleTimeout: .microseconds(settings.idleTimeout.microseconds))
        // A request a little over a bound gets a named problem; a request far over it meets the decoder's own bounds.
        configuration.httpDecoder = .init(
            maxHeaderFieldSize: max(settings.targetBytes, settings.headerBytes) + Self.beyondBounds,
            maxHeaderListSize: settings.targetBytes + settings.headerBytes + Self.beyondBounds,
            maxHeaderFieldCount: settings.headerFields + 200)
        let (settings, http, table) = (settings, configuration, responder.table)
        let admission = Admissions(
            connections: traffic.connections, clients: services.proofs.clients, clock: services.tools.clock,
            logger: services.tools.logger)
        let signals = ConnectionSignals(services.tools.metrics)
        return HTTPServerBuilder { responder in
            GuardedChannel(
                http: HTTP1Channel(responder: responder, configuration: http), tls: tls, admission: admission,
                settings: settings, signals: signals, table: table)
        }
    }

    private static let beyondBounds = 64 * 1024

    private func tlsContext() throws(ServerIdentity.LoadError) -> NIOSSLContext? {
        guard let (configuration, ends) = try settings.identity?.configuration() else { return nil }
        state.certificateEnds.update { $0 = ends }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw ServerIdentity.LoadError(description: "TLS cannot be set up: \(error)")
        }
    }
}
