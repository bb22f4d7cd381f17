import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A test server that does exactly what its script says, correct or not.
final class ScriptedServer: Sendable {
    /// One thing that the server does.
    enum Step: Sendable {
        case write(String)
        case bytes([UInt8])
        /// One byte at a time, this often.
        case drip(String, every: TimeAmount)
        /// The same for as long as the connection is open.
        case endless(String)
        case close
        /// Announces that nothing more will come, and continues reading.
        case halfClose
        /// Closes so that the other end sees a reset.
        case reset
    }

    /// When the script begins.
    enum Trigger: Sendable {
        case connection, request
    }

    /// What the server saw.
    struct Counts: Sendable {
        var connections = 0
        var open = 0
        var mostOpen = 0
        var requests: [String] = []
        var bytesWritten = 0
        /// Connections whose end has left this server.
        var ended = 0
    }

    /// Connection and request are counted from 1.
    typealias Script = @Sendable (_ connection: Int, _ request: Int) -> [Step]

    /// Its own threads, so that a flooding server does not delay the tested client.
    private static let threads = MultiThreadedEventLoopGroup(numberOfThreads: 2)

    let port: Int
    private let channel: any Channel
    private let tally: Tally

    var counts: Counts { tally.counts.withLock { $0 } }

    /// Listens on a free port of 127.0.0.1.
    init(
        on trigger: Trigger = .request, tls: NIOSSLContext? = nil, readsRequests: Bool = true,
        script: @escaping Script
    ) async throws {
        let tally = Tally()
        let channel = try await ServerBootstrap(group: Self.threads)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: readsRequests)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    try channel.pipeline.syncOperations.addHandler(ScriptedHandler(trigger, tally, script))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.channel = channel
        self.port = channel.localAddress?.port ?? 0
        self.tally = tally
    }

    /// Stops listening; what is connected stays so.
    func stop() async {
        try? await channel.close()
    }

    final class Tally: Sendable {
        let counts = Mutex(Counts())
    }
}

/// Gathers a request (its head and a body of its Content-Length) and plays the script.
private final class ScriptedHandler: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let trigger: ScriptedServer.Trigger
    private let tally: ScriptedServer.Tally
    private let script: ScriptedServer.Script
    private var connection = 0
    private var requests = 0
    private var pending: [UInt8] = []
    /// Where the head of the pending request ends and how long it is with its body.
    private var bounds: (head: Int, whole: Int)?

    init(_ trigger: ScriptedServer.Trigger, _ tally: ScriptedServer.Tally, _ script: @escaping ScriptedServer.Script) {
        self.trigger = trigger
        self.tally = tally
        self.script = script
    }

    func channelActive(context: ChannelHandlerContext) {
        connection = tally.counts.withLock { counts in
            counts.connections += 1
            counts.open += 1
            counts.mostOpen = max(counts.mostOpen, counts.open)
            return counts.connections
        }
        if case .connection = trigger { play(script(connection, 0)[...], context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        tally.counts.withLock { $0.open -= 1 }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        pending += Array(buffer: unwrapInboundIn(data))
        while let request = nextRequest() {
            requests += 1
            tally.counts.withLock { $0.requests.append(request) }
            if case .request = trigger { play(script(connection, requests)[...], context) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func nextRequest() -> String? {
        if bounds == nil { bounds = headBounds() }
        guard let whole = bounds?.whole, pending.count >= whole else { return nil }
        defer {
            pending.removeFirst(whole)
            bounds = nil
        }
        return String(decoding: pending[..<whole], as: UTF8.self)
    }

    private func headBounds() -> (head: Int, whole: Int)? {
        let blank = Array("\r\n\r\n".utf8)
        guard let start = pending.indices.first(where: { pending[$0...].starts(with: blank) }) else { return nil }
        let lines = String(decoding: pending[..<start], as: UTF8.self).split(separator: "\r\n")
        let length = lines.first { $0.hasPrefix("Content-Length: ") }.flatMap { Int($0.dropFirst(16)) } ?? 0
        return (start + 4, start + 4 + length)
    }

    private func play(_ steps: ArraySlice<ScriptedServer.Step>, _ context: ChannelHandlerContext) {
        guard let step = steps.first, context.channel.isActive else { return }
        let rest = steps.dropFirst()
        switch step {
        case .write(let text):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            play(rest, context)
        case .bytes(let bytes):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            play(rest, context)
        case .drip(let text, let every):
            guard let first = text.first else { return play(rest, context) }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: String(first))), promise: nil)
            later(context, every) { self.play([.drip(String(text.dropFirst()), every: every)] + rest, $0) }
        case .endless(let text):
            tally.counts.withLock { $0.bytesWritten += text.utf8.count }
            let written = context.eventLoop.makePromise(of: Void.self)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            written.futureResult.whenSuccess { self.play(steps, bound.value) }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: written)
        case .close:
            context.close(promise: nil)
            ended()
        case .halfClose:
            context.close(mode: .output, promise: nil)
            ended()
        case .reset:
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                .whenComplete { _ in
                    bound.value.close(promise: nil)
                    self.ended()
                }
        }
    }

    private func ended() {
        tally.counts.withLock { $0.ended += 1 }
    }

    private func later(
        _ context: ChannelHandlerContext, _ delay: TimeAmount, _ then: @escaping (ChannelHandlerContext) -> Void
    ) {
        let bound = NIOLoopBound((context, then), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: delay) { bound.value.1(bound.value.0) }
    }
}
