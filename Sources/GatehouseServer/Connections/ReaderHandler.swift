internal import GatehouseCore
internal import NIOCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Closes the connection of a caller that does not read its answers: unread answers use memory, as incomplete bodies
/// do. While the socket takes no more bytes, a least number of bytes a second must be sent.
///
/// By default a socket takes megabytes, and then nothing until a third of them is sent: a caller that reads steadily,
/// but slowly, would look for minutes like one that reads nothing. So the socket gets a small limit of unsent bytes,
/// and takes more as soon as half of them is sent.
final class ReaderHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: InboundConnection
    private let bounds: ServerSettings.ConnectionTimes
    private let signals: ConnectionSignals
    private var timer: Scheduled<Void>?

    init(_ connection: InboundConnection, _ bounds: ServerSettings.ConnectionTimes, _ signals: ConnectionSignals) {
        self.connection = connection
        self.bounds = bounds
        self.signals = signals
    }

    /// The most unsent bytes that the socket holds.
    static let socketBytes = 64 * 1024

    /// Without the option only the precision is lost, so a failure here refuses no caller.
    func handlerAdded(context: ChannelHandlerContext) {
        let option = ChannelOptions.Types.SocketOption(
            level: .tcp, name: NIOBSDSocket.Option(rawValue: TCP_NOTSENT_LOWAT))
        try? context.channel.syncOptions?.setOption(option, value: .init(Self.socketBytes))
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        connection.isLeftStanding = !context.channel.isWritable
        if context.channel.isWritable {
            stop()
        } else if timer == nil {
            watch(context)
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    private func watch(_ context: ChannelHandlerContext) {
        let before = Self.unsent(context)
        let least = Double(bounds.body.leastRate) * (bounds.reading / .seconds(1))
        let delay = TimeAmount.microseconds(bounds.reading.microseconds)
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { [self] in
            timer = nil
            guard !context.channel.isWritable else { return }
            if Double(before - Self.unsent(context)) >= least { return watch(context) }
            signals.countSlowReader()
            context.close(promise: nil)
        }
    }

    /// How many bytes wait to be sent.
    private static func unsent(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    private func stop() {
        timer?.cancel()
        timer = nil
    }
}
