public import GatehouseCore
internal import HTTPTypes
internal import NIOCore
public import NIOPosix

/// An HTTP/1.1 client's connections, kept per receiver and event loop, each to an address that the egress rules
/// permitted.
///
/// Called from a task that runs on one of the group's loops (see ``LoopExecutor``), a request never leaves that thread;
/// from anywhere else it is handed to the next loop and back. A receiver is a scheme, host and port; its name is looked
/// up again when the resolver's answer runs out, every address is checked, and idle connections to addresses that are
/// no longer among them are closed.
///
/// Each phase (resolve, connect, handshake, write, answer) may take the request's time-out; waiting for a connection
/// counts as connecting. The whole attempt ends when its contract says (``PreparedRequest/longest``), else at twice the
/// time-out or after 60 s, whichever is sooner.
///
/// A request is sent once. A kept connection is looked at for an end before it is used; one that ends under the request
/// is what the try met, for the caller to count and to send again.
public final class ConnectionPool: Sendable {
    private let loopPools: [EventLoopPool]
    private let group: any EventLoopGroup

    /// Makes a pool with no connections yet. Where the trusted certificates cannot be read, every https target is
    /// untrusted: see ``TrustRoots/fault`` to find that out at the start.
    public init(
        group: MultiThreadedEventLoopGroup, egress: EgressGuard, resolver: any NameResolver,
        settings: PoolSettings = PoolSettings()
    ) {
        let check = TargetCheck(egress: egress, resolver: resolver)
        let tls = ClientTLS(settings.trustRoots)
        self.group = group
        self.loopPools = group.makeIterator().map {
            EventLoopPool(loop: $0, check: check, settings: settings, tls: tls)
        }
    }

    /// Sends a request and gives the whole answer, for the command line and for drivers.
    ///
    /// - Parameter answerBytes: how much of the body is kept; more is cut and marked.
    public func exchange(
        _ request: PreparedRequest, timeout: Duration, answerBytes: Int
    ) async throws(ExchangeError) -> HTTPAnswer {
        let wanted = PoolRequest(
            prepared: request, timeout: timeout, bodyKept: answerBytes, keepsFields: true, allowsPlainHTTP: false)
        switch await run(wanted) {
        case .answered(let reading):
            return HTTPAnswer(
                status: reading.status, headers: reading.fields ?? HTTPFields(), body: reading.body,
                isTruncated: reading.isTruncated)
        case .failed(let outcome):
            throw ExchangeError(outcome: outcome)
        }
    }

    /// Closes the connections that nobody uses and keeps none from now on; requests under way end as they would.
    public func shutdown() async {
        for loopPool in loopPools {
            await withCheckedContinuation { continuation in
                loopPool.loop.execute {
                    loopPool.retire()
                    continuation.resume()
                }
            }
        }
    }

    /// Sends a request from the present loop, where it is one of ours.
    func run(_ request: PoolRequest) async -> Exchange.Conclusion {
        let loopPool = presentLoopPool
        return await withUnsafeContinuation { caller in
            let exchange = Exchange(request, caller: caller, now: .now())
            if loopPool.loop.inEventLoop {
                loopPool.begin(exchange)
            } else {
                loopPool.loop.execute { loopPool.begin(exchange) }
            }
        }
    }

    private var presentLoopPool: EventLoopPool {
        if let loop = MultiThreadedEventLoopGroup.currentEventLoop, let loopPool = loopPool(of: loop) {
            return loopPool
        }
        return loopPool(of: group.next()) ?? loopPools[0]
    }

    private func loopPool(of loop: any EventLoop) -> EventLoopPool? {
        loopPools.first { $0.loop === loop }
    }
}
