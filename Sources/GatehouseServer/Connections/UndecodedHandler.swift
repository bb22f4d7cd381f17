internal import NIOCore

/// Stands before the decoder and counts what comes of a body without becoming one: the lines of chunks may have
/// extensions of any length, which no reader of a body sees (RFC 9112, section 7.1.1).
final class UndecodedHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// How many bytes there may be between two parts of a body.
    static let most = 64 * 1024

    /// How many bytes came since the decoder last had something; that is noted behind it.
    var bytes = 0
    /// Whether a body is under way. A head has bounds of its own.
    var isWithinBody = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytes
        context.fireChannelRead(data)
        guard isWithinBody, bytes > Self.most else { return }
        isWithinBody = false
        context.fireErrorCaught(UndecodedBytes())
    }
}

/// Too much came between two parts of a body.
struct UndecodedBytes: Error, Sendable {}
