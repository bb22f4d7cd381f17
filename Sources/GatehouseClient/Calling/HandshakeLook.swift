internal import FoundationEssentials
internal import GatehouseCore
internal import GatehouseTLS
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS

/// Finds out why a call failed if TLS may be the cause: it opens another connection, sends nothing after the handshake,
/// and reads the other end's answer. The HTTP client reports all causes alike.
struct HandshakeLook: Sendable {
    /// The time limit in all.
    static let limit = TimeAmount.seconds(3)
    /// How long the other end has to refuse a handshake that this end completed.
    static let refusalWait = TimeAmount.milliseconds(500)

    let host: String
    let port: Int
    let tls: TLSConfiguration

    /// Why TLS fails.
    struct Cause: Sendable {
        /// The cause, and what to do.
        let sentence: String
        /// Whether the connection only ended, so that another try may succeed: a gateway over its bounds closes TLS
        /// connections, and so does a proxy while its gateway restarts.
        let isMereEnd: Bool
    }

    /// Why TLS fails; nil if TLS works, or if no connection is possible.
    func fault() async -> Cause? {
        guard let seen = await seen(by: tls) else { return nil }
        guard !seen.isWhole || seen.isRefused else { return nil }
        let now = Instant(seconds: Int64(Date().timeIntervalSince1970))
        var failed = FailedHandshake(error: seen.error, view: .call, host: host, port: port, now: now)
        failed.records = seen.records
        failed.certificate = seen.certificate
        failed.isRefusedBehind = seen.isWhole
        return Cause(sentence: failed.sentence, isMereEnd: failed.isMereEnd)
    }

    /// Whether the other end uses TLS.
    func speaksTLS() async -> Bool {
        var trusting = TLSConfiguration.makeClientConfiguration()
        trusting.certificateVerification = .none
        guard let seen = await seen(by: trusting) else { return false }
        return seen.isWhole || (seen.records.hasBegun && !seen.records.isForeign)
    }

    /// The result of the handshake.
    struct Seen: Sendable {
        var error: (any Error)?
        var records = TLSRecords()
        var certificate: PeerCertificate?
        var isWhole = false
        var isRefused = false
    }

    private func seen(by tls: TLSConfiguration) async -> Seen? {
        guard let context = try? NIOSSLContext(configuration: tls) else { return nil }
        let isAddress = (try? SocketAddress(ipAddress: host, port: port)) != nil
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let told = loop.makePromise(of: Seen.self)
        let dial = ClientBootstrap(group: loop).connectTimeout(Self.limit)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let reader = RecordReader()
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandlers(
                        reader, NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : name),
                        Handler(reader, told))
                }
            }
            .connect(host: host, port: port)
        dial.whenFailure { told.fail($0) }
        loop.scheduleTask(in: Self.limit) { told.fail(ChannelError.connectTimeout(Self.limit)) }
        let seen = try? await told.futureResult.get()
        dial.whenSuccess { $0.close(promise: nil) }
        return seen
    }

    /// Follows the TLS handler and records its result. Touched on its channel's loop alone.
    private final class Handler: ChannelInboundHandler, @unchecked Sendable {
        typealias InboundIn = ByteBuffer

        private let reader: RecordReader
        private let told: EventLoopPromise<Seen>
        private var isWhole = false

        init(_ reader: RecordReader, _ told: EventLoopPromise<Seen>) {
            self.reader = reader
            self.told = told
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            guard case .handshakeCompleted? = event as? TLSUserEvent else { return }
            isWhole = true
            context.eventLoop.scheduleTask(in: HandshakeLook.refusalWait) { self.told.succeed(Seen(isWhole: true)) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { tell(error, context) }

        func channelInactive(context: ChannelHandlerContext) { tell(nil, context) }

        private func tell(_ error: (any Error)?, _ context: ChannelHandlerContext) {
            let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
            told.succeed(
                Seen(
                    error: error, records: reader.records, certificate: certificate.map { PeerCertificate($0) },
                    isWhole: isWhole, isRefused: error.map { FailedHandshake.isRefusal($0) } ?? false))
        }
    }
}
