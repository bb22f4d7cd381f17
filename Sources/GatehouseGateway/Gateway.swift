internal import GatehouseControl
package import GatehouseCore
internal import GatehouseDelivery
internal import GatehouseServer
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import Synchronization
package import UnixSignals

/// A whole gateway, joined and ready to run. It is created by ``build(_:dialects:logger:metrics:)``.
package final class Gateway: Sendable {
    /// The credential that was created because no caller had one; it is shown only now.
    package let firstKey: Credential?

    /// The gateway's store, for tests that insert something that no interface accepts.
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
        // Shut down in reverse order: first the callers that wait for events or for the answer to a wrong credential,
        // because the server would wait for them; then the server, so that nothing new comes in while deliveries drain.
        self.group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: delivery), .init(service: server), .init(service: waiting)],
                logger: components.logger))
    }

    /// The parts that the composition root has joined.
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

    /// Runs until a signal or ``stop()`` asks it to end. Then it accepts nothing new, finishes running work for as long
    /// as the setting `drain` allows, cuts the rest, and returns. Meanwhile the log says, at once and then every few
    /// seconds, what is still running.
    ///
    /// - Parameter atSecondSignal: called if a second signal comes before the end, after the log has said what remains;
    ///   it ends the process. Nothing is lost: the next start attempts the rest again.
    /// - Throws: the reason why the server cannot bind its address.
    package func run(atSecondSignal: @escaping @Sendable (UnixSignal) -> Void = { _ in }) async throws {
        let watch = Task { await obeySignals(atSecondSignal) }
        defer {
            address.close()
            ending.finish()
            watch.cancel()
        }
        // In a task of its own: a request whose caller was cut may continue for as long as a receiver makes it wait.
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

    /// Asks a running gateway to end.
    package func stop() async {
        await group.triggerGracefulShutdown()
    }

    /// The address on which it listens, once it does; nil if it ended before.
    package func boundAddress() async -> (host: String, port: Int)? {
        await address.value()
    }
}

/// Runs the duties of the delivery module, and closes it at the end of the gateway, regular or not.
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

/// The port that the system gave, for callers that wait for it.
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
