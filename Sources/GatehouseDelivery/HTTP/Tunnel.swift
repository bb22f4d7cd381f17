import GatehouseCore
import NIOCore

/// Asks the egress proxy for a tunnel to a checked address (CONNECT, RFC 9110 section 9.3.6), and removes itself once
/// the tunnel is open: the handlers after it in the channel, TLS or plain HTTP, see a connection to the receiver.
///
/// It is next to the socket and hides from the other handlers that the channel is active until the proxy has answered
/// 2xx. Every other answer is the proxy's own, and never taken for the receiver's.
final class Tunnel: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The largest answer of the proxy that is read.
    private static let headBytes = 16 << 10

    private let request: String
    private let deadline: NIODeadline
    private let fail: (ProxyError) -> Void
    private var head = ByteBuffer()
    private var isOpen = false
    private var isOver = false
    private var timer: Scheduled<Void>?
    private var context: ChannelHandlerContext?

    /// - Parameters:
    ///   - address: the end of the tunnel: a checked address, not a name that the proxy would look up.
    ///   - fail: called once, if there will be no tunnel.
    init(
        to address: NetworkAddress, port: Int, by proxy: EgressProxy, until deadline: NIODeadline,
        fail: @escaping (ProxyError) -> Void
    ) {
        let authority = address.family == .v6 ? "[\(address)]:\(port)" : "\(address):\(port)"
        let credentials = proxy.credentials.map { "Proxy-Authorization: Basic \($0.revealed)\r\n" } ?? ""
        self.request = "CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n\(credentials)\r\n"
        self.deadline = deadline
        self.fail = fail
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        timer = context.eventLoop.scheduleTask(deadline: deadline) {
            self.end(ProxyError(reason: "the egress proxy did not open a tunnel in time"))
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOpen else { return context.fireChannelRead(data) }
        var more = unwrapInboundIn(data)
        head.writeBuffer(&more)
        guard let end = head.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8)) else {
            if head.readableBytes > Self.headBytes { self.end(Self.noProxy) }
            return
        }
        guard let status = status else { return self.end(Self.noProxy) }
        guard (200..<300).contains(status) else { return self.end(Self.fault(status)) }
        head.moveReaderIndex(to: end.upperBound)
        open(context)
    }

    /// The later handlers have never heard that the channel was active.
    func channelInactive(context: ChannelHandlerContext) {
        guard !isOpen else { return context.fireChannelInactive() }
        end(ProxyError(reason: "the egress proxy closed the connection before there was a tunnel"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isOpen else { return context.fireErrorCaught(error) }
        end(ProxyError(reason: "the egress proxy cut the connection before there was a tunnel"))
    }

    /// The three digits of `HTTP/1.1 200 …`.
    private var status: Int? {
        let line = head.readableBytesView.prefix { $0 != UInt8(ascii: "\r") }
        let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
        guard parts.count >= 2, parts[0].starts(with: Array("HTTP/1.".utf8)), parts[1].count == 3 else { return nil }
        return Int(String(decoding: parts[1], as: UTF8.self))
    }

    private func open(_ context: ChannelHandlerContext) {
        isOpen = true
        timer?.cancel()
        context.fireChannelActive()
        if head.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(head)) }
        head = ByteBuffer()
    }

    private func end(_ fault: ProxyError) {
        guard !isOpen, !isOver else { return }
        isOver = true
        timer?.cancel()
        fail(fault)
        context?.close(promise: nil)
    }

    private static let noProxy = ProxyError(reason: "the server at the egress proxy's address is not a proxy")

    private static func fault(_ status: Int) -> ProxyError {
        switch status {
        // Some proxies answer 401 to a request without credentials.
        case 401, 407: ProxyError(reason: "the egress proxy requires other credentials (\(status))")
        case 403: ProxyError(reason: "the egress proxy does not allow this target (403)")
        case 500, 502...504:
            ProxyError(reason: "the egress proxy could not reach the receiver (\(status))", isOfTheTarget: true)
        default: ProxyError(reason: "the egress proxy answered \(status) instead of opening a tunnel")
        }
    }
}
