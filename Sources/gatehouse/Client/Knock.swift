import GatehouseCore
import NIOCore
import NIOPosix
import NIOSSL

/// A place that is asked whether it answers. The request has no key, and only the status of the answer is read.
struct Knock: Hashable {
    let host: String
    let port: Int
    var hostHeader = "localhost"
    /// How the connection is made; nil if this is unknown: then both schemes are tried.
    var scheme: TargetURL.Scheme?
    var path = "/readyz"

    /// What happened at that place.
    enum Finding: Hashable {
        /// There was no connection.
        case nothing
        /// The connection was accepted, but no answer came in time.
        case silence
        /// The answer was not HTTP, or the connection was closed without an answer.
        case noHTTP
        /// An answer with this status.
        case status(Int)

        /// Whether the place answers well.
        var isWell: Bool {
            switch self {
            case .status(let number): ![502, 503, 504].contains(number)
            case .nothing, .silence, .noHTTP: false
            }
        }

        /// Whether this finding is more informative than an earlier one. A round that used up a shorter time limit than
        /// others may only have been too short.
        func replaces(_ earlier: Finding, wasTooShort: Bool) -> Bool {
            switch self {
            case .status, .noHTTP: true
            case .silence: !wasTooShort || earlier == .nothing
            case .nothing: !wasTooShort
            }
        }

        /// What is wrong and what to do.
        func sentence(of place: Knock, within limit: TimeSpan) -> String {
            let host = place.host.contains(":") ? "[\(place.host)]" : place.host
            let there = "\(host):\(place.port)"
            return switch self {
            case .nothing:
                "nothing listened on \(there) within \(limit): start it, correct the address, or check for a firewall "
                    + "in between"
            case .silence:
                "\(there) accepted connections and sent no answer within \(limit): the program there hangs, or is "
                    + "not a gateway"
            case .noHTTP:
                "\(there) did not answer with HTTP: correct the port, or the scheme of the URL"
            case .status(let number):
                "\(there) answered \(number) for \(limit): a gateway does this while its store "
                    + "is unavailable or while it stops; read its log"
            }
        }
    }

    /// Asks once.
    func finding(within limit: Duration) async -> Finding {
        let amount = TimeAmount.nanoseconds(Int64(limit / .nanoseconds(1)))
        switch scheme {
        case .http: return await answer(overTLS: false, within: amount)
        case .https: return await answer(overTLS: true, within: amount)
        case nil:
            let plain = await answer(overTLS: false, within: amount)
            return plain == .noHTTP ? await answer(overTLS: true, within: amount) : plain
        }
    }

    private func answer(overTLS isTLS: Bool, within limit: TimeAmount) async -> Finding {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let told = loop.makePromise(of: Finding.self)
        let contact = Contact()
        let request = "GET \(path) HTTP/1.1\r\nHost: \(hostHeader)\r\nConnection: close\r\n\r\n"
        let isAddress = (try? SocketAddress(ipAddress: host, port: port)) != nil
        let dial = ClientBootstrap(group: loop).connectTimeout(limit)
            .channelInitializer { [host] channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if isTLS {
                        var tls = TLSConfiguration.makeClientConfiguration()
                        tls.certificateVerification = .none
                        try pipeline.addHandler(
                            NIOSSLClientHandler(
                                context: NIOSSLContext(configuration: tls), serverHostname: isAddress ? nil : host))
                    }
                    try pipeline.addHandler(StatusReader(request, told, contact))
                }
            }
            .connect(host: host, port: port)
        dial.whenFailure { _ in told.succeed(.nothing) }
        let timer = loop.scheduleTask(in: limit) { told.succeed(contact.isMade ? .silence : .nothing) }
        let finding = try? await told.futureResult.get()
        timer.cancel()
        dial.whenSuccess { $0.close(promise: nil) }
        return finding ?? .nothing
    }
}

/// Whether there was any connection. Touched on one loop alone.
private final class Contact: @unchecked Sendable {
    var isMade = false
}

/// Writes one request and reports the status of its answer. Touched on its channel's loop alone.
private final class StatusReader: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: String
    private let told: EventLoopPromise<Knock.Finding>
    private let contact: Contact
    private var line: [UInt8] = []

    init(_ request: String, _ told: EventLoopPromise<Knock.Finding>, _ contact: Contact) {
        self.request = request
        self.told = told
        self.contact = contact
    }

    func channelActive(context: ChannelHandlerContext) {
        contact.isMade = true
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        line += Array(buffer: unwrapInboundIn(data)).prefix(Self.length)
        // `HTTP/1.1 200`
        guard line.count >= Self.length else { return }
        let text = String(decoding: line.prefix(Self.length), as: UTF8.self)
        let status = text.hasPrefix("HTTP/1.") ? Int(text.suffix(3)) : nil
        told.succeed(status.map { .status($0) } ?? .noHTTP)
    }

    func channelInactive(context: ChannelHandlerContext) { told.succeed(.noHTTP) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { told.succeed(.noHTTP) }

    private static let length = 12
}
