import GatehouseCore
import NIOCore

/// The pool's state on one event loop: the receivers that it talks to, and the sweep that keeps waiting requests
/// honest.
///
/// Touched on its loop alone; `Sendable` is claimed so that the pool can name it from elsewhere.
final class EventLoopPool: @unchecked Sendable {
    let loop: any EventLoop
    let check: TargetCheck
    let settings: PoolSettings
    let tls: ClientTLS
    /// The way to the egress proxy; nil where receivers are dialled straight.
    let door: ProxyDoor?

    private(set) var isRetiring = false
    /// Connections of all receivers, those being made included.
    private(set) var connections = 0

    private var receivers: [Receiver.Key: Receiver] = [:]
    private var isSweeping = false

    /// How often waiting requests are looked at: their time-outs are this coarse, and a pool whose connections all
    /// failed is pumped again no later than this.
    private static let sweepEvery = TimeAmount.milliseconds(50)

    init(loop: any EventLoop, check: TargetCheck, settings: PoolSettings, tls: ClientTLS) {
        self.loop = loop
        self.check = check
        self.settings = settings
        self.tls = tls
        self.door = settings.proxy.map { ProxyDoor($0, loop: loop, resolver: check.resolver) }
    }

    /// Takes a request in.
    func begin(_ exchange: Exchange) {
        guard !isRetiring else {
            exchange.conclude(.failed(.unreachable(reason: "the gateway is shutting down")))
            return
        }
        let key = Receiver.Key(exchange.order)
        if let receiver = receivers[key] {
            receiver.begin(exchange)
        } else {
            let receiver = Receiver(key, url: exchange.order.request.url, loopPool: self)
            receivers[key] = receiver
            receiver.begin(exchange)
        }
    }

    /// Whether one more connection may be opened; where the loop is full, an idle one of another receiver makes room.
    func mayConnect() -> Bool {
        if connections < settings.connectionsPerLoop { return true }
        for receiver in receivers.values where receiver.closeOneIdle() { break }
        return connections < settings.connectionsPerLoop
    }

    func connectionBegan() {
        connections += 1
    }

    /// A connection is gone, and its receiver goes on.
    func connectionLost() {
        connections -= 1
    }

    /// A connection is gone; its receiver is forgotten where nothing is left of it.
    func connectionEnded(of receiver: Receiver) {
        connections -= 1
        forgetIfUnused(receiver)
    }

    func forgetIfUnused(_ receiver: Receiver) {
        if receiver.isUnused, receivers[receiver.key] === receiver { receivers[receiver.key] = nil }
    }

    /// Closes the idle connections and keeps none from now on.
    func retire() {
        isRetiring = true
        for receiver in receivers.values { while receiver.closeOneIdle() {} }
    }

    /// Starts looking at waiting requests until there are none.
    func sweepSoon() {
        guard !isSweeping else { return }
        isSweeping = true
        loop.scheduleTask(in: Self.sweepEvery) { self.sweep() }
    }

    private func sweep() {
        isSweeping = false
        let now = NIODeadline.now()
        var someWait = false
        for receiver in Array(receivers.values) {
            receiver.sweep(now: now)
            someWait = someWait || receiver.hasWaiting
            forgetIfUnused(receiver)
        }
        if someWait { sweepSoon() }
    }
}
