package import GatehouseCore
internal import HTTPTypes
internal import NIOCore
package import NIOPosix

/// An HTTP/1.1 client's connections, kept by receiver and event loop, each to an address that the egress rules permit.
///
/// If a task on one of the group's loops calls it (see ``LoopExecutor``), a request never leaves that thread; from
/// any other thread it is handed to the next loop and back. A receiver is a scheme, host and port. Its name is looked
/// up again when the resolver's answer expires, every address is checked, and idle connections to addresses that are no
/// longer in the answer are closed.
///
/// Each phase (resolve, connect, handshake, write, answer) may take the request's time-out; waiting for a connection
/// counts as connecting. The whole attempt ends at the time of its contract (``PreparedRequest/longest``), else at
/// twice the time-out or after 60 s, whichever is sooner.
///
/// A request is sent once. A kept connection is checked for a close before it is used. If it closes during the
/// request, that is the result of the attempt, for the caller to count and to repeat.
package final class ConnectionPool: Sendable {
    private let loopPools: [EventLoopPool]
    private let group: any EventLoopGroup

    /// Makes a pool without connections. If the trusted certificates cannot be read, every https target is untrusted:
    /// ``TrustRoots/fault`` shows this at the start.
    package init(
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

    /// Sends a request and returns the whole answer, for the command line and for drivers.
    ///
    /// - Parameter answerBytes: how much of the body is kept; a longer one is cut and marked.
    package func exchange(
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

    /// Closes idle connections and keeps none from now on; running requests end normally.
    package func shutdown() async {
        for loopPool in loopPools {
            await withCheckedContinuation { continuation in
                loopPool.loop.execute {
                    loopPool.retire()
                    continuation.resume()
                }
            }
        }
    }

    /// Sends a request from the present loop, if it is one of the group's.
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
