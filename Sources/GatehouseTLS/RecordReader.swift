package import NIOCore

/// Reads the bytes in front of TLS until they are encrypted, and then leaves the channel.
///
/// Touched on its channel's loop alone.
package final class RecordReader: ChannelInboundHandler, RemovableChannelHandler, @unchecked Sendable {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer

    /// The records read so far.
    package private(set) var records = TLSRecords()

    /// Nothing has been read yet.
    package init() {}

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        records.take(unwrapInboundIn(data).readableBytesView)
        context.fireChannelRead(data)
        if records.isOver { context.pipeline.syncOperations.removeHandler(self, promise: nil) }
    }
}
