import GatehouseCore
import NIOCore

/// The way to the egress proxy from one event loop: its addresses, looked up again when they expire. The operator has
/// named it, so no egress rule applies to it; the rules apply to the targets that it is asked for.
///
/// Touched on its loop alone.
final class ProxyAddresses: @unchecked Sendable {
    typealias Finding = Result<[SocketAddress], ProxyError>

    let proxy: EgressProxy
    private let loop: any EventLoop
    private let resolver: any NameResolver
    private var found: (addresses: [SocketAddress], until: NIODeadline)?
    private var waiting: [(Finding) -> Void] = []

    init(_ proxy: EgressProxy, loop: any EventLoop, resolver: any NameResolver) {
        self.proxy = proxy
        self.loop = loop
        self.resolver = resolver
    }

    /// Reports the proxy's addresses, now or as soon as they are known.
    func find(within timeout: Duration, _ tell: @escaping (Finding) -> Void) {
        if let address = NetworkAddress(proxy.host) { return tell(Self.sockets([address], proxy.port)) }
        if let found, found.until > .now() { return tell(.success(found.addresses)) }
        waiting.append(tell)
        guard waiting.count == 1 else { return }
        let (resolver, host, loop) = (resolver, proxy.host, loop)
        Task {
            let resolution = await resolver.resolve(host, for: nil, within: timeout)
            loop.execute { self.resolved(resolution) }
        }
    }

    private func resolved(_ resolution: Resolution) {
        var finding = Finding.failure(ProxyError(reason: "the name of the egress proxy could not be resolved"))
        if case .addresses(let addresses, let validFor) = resolution, !addresses.isEmpty {
            finding = Self.sockets(addresses, proxy.port)
            if case .success(let sockets) = finding {
                found = (sockets, .now() + .nanoseconds(validFor.microseconds * 1000))
            }
        }
        let told = waiting
        waiting = []
        for tell in told { tell(finding) }
    }

    private static func sockets(_ addresses: [NetworkAddress], _ port: Int) -> Finding {
        let sockets = addresses.compactMap {
            try? SocketAddress(packedIPAddress: ByteBuffer(bytes: $0.bytes), port: port)
        }
        return sockets.isEmpty ? .failure(ProxyError(reason: "the egress proxy has no address")) : .success(sockets)
    }
}

/// What is wrong with the way through the proxy, in words for the owner of the subscription.
struct ProxyError: Error {
    let reason: String
    /// Whether another address of the receiver may work.
    var isOfTheTarget = false

    var outcome: Outcome { .proxyFailed(reason: reason) }
}
