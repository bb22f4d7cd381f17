internal import GatehouseControl
internal import GatehouseCore
internal import GatehouseDelivery
internal import GatehouseServer
internal import Logging
internal import Synchronization

/// The end of a gateway. It has one deadline, which counts from the request to end: until then requests, streams,
/// uploads and attempts may finish, all at once. What remains then is cut: connections are closed, and attempts are
/// left to the next start. Until the end the log says, at once and then every few seconds, what the gateway waits for.
final class Ending: Sendable {
    /// The time between two log lines.
    static let interval = Duration.seconds(3)
    /// How long requests may take to notice that their callers were cut, so that their changes become durable.
    static let notice = Duration.milliseconds(300)
    /// How long the modules may take to close after that.
    static let closing = Duration.seconds(1)

    private struct State {
        var reporting: Task<Void, Never>?
        var cutting: Task<Void, Never>?
        var closed: Task<Void, Never>?
        /// Until when the gateway waits; nil before the end.
        var deadline: Instant?
        var hasToldCut = false
        var isCut = false
        var isOver = false
    }

    private let components: Gateway.Components
    private let drain: Duration
    private let state = Mutex(State())
    private let ends: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation)

    /// - Parameter drain: how long running work is awaited.
    init(_ components: Gateway.Components, drain: Duration) {
        self.components = components
        self.drain = drain
        self.ends = AsyncStream<Void>.makeStream()
    }

    /// The gateway was asked to end: from now on nothing new is accepted.
    func begin() {
        let deadline = setDeadline()
        components.isDraining.update { $0 = true }
        components.logger.notice(
            "the gateway ends: it accepts nothing new and finishes running work; a second signal ends it at once",
            metadata: figures().merging(["longest": "\(drain)"]) { $1 })
        components.delivery.stopAttempting()
        let reporting = Task { await tell() }
        let cutting = Task { await cut(at: deadline) }
        let isLate = state.withLock { state in
            (state.reporting, state.cutting) = (reporting, cutting)
            return state.isOver
        }
        if isLate { for task in [reporting, cutting] { task.cancel() } }
    }

    /// Finishes the attempts, as far as there is time, and closes what they need. This happens once; every caller waits
    /// until it is done.
    func closeComponents() async {
        let deadline = setDeadline()
        let task = state.withLock { state in
            // In a task of its own: it must complete although the caller's task may have been cancelled.
            let task =
                state.closed
                ?? Task { [components] in
                    await components.delivery.drain(until: deadline)
                    await components.pool.shutdown()
                    await components.store.close()
                }
            state.closed = task
            return task
        }
        await task.value
    }

    /// Waits until the services have ended, or the modules were closed because the time was up. Returns whether it was
    /// the latter.
    func isCutBefore(_ services: Task<Void, any Error>) async -> Bool {
        let watch = Task {
            _ = await services.result
            ends.continuation.finish()
        }
        for await _ in ends.stream {}
        watch.cancel()
        return state.withLock { $0.isCut }
    }

    /// The end is reached.
    func finish() {
        let (reporting, cutting) = state.withLock { state in
            state.isOver = true
            return (state.reporting, state.cutting)
        }
        reporting?.cancel()
        cutting?.cancel()
        if reporting != nil, components.delivery.attemptsUnderWay > 0 { tellCut() }
    }

    /// The operator does not want to wait.
    func cutShort() {
        components.logger.warning(
            "the gateway ends at once, by a second signal: the next start repeats these attempts",
            metadata: figures())
    }

    // MARK: The deadline

    private func setDeadline() -> Instant {
        let deadline = components.clock.now + drain
        return state.withLock { state in
            let first = state.deadline ?? deadline
            state.deadline = first
            return first
        }
    }

    private func cut(at deadline: Instant) async {
        do {
            try await components.clock.sleep(until: deadline)
            tellCut()
            components.server.cut()
            // Requests end, and the services with them; only if they do not, the modules are closed under them.
            try await Task.sleep(for: Self.notice)
            state.withLock { $0.isCut = true }
            let closing = Task { await closeComponents() }
            let limit = Task {
                try? await Task.sleep(for: Self.closing)
                ends.continuation.finish()
            }
            await closing.value
            limit.cancel()
            ends.continuation.finish()
        } catch {
            // The end was reached before.
        }
    }

    // MARK: Log lines

    private func tellCut() {
        let server = components.server.underWay
        let left = [components.delivery.attemptsUnderWay, server.requests, server.streams, server.connections]
        let isTold = state.withLock { state in
            defer { state.hasToldCut = true }
            return state.hasToldCut
        }
        guard !isTold, left.contains(where: { $0 > 0 }) else { return }
        components.logger.warning(
            "the time to finish is over: connections are closed, and the next start repeats the attempts",
            metadata: figures())
    }

    private func tell() async {
        while true {
            do {
                try await Task.sleep(for: Self.interval)
            } catch {
                return
            }
            components.logger.notice("the gateway waits for running work", metadata: figures())
        }
    }

    private func figures() -> Logger.Metadata {
        let server = components.server.underWay
        var figures: Logger.Metadata = [
            "attempts": "\(components.delivery.attemptsUnderWay)", "requests": "\(server.requests)",
            "streams": "\(server.streams)", "connections": "\(server.connections)",
        ]
        if let deadline = state.withLock({ $0.deadline }) { figures["until"] = "\(RFC3339.text(deadline))" }
        return figures
    }
}
