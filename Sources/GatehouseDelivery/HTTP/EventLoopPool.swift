import GatehouseCore
import NIOCore

/// The pool's state on one event loop: its receivers, and the sweep that enforces the time-outs of waiting requests.
///
/// Touched on its loop alone; it is declared `Sendable` so that the pool can refer to it from other threads.
final class EventLoopPool: @unchecked Sendable {
    let loop: any EventLoop
    let check: TargetCheck
    let settings: PoolSettings
    let tls: ClientTLS
    /// The way to the egress proxy; nil if receivers are dialled directly.
    let proxyAddresses: ProxyAddresses?

    private(set) var isRetiring = false
    /// Connections of all receivers, with those that are being opened.
    private(set) var connections = 0
    /// The connections of receivers that are not doing well.
    private(set) var strained = 0

    private var origins: [OriginPool.Key: OriginPool] = [:]
    private var isSweeping = false

    /// How often waiting requests are checked: their time-outs have this precision, and a pool whose connections all
    /// failed starts again at the latest after this time.
    private static let sweepEvery = TimeAmount.milliseconds(50)

    init(loop: any EventLoop, check: TargetCheck, settings: PoolSettings, tls: ClientTLS) {
        self.loop = loop
        self.check = check
        self.settings = settings
        self.tls = tls
        self.proxyAddresses = settings.proxy.map { ProxyAddresses($0, loop: loop, resolver: check.resolver) }
    }

    /// Accepts a request.
    func begin(_ exchange: Exchange) {
        guard !isRetiring else {
            exchange.conclude(.failed(.unreachable(reason: "the gateway is shutting down")))
            return
        }
        let key = OriginPool.Key(exchange.request)
        if let origin = origins[key] {
            origin.begin(exchange)
        } else {
            let origin = OriginPool(key, url: exchange.request.prepared.url, loopPool: self)
            origins[key] = origin
            origin.begin(exchange)
        }
    }

    /// Whether a receiver may have one more connection. Receivers that are not doing well get half of the connections
    /// at most, the others all but an eighth; an urgent delivery gets any. Where a share or the loop is full, an idle
    /// connection of it is closed first.
    func mayConnect(_ origin: OriginPool, _ share: PreparedRequest.Share) -> Bool {
        if !isWithin(share) { closeOneIdle { $0.isWell == (share == .well) } }
        guard isWithin(share) else { return false }
        if connections >= settings.connectionsPerLoop { closeOneIdle { _ in true } }
        return connections < settings.connectionsPerLoop
    }

    private func isWithin(_ share: PreparedRequest.Share) -> Bool {
        let most = settings.connectionsPerLoop
        return switch share {
        case .urgent: true
        case .well: connections - strained < most - most / 8
        case .others: strained < max(1, most / 2)
        }
    }

    private func closeOneIdle(where isMeant: (OriginPool) -> Bool) {
        for origin in origins.values where isMeant(origin) && origin.closeOneIdle() { return }
    }

    func connectionBegan(of origin: OriginPool) {
        connections += 1
        if !origin.isWell { strained += 1 }
    }

    /// A connection was lost, and its receiver continues.
    func connectionLost(of origin: OriginPool) {
        connections -= 1
        if !origin.isWell { strained -= 1 }
    }

    /// A connection has ended; its receiver is forgotten if it has no state left.
    func connectionEnded(of origin: OriginPool) {
        connectionLost(of: origin)
        forgetIfUnused(origin)
    }

    /// The connections of a receiver that begins or ceases to do well count for the other share.
    func changedSides(_ live: Int, isWell: Bool) { strained += isWell ? -live : live }

    func forgetIfUnused(_ origin: OriginPool) {
        if origin.isUnused, origins[origin.key] === origin { origins[origin.key] = nil }
    }

    /// Closes the idle connections and keeps none from now on.
    func retire() {
        isRetiring = true
        for origin in origins.values { while origin.closeOneIdle() {} }
    }

    /// Checks waiting requests until there are none.
    func sweepSoon() {
        guard !isSweeping else { return }
        isSweeping = true
        loop.scheduleTask(in: Self.sweepEvery) { self.sweep() }
    }

    private func sweep() {
        isSweeping = false
        let now = NIODeadline.now()
        var someWait = false
        for origin in Array(origins.values) {
            origin.sweep(now: now)
            someWait = someWait || origin.hasWaiting
            forgetIfUnused(origin)
        }
        if someWait { sweepSoon() }
    }
}
