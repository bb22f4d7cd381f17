import GatehouseCore
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The making of one connection: TCP to the checked addresses, one after the other, and TLS where the scheme asks for
/// it.
///
/// Touched on its receiver's loop alone.
final class Dial: @unchecked Sendable {
    /// The request that it is made for; nil once another connection has served it.
    var owner: Exchange?

    private let receiver: Receiver
    private var addresses: ArraySlice<NetworkAddress>
    /// When connecting must be done; all addresses share it.
    private let deadline: NIODeadline
    private let timeout: TimeAmount
    private var isOver = false
    private var lastFailure = Outcome.unreachable(reason: "there is no address to connect to")

    init(for owner: Exchange, to addresses: [NetworkAddress], of receiver: Receiver) {
        self.owner = owner
        self.receiver = receiver
        self.addresses = addresses[...]
        self.deadline = owner.deadline
        self.timeout = .nanoseconds(owner.order.timeout.microseconds * 1000)
    }

    /// Tries the next address; an address that does not answer leaves the others their share of the time.
    func start() {
        guard !isOver else { return }
        guard let address = addresses.popFirst() else { return fail(lastFailure) }
        let left = deadline - .now()
        guard left > .zero else { return fail(.timedOut(.connect)) }
        let share = max(TimeAmount.milliseconds(1), .nanoseconds(left.nanoseconds / Int64(addresses.count + 1)))
        do {
            let target = try SocketAddress(
                packedIPAddress: ByteBuffer(bytes: address.bytes), port: receiver.url.port)
            connect(to: target, address, within: share)
        } catch {
            fail(.unreachable(reason: "\(address) is no address to connect to"))
        }
    }

    private func connect(to target: SocketAddress, _ address: NetworkAddress, within share: TimeAmount) {
        let connection = Connection(to: address, of: receiver, dial: self)
        let (tls, host) = (receiver.key.scheme == .https ? receiver.desk.tls : nil, receiver.key.host)
        let isAddress = NetworkAddress(host) != nil
        let isVerified = receiver.key.verifiesCertificates
        ClientBootstrap(group: receiver.desk.loop)
            .connectTimeout(share)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 1024, maximum: 16 << 10)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            tls.handler(for: host, isAddress: isAddress, isVerified: isVerified))
                    }
                    try connection.join(channel.pipeline.syncOperations)
                }
            }
            .connect(to: target)
            .whenFailure { self.connectFailed($0) }
    }

    private func connectFailed(_ error: any Error) {
        switch error {
        case ChannelError.connectTimeout:
            lastFailure = .timedOut(.connect)
        case let error as IOError:
            lastFailure = .unreachable(reason: Self.reason(error.errnoCode))
        default:
            let outcome = ClientTLS.outcome(of: error)
            lastFailure = receiver.key.scheme == .https ? outcome : .unreachable(reason: "no connection came about")
        }
        start()
    }

    private static func reason(_ code: CInt) -> String {
        switch code {
        case ECONNREFUSED: "the receiver refused the connection"
        case ENETUNREACH, EHOSTUNREACH: "there is no route to the receiver"
        case ECONNRESET: "the receiver cut the connection"
        case ETIMEDOUT: "the receiver did not answer the connection"
        case EMFILE, ENFILE: "this machine has no more file descriptors"
        default: "no connection came about"
        }
    }

    // MARK: What the connection reports

    /// TCP stands and TLS begins, which has a time-out of its own.
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
        receiver.dialSucceeded(self, connection)
    }

    /// Ends the dial. Only trouble before TCP stands sends it to the next address.
    func fail(_ outcome: Outcome) {
        guard !isOver else { return }
        isOver = true
        receiver.dialFailed(self, outcome)
    }
}
