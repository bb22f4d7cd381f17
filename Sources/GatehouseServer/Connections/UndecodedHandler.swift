internal import NIOCore

/// Comes before the decoder and counts the received bytes that do not become a part of a body: the lines of chunks may
/// have extensions of any length, which no reader of a body sees (RFC 9112, section 7.1.1).
final class UndecodedHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// The largest number of bytes between two parts of a body.
    static let most = 64 * 1024

    /// How many bytes came since the decoder's last output; the handler after the decoder resets it.
    var bytes = 0
    /// Whether a body is being received. A head has its own bounds.
    var isWithinBody = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytes
        context.fireChannelRead(data)
        guard isWithinBody, bytes > Self.most else { return }
        isWithinBody = false
        context.fireErrorCaught(UndecodedBytes())
    }
}

/// Too many bytes came between two parts of a body.
struct UndecodedBytes: Error, Sendable {}
