import DequeModule
import GatehouseCore
import GatehouseTLS
import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One receiver on one event loop: its checked addresses, its connections, and the requests that wait for one.
///
/// A request takes an idle connection, or waits and has one dialled for itself. Whatever comes first serves it: its own
/// dial, or a connection that another request has done with; then the dial's connection is for the next. A dial that
/// fails ends the request that it was made for and nobody else's. Touched on its loop alone.
final class OriginPool: @unchecked Sendable {
    /// What makes two requests go to the same receiver. One that must prove its name shares no connection with one
    /// that need not.
    struct Key: Hashable {
        let scheme: TargetURL.Scheme
        let host: String
        let port: Int
        let allowsPlainHTTP: Bool
        let verifiesCertificates: Bool

        init(_ request: PoolRequest) {
            self.scheme = request.prepared.url.scheme
            self.host = request.prepared.url.host
            self.port = request.prepared.url.port
            self.allowsPlainHTTP = request.allowsPlainHTTP
            self.verifiesCertificates = request.prepared.verifiesCertificates
        }
    }

    let key: Key
    let loopPool: EventLoopPool
    /// A URL of this receiver; only scheme, host and port of it mean anything here.
    let url: TargetURL
    let hostHeader: String

    private var addresses: [NetworkAddress] = []
    private var addressesUntil: NIODeadline?
    /// Those on whose account the name is being looked up.
    private var resolving: Set<OrganizationID?> = []
    /// Requests that wait for the addresses.
    private var unresolved: [Exchange] = []
    /// Requests that wait for a connection and have no dial of their own yet.
    private var undialled: Deque<Exchange> = []
    private var dials: [Dial] = []
    /// The connection used last comes first, so that those which are not needed grow old.
    private var idle: [Connection] = []
    private var live = 0
    private var keepsNoneUntil = NIODeadline.uptimeNanoseconds(0)

    init(_ key: Key, url: TargetURL, loopPool: EventLoopPool) {
        self.key = key
        self.url = url
        self.hostHeader = url.hostHeader
        self.loopPool = loopPool
    }

    var hasWaiting: Bool { !unresolved.isEmpty || !undialled.isEmpty }
    /// Whether nothing would be lost by forgetting it; the resolver remembers the addresses.
    var isUnused: Bool { live == 0 && !hasWaiting && resolving.isEmpty }

    /// Takes a request in.
    func begin(_ exchange: Exchange) {
        let now = NIODeadline.now()
        guard isFresh(now) else {
            unresolved.append(exchange)
            resolve(for: exchange, within: exchange.request.timeout)
            return
        }
        connect(exchange, now: now)
    }

    /// Finds the request a connection, now or later.
    private func connect(_ exchange: Exchange, now: NIODeadline) {
        if let connection = kept(for: exchange, now: now) { return connection.send(exchange, now: now) }
        guard undialled.count < loopPool.settings.waitingPerReceiver else {
            exchange.conclude(.failed(.unreachable(reason: "too many deliveries wait for this receiver")))
            return
        }
        exchange.enter(.connect, now: now)
        undialled.append(exchange)
        pump()
    }

    /// Takes the idle connection that was used last, if it will do: no other has a better chance. Those that turn out
    /// to be over are closed on the way, and those that served while none is used again.
    private func kept(for exchange: Exchange, now: NIODeadline) -> Connection? {
        while let connection = idle.last {
            if exchange.request.prepared.countsTries, now - connection.restsSince > longestRest { return nil }
            idle.removeLast()
            if connection.isUsable {
                guard connection.hasServed, keepsNoneUntil > now else { return connection }
            } else {
                endedUnasked(connection)
            }
            live -= 1
            loopPool.connectionLost()
            connection.close()
        }
        return nil
    }

    private var longestRest: TimeAmount {
        .nanoseconds(loopPool.settings.keepsIdleWhereTriesCount.microseconds * 1000)
    }

    /// Dials for those who wait, as far as the bounds allow; the sweep comes back for the rest.
    private func pump() {
        while let exchange = undialled.first {
            if exchange.isConcluded {
                undialled.removeFirst()
                continue
            }
            guard live < loopPool.settings.connectionsPerReceiver, loopPool.mayConnect() else {
                loopPool.sweepSoon()
                return
            }
            undialled.removeFirst()
            let dial = Dial(for: exchange, to: addresses, of: self)
            dials.append(dial)
            live += 1
            loopPool.connectionBegan()
            dial.start()
        }
    }

    /// A handshake with this receiver that failed just now. The certificate's times are judged by the system's clock,
    /// as the TLS library judges them.
    func failedHandshake(_ error: (any Error)?) -> FailedHandshake {
        FailedHandshake(
            error: error, view: .delivery, to: (key.host, url.port), now: Instant(seconds: Int64(time(nil))))
    }

    // MARK: What dials and connections report

    /// A dial has come to a connection that can be used.
    func dialSucceeded(_ dial: Dial, _ connection: Connection) {
        dials.removeAll { $0 === dial }
        if let owner = dial.owner, !owner.isConcluded {
            connection.send(owner, now: .now())
        } else {
            release(connection)
        }
    }

    /// A dial has come to nothing; `outcome` is what its request met, if it still waits for it.
    func dialFailed(_ dial: Dial, _ outcome: Outcome) {
        dials.removeAll { $0 === dial }
        live -= 1
        dial.owner?.conclude(.failed(outcome))
        pump()
        loopPool.connectionEnded(of: self)
    }

    /// A connection has done its work and can do more.
    func release(_ connection: Connection) {
        while let exchange = undialled.first, exchange.isConcluded { undialled.removeFirst() }
        let dial = undialled.isEmpty ? dials.first { $0.owner.map { !$0.isConcluded } ?? false } : nil
        if connection.hasServed, keepsNoneUntil > .now() { return connection.closeReady() }
        if !undialled.isEmpty || dial != nil, !connection.isUsable {
            endedUnasked(connection)
            return connection.closeReady()
        }
        if let next = undialled.popFirst() { return connection.send(next, now: .now()) }
        if let dial, let owner = dial.owner {
            dial.owner = nil
            return connection.send(owner, now: .now())
        }
        guard !loopPool.isRetiring, addresses.contains(connection.address) else { return connection.closeReady() }
        connection.rest()
        idle.append(connection)
    }

    /// The other end has ended a connection that it had promised to keep. Where it does so right behind an answer it
    /// probably always does, and each connection that is used again is a try at risk: so none is, for a while.
    func endedUnasked(_ connection: Connection) {
        guard connection.hasServed,
            .now() - connection.restsSince <= .nanoseconds(loopPool.settings.closesSoon.microseconds * 1000)
        else { return }
        keepsNoneUntil = .now() + .nanoseconds(loopPool.settings.keepsNone.microseconds * 1000)
    }

    /// A connection that was ready is gone.
    func connectionClosed(_ connection: Connection) {
        idle.removeAll { $0 === connection }
        live -= 1
        pump()
        loopPool.connectionEnded(of: self)
    }

    /// Closes the idle connection that was used longest ago; false where there is none.
    func closeOneIdle() -> Bool {
        guard let connection = idle.first else { return false }
        connection.closeReady()
        return true
    }

    /// Ends what has waited too long and dials again for the rest.
    func sweep(now: NIODeadline) {
        for exchange in unresolved + undialled where exchange.deadline <= now {
            exchange.conclude(.failed(.timedOut(exchange.phase)))
        }
        unresolved.removeAll { $0.isConcluded }
        undialled.removeAll { $0.isConcluded }
        pump()
    }
}

// MARK: Addresses

extension OriginPool {
    private func isFresh(_ now: NIODeadline) -> Bool {
        guard let addressesUntil else { return false }
        return now < addressesUntil
    }

    /// Has the name looked up on the request's account: one that has used up its share must keep no other waiting.
    private func resolve(for exchange: Exchange, within timeout: Duration) {
        let owner = exchange.request.prepared.organization
        guard resolving.insert(owner).inserted else { return }
        let (check, url, loop) = (loopPool.check, url, loopPool.loop)
        let allowsPlainHTTP = key.allowsPlainHTTP
        if let finding = check.findingAtOnce(for: url, allowsPlainHTTP: allowsPlainHTTP) {
            return resolved(finding, for: owner)
        }
        loopPool.sweepSoon()
        let account = TargetCheck.Account(organization: owner, timeout: timeout)
        Task {
            let finding = await check.finding(for: url, on: account, allowsPlainHTTP: allowsPlainHTTP)
            loop.execute { self.resolved(finding, for: owner) }
        }
    }

    /// Everybody who waited is served with the addresses that were found, even where they may not be relied on any
    /// longer. A failure is of those alone on whose account it was met.
    private func resolved(_ finding: TargetCheck.Finding, for owner: OrganizationID?) {
        resolving.remove(owner)
        let now = NIODeadline.now()
        var waiting = unresolved
        unresolved = []
        if case .refused = finding {
            unresolved = waiting.filter { $0.request.prepared.organization != owner }
            waiting.removeAll { $0.request.prepared.organization != owner }
        }
        switch finding {
        case .admitted(let found, let validFor):
            addresses = found
            addressesUntil = now + .nanoseconds(validFor.microseconds * 1000)
            for connection in idle.filter({ !found.contains($0.address) }) { connection.closeReady() }
            for exchange in waiting where !exchange.isConcluded { connect(exchange, now: now) }
        case .refused(.timedOut):
            addressesUntil = nil
            for exchange in waiting { endOrResolveAgain(exchange, now: now) }
        case .refused(let outcome):
            addressesUntil = nil
            if case .forbidden = outcome { while closeOneIdle() {} }
            for exchange in waiting { exchange.conclude(.failed(outcome)) }
        }
        loopPool.forgetIfUnused(self)
    }

    /// The look-up ran on the time of whoever came first; those who have time left look further.
    private func endOrResolveAgain(_ exchange: Exchange, now: NIODeadline) {
        guard exchange.deadline > now + .milliseconds(10) else {
            exchange.conclude(.failed(.timedOut(.resolve)))
            return
        }
        unresolved.append(exchange)
        resolve(for: exchange, within: .nanoseconds((exchange.deadline - now).nanoseconds))
    }
}
