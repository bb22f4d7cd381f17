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
/// A request takes an idle connection, or waits and has one dialled for itself. The first available connection serves
/// it: the one of its own dial, or one that another request has finished with; then the dial's connection is for the
/// next request. A dial that fails ends only the request that it was made for. Touched on its loop alone.
final class OriginPool: @unchecked Sendable {
    /// The key by which two requests go to the same receiver. A connection with a proven name is not shared with
    /// requests that need no proof.
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
    /// A URL of this receiver; only its scheme, host and port are used here.
    let url: TargetURL
    let hostHeader: String

    private var addresses: [NetworkAddress] = []
    private var addressesUntil: NIODeadline?
    /// The organizations for which the name is being looked up.
    private var resolving: Set<OrganizationID?> = []
    /// Requests that wait for the addresses.
    private var unresolved: [Exchange] = []
    /// Requests that wait for a connection and have no dial of their own yet.
    private var undialled = WaitingExchanges()
    private var dials: [Dial] = []
    /// The connection that was used last is first, so that connections that are not needed expire.
    private var idle: [Connection] = []
    private var live = 0
    /// Whether the receiver is doing well, by its last request: its connections then count in the share of those.
    private(set) var isWell = false
    private var keepsNoneUntil = NIODeadline.uptimeNanoseconds(0)

    init(_ key: Key, url: TargetURL, loopPool: EventLoopPool) {
        self.key = key
        self.url = url
        self.hostHeader = url.hostHeader
        self.loopPool = loopPool
    }

    var hasWaiting: Bool { !unresolved.isEmpty || !undialled.isEmpty }
    /// Whether it can be forgotten without loss; the resolver remembers the addresses.
    var isUnused: Bool { live == 0 && !hasWaiting && resolving.isEmpty }

    /// Accepts a request.
    func begin(_ exchange: Exchange) {
        let now = NIODeadline.now()
        note(exchange.request.prepared.share)
        guard isFresh(now) else {
            unresolved.append(exchange)
            resolve(for: exchange, within: exchange.request.timeout)
            return
        }
        connect(exchange, now: now)
    }

    private func note(_ share: PreparedRequest.Share) {
        guard share != .urgent, isWell != (share == .well) else { return }
        isWell = share == .well
        loopPool.changedSides(live, isWell: isWell)
    }

    /// Finds a connection for the request, now or later.
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

    /// Takes the idle connection that was used last, if it is usable: no other is more likely to be. Connections that
    /// turn out to be closed are removed on the way, and so are used ones while none is reused.
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
            loopPool.connectionLost(of: self)
            connection.close()
        }
        return nil
    }

    private var longestRest: TimeAmount {
        .nanoseconds(loopPool.settings.keepsIdleWhereTriesCount.microseconds * 1000)
    }

    /// Dials for waiting requests, as far as the bounds allow; the sweep comes back for the rest.
    private func pump() {
        while let exchange = nextToDial() {
            let dial = Dial(for: exchange, to: addresses, of: self)
            dials.append(dial)
            live += 1
            loopPool.connectionBegan(of: self)
            dial.start()
        }
        if !undialled.isEmpty { loopPool.sweepSoon() }
    }

    /// Removes the first waiting request whose share has a connection left.
    private func nextToDial() -> Exchange? {
        guard live < loopPool.settings.connectionsPerReceiver else { return nil }
        // The pool may close an idle connection for it, so the queue must not be in use meanwhile.
        let share = undialled.waitingShares().first { loopPool.mayConnect(self, $0) }
        return share.flatMap { undialled.popFirst(of: $0) }
    }

    /// A handshake with this receiver that just failed. The certificate's times are compared with the system's clock,
    /// as the TLS library does.
    func failedHandshake(_ error: (any Error)?) -> FailedHandshake {
        FailedHandshake(
            error: error, view: .delivery, host: key.host, port: url.port, now: Instant(seconds: Int64(time(nil))))
    }

    // MARK: Reports of dials and connections

    /// A dial has a usable connection.
    func dialSucceeded(_ dial: Dial, _ connection: Connection) {
        dials.removeAll { $0 === dial }
        if let owner = dial.owner, !owner.isConcluded {
            connection.send(owner, now: .now())
        } else {
            release(connection)
        }
    }

    /// A dial has failed; `outcome` is the result for its request, if the request still waits for it.
    func dialFailed(_ dial: Dial, _ outcome: Outcome) {
        dials.removeAll { $0 === dial }
        live -= 1
        dial.owner?.conclude(.failed(outcome))
        pump()
        loopPool.connectionEnded(of: self)
    }

    /// A connection has finished a request and can serve another.
    func release(_ connection: Connection) {
        let hasWaiting = undialled.hasWaiting()
        let dial = hasWaiting ? nil : dials.first { $0.owner.map { !$0.isConcluded } ?? false }
        if connection.hasServed, keepsNoneUntil > .now() { return connection.closeReady() }
        if hasWaiting || dial != nil, !connection.isUsable {
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

    /// The other end has closed a connection that it had promised to keep. If it does so right after an answer, it
    /// probably always does, and each reuse of a connection puts an attempt at risk: so connections are not reused for
    /// a while.
    func endedUnasked(_ connection: Connection) {
        guard connection.hasServed,
            .now() - connection.restsSince <= .nanoseconds(loopPool.settings.closesSoon.microseconds * 1000)
        else { return }
        keepsNoneUntil = .now() + .nanoseconds(loopPool.settings.keepsNone.microseconds * 1000)
    }

    /// A connection that was ready has closed.
    func connectionClosed(_ connection: Connection) {
        idle.removeAll { $0 === connection }
        live -= 1
        pump()
        loopPool.connectionEnded(of: self)
    }

    /// Closes the idle connection that was used longest ago; false if there is none.
    func closeOneIdle() -> Bool {
        guard let connection = idle.first else { return false }
        connection.closeReady()
        return true
    }

    /// Ends requests that have waited too long and dials again for the rest.
    func sweep(now: NIODeadline) {
        for exchange in unresolved + undialled.all where exchange.deadline <= now {
            exchange.conclude(.failed(.timedOut(exchange.phase)))
        }
        unresolved.removeAll { $0.isConcluded }
        undialled.removeConcluded()
        pump()
    }
}

// MARK: Addresses

extension OriginPool {
    private func isFresh(_ now: NIODeadline) -> Bool {
        guard let addressesUntil else { return false }
        return now < addressesUntil
    }

    /// Looks the name up for the request's organization: an organization that has used up its share must not delay the
    /// others.
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

    /// All waiting requests get the found addresses, even if these are expired already. A failure is only for the
    /// requests of the organization whose look-up failed.
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

    /// The look-up ran on the time of the first request; requests with time left look it up again.
    private func endOrResolveAgain(_ exchange: Exchange, now: NIODeadline) {
        guard exchange.deadline > now + .milliseconds(10) else {
            exchange.conclude(.failed(.timedOut(.resolve)))
            return
        }
        unresolved.append(exchange)
        resolve(for: exchange, within: .nanoseconds((exchange.deadline - now).nanoseconds))
    }
}
