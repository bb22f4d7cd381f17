internal import GatehouseCore
internal import HTTPTypes
internal import Logging
internal import NIOCore

/// What decides about a new connection.
struct Admissions: Sendable {
    let connections: ConnectionPlaces
    let clients: any APIServer.ClientFinder
    let clock: any WallClock
    let logger: Logger
}

/// The first handler of each connection: takes a place for it. If there is none, it notes the answer that
/// ``ConnectionHandler`` gives, which lets probes pass. If the reserve is full too, it answers 503 and closes the
/// connection before it costs anything more.
final class AdmissionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let connection: InboundConnection
    private let admission: Admissions
    private let settings: ServerSettings
    private var place: ConnectionPlaces.Place?

    init(_ connection: InboundConnection, _ admission: Admissions, _ settings: ServerSettings) {
        self.connection = connection
        self.admission = admission
        self.settings = settings
    }

    func channelActive(context: ChannelHandlerContext) {
        let peer = context.channel.remoteAddress
        let isProxy = peer?.ipAddress.map { admission.clients.isProxy($0) } ?? false
        let verdict = admission.connections.open(
            connection, from: isProxy ? nil : PeerAddress(peer), within: settings.connectionBounds,
            at: admission.clock.now)
        switch verdict {
        case .open(let place, let givenUp):
            self.place = place
            if let givenUp { tell(givenUp: givenUp) }
        case .reserved(let place, let bound, let count):
            self.place = place
            connection.refusal = Self.problem(of: bound, settings)
            if let count { tell(bound, count) }
        case .refused(let count):
            if let count { tell(.reserve, count) }
            return refuse(context)
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let place { admission.connections.close(place) }
        place = nil
        context.fireChannelInactive()
    }

    /// Over TLS there is no answer: it would cost a handshake.
    private func refuse(_ context: ChannelHandlerContext) {
        if settings.identity == nil {
            let problem = Self.problem(of: .reserve, settings)
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: problem.wireBytes)), promise: nil)
        }
        context.close(promise: nil)
    }

    private static func problem(of bound: ConnectionPlaces.Bound, _ settings: ServerSettings) -> Problem {
        Problem(.manyConnections, sentence(of: bound, settings), headers: [.retryAfter: "5"])
    }

    private static func sentence(of bound: ConnectionPlaces.Bound, _ settings: ServerSettings) -> String {
        switch bound {
        case .all:
            "\(settings.connections) connections are open, and bounds.connections allows no more: connect again in "
                + "a moment"
        case .address:
            "\(settings.connectionsPerAddress) connections of this address are open, and "
                + "bounds.connectionsPerAddress allows no more: send the requests over those"
        case .reserve:
            "all connections that bounds.connections allows are open, and \(ConnectionPlaces.reserve) more are being "
                + "answered: connect again in a moment"
        }
    }

    private func tell(givenUp count: Int) {
        admission.logger.warning(
            "connections without a key were closed for others",
            metadata: [
                "closed": "\(count)", "open": "\(admission.connections.figures.open)",
                "address": "\(connection.channel.remoteAddress?.ipAddress ?? "unknown")",
            ])
    }

    private func tell(_ bound: ConnectionPlaces.Bound, _ count: Int) {
        admission.logger.warning(
            "connections were refused",
            metadata: [
                "bound": "\(Self.name(of: bound))", "refused": "\(count)",
                "open": "\(admission.connections.figures.open)",
                "address": "\(connection.channel.remoteAddress?.ipAddress ?? "unknown")",
            ])
    }

    /// The bound's name in the settings; the reserve is not a setting.
    private static func name(of bound: ConnectionPlaces.Bound) -> String {
        switch bound {
        case .all: "bounds.connections"
        case .address: "bounds.connectionsPerAddress"
        case .reserve: "the reserve of \(ConnectionPlaces.reserve) beyond the bounds"
        }
    }
}
