import NIOCore

/// Reads along, in front of TLS, until what comes is encrypted, and then leaves the channel.
///
/// Touched on its channel's loop alone.
final class RecordReader: ChannelInboundHandler, RemovableChannelHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What has been read.
    private(set) var records = TLSRecords()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        records.take(unwrapInboundIn(data).readableBytesView)
        context.fireChannelRead(data)
        if records.isOver { context.pipeline.syncOperations.removeHandler(self, promise: nil) }
    }
}
