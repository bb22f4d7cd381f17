import GatehouseCore
import GatehouseTLS
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The opening of one connection: TCP to the checked addresses, one after the other, through the egress proxy if there
/// is one, and TLS if the scheme requires it.
///
/// Touched on its receiver's loop alone.
final class Dial: @unchecked Sendable {
    /// The request that it is made for; nil once another connection has served it.
    var owner: Exchange?

    private let origin: OriginPool
    private var hops: ArraySlice<Hop>
    /// When connecting must be complete; all addresses share this time.
    private let deadline: NIODeadline
    private let timeout: TimeAmount
    private var isOver = false
    private var lastFailure = Outcome.unreachable(reason: "there is not an address to connect to")

    /// One try: an address of the receiver, through an address of the proxy or directly.
    private struct Hop {
        let address: NetworkAddress
        var proxy: SocketAddress?
    }

    init(for owner: Exchange, to addresses: [NetworkAddress], of origin: OriginPool) {
        self.owner = owner
        self.origin = origin
        self.hops = addresses.map { Hop(address: $0) }[...]
        self.deadline = owner.deadline
        self.timeout = .nanoseconds(owner.request.timeout.microseconds * 1000)
    }

    /// Begins with the first address, once the proxy's address is known.
    func start() {
        guard let proxyAddresses = origin.loopPool.proxyAddresses else { return next() }
        let left = max(1, (deadline - .now()).nanoseconds / 1000)
        proxyAddresses.find(within: .microseconds(left)) { finding in
            switch finding {
            case .success(let proxies):
                self.hops = self.hops.flatMap { hop in proxies.map { Hop(address: hop.address, proxy: $0) } }[...]
                self.next()
            case .failure(let fault): self.fail(fault.outcome)
            }
        }
    }

    /// Tries the next address; an address that does not answer leaves the others their share of the time.
    private func next() {
        guard !isOver else { return }
        guard let hop = hops.popFirst() else { return fail(lastFailure) }
        let left = deadline - .now()
        guard left > .zero else { return fail(.timedOut(.connect)) }
        let share = max(TimeAmount.milliseconds(1), .nanoseconds(left.nanoseconds / Int64(hops.count + 1)))
        do {
            let target = try SocketAddress(
                packedIPAddress: ByteBuffer(bytes: hop.address.bytes), port: origin.url.port)
            connect(to: target, hop, within: share)
        } catch {
            fail(.unreachable(reason: "\(hop.address) is not an address to connect to"))
        }
    }

    private func connect(to target: SocketAddress, _ hop: Hop, within share: TimeAmount) {
        let connection = Connection(to: hop.address, of: origin, dial: self)
        let (tls, host) = (origin.key.scheme == .https ? origin.loopPool.tls : nil, origin.key.host)
        let isAddress = NetworkAddress(host) != nil
        let isVerified = origin.key.verifiesCertificates
        let until = NIODeadline.now() + share
        ClientBootstrap(group: origin.loopPool.loop)
            .connectTimeout(share)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 1024, maximum: 16 << 10)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if hop.proxy != nil, let tunnel = self.tunnel(to: hop.address, until: until) {
                        try channel.pipeline.syncOperations.addHandler(tunnel)
                    }
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(connection.recordReader)
                        try channel.pipeline.syncOperations.addHandler(
                            tls.handler(for: host, isAddress: isAddress, isVerified: isVerified))
                    }
                    try connection.join(channel.pipeline.syncOperations)
                }
            }
            .connect(to: hop.proxy ?? target)
            .whenFailure { self.connectFailed($0, isOfProxy: hop.proxy != nil) }
    }

    /// The proxy gets the checked address, so that it does not resolve the name again; TLS still proves the name.
    private func tunnel(to address: NetworkAddress, until: NIODeadline) -> Tunnel? {
        guard let proxy = origin.loopPool.proxyAddresses?.proxy else { return nil }
        return Tunnel(to: address, port: origin.url.port, by: proxy, until: until) { fault in
            guard fault.isOfTheTarget else { return self.fail(fault.outcome) }
            self.lastFailure = fault.outcome
            self.hops.removeAll { $0.address == address }
            self.next()
        }
    }

    private func connectFailed(_ error: any Error, isOfProxy: Bool) {
        guard !isOfProxy else {
            let reason = (error as? IOError).map { Self.reason($0.errnoCode) }
            lastFailure = .proxyFailed(reason: reason ?? "the egress proxy does not answer")
            return next()
        }
        switch error {
        case ChannelError.connectTimeout:
            lastFailure = .timedOut(.connect)
        case let error as IOError:
            lastFailure = .unreachable(reason: Self.reason(error.errnoCode, port: origin.url.port))
        default:
            let outcome = Outcome.untrusted(reason: origin.failedHandshake(error).sentence)
            lastFailure = origin.key.scheme == .https ? outcome : .unreachable(reason: "the connection failed")
        }
        next()
    }

    /// Why TCP failed, by the system's error number; for the receiver with what to do about it.
    static func reason(_ code: CInt, port: Int? = nil) -> String {
        let who = port == nil ? "egress proxy" : "receiver"
        let (what, advice) =
            switch code {
            case ECONNREFUSED:
                (
                    "the \(who) refused the connection",
                    "nothing listens there, or a firewall refuses; start the receiver, or correct the port of the URL"
                )
            case ENETUNREACH, EHOSTUNREACH:
                (
                    "there is no route to the \(who)",
                    "check the network of the gateway's machine and the address of the host"
                )
            case ECONNRESET: ("the \(who) cut the connection", "read the log of the receiver or of a firewall")
            case ETIMEDOUT:
                (
                    "the \(who) did not answer the connection",
                    "the receiver is off, or a firewall drops what is sent to it"
                )
            case EMFILE, ENFILE:
                ("this machine has no more file descriptors", "raise the limit of the gateway's process (LimitNOFILE)")
            default:
                ("the connection failed (error \(code) of the system)", "check the network of the gateway's machine")
            }
        return port.map { "\(what) on port \($0): \(advice)" } ?? what
    }

    // MARK: Reports of the connection

    /// TCP is open and TLS begins, with a time-out of its own.
    func handshakeBegan(_ connection: Connection) {
        let now = NIODeadline.now()
        if let owner, !owner.isConcluded {
            owner.enter(.handshake, now: now)
            connection.expect(by: owner.deadline)
        } else {
            connection.expect(by: now + timeout)
        }
    }

    func succeeded(_ connection: Connection) {
        guard !isOver else { return }
        isOver = true
        origin.dialSucceeded(self, connection)
    }

    /// Ends the dial. Only a failure before TCP is open continues with the next address.
    func fail(_ outcome: Outcome) {
        guard !isOver else { return }
        isOver = true
        origin.dialFailed(self, outcome)
    }
}
