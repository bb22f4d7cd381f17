internal import GatehouseControl
public import GatehouseCore
internal import GatehouseDelivery
internal import GatehouseServer
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import Synchronization
public import UnixSignals

/// A whole gateway, joined and ready to run. It is made by ``build(_:dialects:logger:metrics:)``.
public final class Gateway: Sendable {
    /// The credential that was made because nobody could have been let in otherwise; it is shown this once.
    public let firstKey: Credential?

    /// The gateway's store, for tests that put something into it which no interface takes.
    package let store: any Store

    private let group: ServiceGroup
    private let address: BoundAddress
    private let ending: Ending
    private let signals: [UnixSignal]

    init(
        _ components: Components, settings: GatewaySettings, firstKey: Credential?, signals: [UnixSignal]
    ) throws(ServerIdentity.LoadError) {
        let address = BoundAddress(host: settings.server.host)
        let server = try components.server.buildApplication { port in await address.set(port: port) }
        let ending = Ending(components, drain: settings.drain)
        let delivery = DeliveryRunner(components: components, ending: ending)
        self.firstKey = firstKey
        self.store = components.store
        self.address = address
        self.ending = ending
        self.signals = signals
        let waiting = WaitingService(
            commitSignal: components.commitSignal, failedProofs: components.failedProofs, ending: ending)
        // Shut down in reverse: first those are sent home who wait for events or for the answer to a wrong credential,
        // whom the server would wait for; then the
        // server, so that nothing new comes in while the delivery room drains.
        self.group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: delivery), .init(service: server), .init(service: waiting)],
                logger: components.logger))
    }

    /// What the composition root has joined.
    struct Components: Sendable {
        let store: any Store
        let delivery: DeliveryService
        let commitSignal: CommitSignal
        let pool: ConnectionPool
        let server: APIServer
        let failedProofs: FailedProofs
        let isDraining: Snapshot<Bool>
        let clock: any WallClock
        let logger: Logger
    }

    /// Runs until a signal or ``stop()`` asks it to end; then takes nothing new, finishes what is under way for as long
    /// as the setting `drain` says, cuts what is left then, and returns. Meanwhile the log says, at once and then every
    /// few seconds, what is still under way.
    ///
    /// - Parameter atSecondSignal: called where a second signal comes before the end, after the log has said what is
    ///   left; it ends the process. Nothing is lost by that: what is left is attempted again by the next start.
    /// - Throws: what keeps the server from binding its address.
    public func run(atSecondSignal: @escaping @Sendable (UnixSignal) -> Void = { _ in }) async throws {
        let watch = Task { await obeySignals(atSecondSignal) }
        defer {
            address.close()
            ending.finish()
            watch.cancel()
        }
        // In a task of its own: a request whose caller was cut may go on for as long as a receiver lets it wait.
        let services = Task { try await group.run() }
        try await withTaskCancellationHandler {
            if await ending.isCutBefore(services) { return }
            try await services.value
        } onCancel: {
            services.cancel()
        }
    }

    private func obeySignals(_ atSecond: @Sendable (UnixSignal) -> Void) async {
        guard !signals.isEmpty else { return }
        var isEnding = false
        for await signal in await UnixSignalsSequence(trapping: signals) {
            guard isEnding else {
                isEnding = true
                await group.triggerGracefulShutdown()
                continue
            }
            ending.cutShort()
            atSecond(signal)
        }
    }

    /// Asks a running gateway to end in order.
    public func stop() async {
        await group.triggerGracefulShutdown()
    }

    /// Where it listens, once it does; nil where it ended before it could.
    public func boundAddress() async -> (host: String, port: Int)? {
        await address.value()
    }
}

/// Keeps the delivery room's house, and closes it when the gateway ends, in order or not.
private struct DeliveryRunner: Service {
    let components: Gateway.Components
    let ending: Ending

    func run() async throws {
        await cancelWhenGracefulShutdown { await components.delivery.run() }
        await ending.closeComponents()
    }
}

/// Ends every long poll, every stream of events and the wait of every wrong credential as soon as the gateway is to
/// end.
private struct WaitingService: Service {
    let commitSignal: CommitSignal
    let failedProofs: FailedProofs
    let ending: Ending

    func run() async throws {
        defer {
            ending.begin()
            commitSignal.close()
            failedProofs.close()
        }
        try await gracefulShutdown()
    }
}

/// The port that the system gave, for those who wait for it.
private final class BoundAddress: Sendable {
    private enum State {
        case pending([CheckedContinuation<Int?, Never>])
        case known(Int?)
    }

    private let host: String
    private let state = Mutex(State.pending([]))

    init(host: String) {
        self.host = host
    }

    func set(port: Int) async { settle(port) }

    func close() { settle(nil) }

    func value() async -> (host: String, port: Int)? {
        let port: Int? = await withCheckedContinuation { continuation in
            let known = state.withLock { state -> Int?? in
                switch state {
                case .known(let port): return .some(port)
                case .pending(let waiting):
                    state = .pending(waiting + [continuation])
                    return nil
                }
            }
            if let known { continuation.resume(returning: known) }
        }
        return port.map { (host, $0) }
    }

    private func settle(_ port: Int?) {
        let waiting = state.withLock { state -> [CheckedContinuation<Int?, Never>] in
            guard case .pending(let waiting) = state else { return [] }
            state = .known(port)
            return waiting
        }
        for continuation in waiting { continuation.resume(returning: port) }
    }
}
