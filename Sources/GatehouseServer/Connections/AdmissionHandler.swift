internal import GatehouseCore
internal import HTTPTypes
internal import Logging
internal import NIOCore

/// Stands first in each connection: takes a place for it, and where there is none answers 503 and closes it before
/// anything else is spent on it.
final class AdmissionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let connection: InboundConnection
    private let parts: ServerParts
    private let settings: ServerSettings
    private var place: ConnectionPlaces.Place?

    init(_ connection: InboundConnection, _ parts: ServerParts, _ settings: ServerSettings) {
        self.connection = connection
        self.parts = parts
        self.settings = settings
    }

    func channelActive(context: ChannelHandlerContext) {
        let peer = context.channel.remoteAddress
        let isProxy = peer?.ipAddress.map { parts.clients.isProxy($0) } ?? false
        let verdict = parts.connections.open(
            connection, from: isProxy ? nil : PeerAddress(peer), within: settings.connectionBounds,
            at: parts.clock.now)
        switch verdict {
        case .open(let place):
            self.place = place
            context.fireChannelActive()
        case .refused(let bound, let count):
            if let count { tell(bound, count) }
            refuse(bound, context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let place { parts.connections.close(place) }
        place = nil
        context.fireChannelInactive()
    }

    /// Over TLS there is no answer: it would cost a handshake.
    private func refuse(_ bound: ConnectionPlaces.Bound, _ context: ChannelHandlerContext) {
        if settings.identity == nil {
            let problem = Problem(
                .manyConnections, Self.sentence(of: bound, settings), headers: [.retryAfter: "5"])
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: problem.wireBytes)), promise: nil)
        }
        context.close(promise: nil)
    }

    private static func sentence(of bound: ConnectionPlaces.Bound, _ settings: ServerSettings) -> String {
        switch bound {
        case .all: "\(settings.connections) connections are open, and more may not be: connect again in a moment"
        case .address:
            "\(settings.connectionsPerAddress) connections of this address are open, and more may not be: "
                + "send the requests over those"
        }
    }

    private func tell(_ bound: ConnectionPlaces.Bound, _ count: Int) {
        parts.logger.warning(
            "connections were refused",
            metadata: [
                "bound": bound == .all ? "bounds.connections" : "bounds.connectionsPerAddress",
                "refused": "\(count)", "open": "\(parts.connections.figures.open)",
                "address": "\(connection.channel.remoteAddress?.ipAddress ?? "unknown")",
            ])
    }
}
