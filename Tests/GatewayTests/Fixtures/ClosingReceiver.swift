internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

@testable internal import gatehouse

/// A receiver on a free port that takes one request on each connection and closes when it has read the next.
final class ClosingReceiver: Sendable {
    let url: String
    private let channel: any Channel
    private let tally: Tally

    /// How many requests it has read.
    var requests: Int { tally.requests.withLock { $0 } }

    /// - Parameter speaksTLS: with a self-signed certificate.
    init(speaksTLS: Bool) async throws {
        let tally = Tally()
        let tls =
            speaksTLS
            ? try NIOSSLContext(configuration: SelfSignedIdentity(host: "localhost").configuration) : nil
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    try channel.pipeline.syncOperations.addHandler(Handler(tally))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.tally = tally
        url = "\(speaksTLS ? "https" : "http")://127.0.0.1:\(channel.localAddress?.port ?? 0)/in"
    }

    func stop() async { try? await channel.close() }

    private final class Tally: Sendable {
        let requests = Mutex(0)
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let tally: Tally
        private var isKept = false
        private var pending: [UInt8] = []

        init(_ tally: Tally) { self.tally = tally }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            pending += Array(buffer: unwrapInboundIn(data))
            guard let length = wholeLength, pending.count >= length else { return }
            pending.removeFirst(length)
            tally.requests.withLock { $0 += 1 }
            guard !isKept else { return context.close(promise: nil) }
            isKept = true
            let answer = ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        }

        /// The length of the request with its body, when its head has come.
        private var wholeLength: Int? {
            let text = String(decoding: pending, as: UTF8.self)
            guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
            let field = text[..<end.lowerBound].split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
            let body = field.flatMap { Int($0.dropFirst(16)) } ?? 0
            return text[..<end.upperBound].utf8.count + body
        }
    }
}
