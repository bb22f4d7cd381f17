internal import GatehouseCore
internal import GatehouseDelivery
internal import GatehouseServer
internal import Logging
internal import Synchronization

/// Tells, while the gateway ends, what it still waits for: at once, and then every few seconds until the end.
final class Ending: Sendable {
    /// How long after a line the next one comes.
    static let interval = Duration.seconds(3)

    private struct State {
        var telling: Task<Void, Never>?
        /// Until when deliveries are waited for; nil while requests are.
        var deadline: Instant?
        var isOver = false
    }

    private let rooms: Gateway.Rooms
    private let drain: Duration
    private let state = Mutex(State())

    /// - Parameter drain: how long deliveries are waited for, once no request is under way.
    init(_ rooms: Gateway.Rooms, drain: Duration) {
        self.rooms = rooms
        self.drain = drain
    }

    /// The gateway is asked to end: from now on nothing new is taken.
    func begin() {
        rooms.isDraining.update { $0 = true }
        rooms.logger.notice(
            "the gateway ends: nothing new is taken, what is under way is finished; a second signal ends it at once",
            metadata: figures().merging(["longest": "\(drain)"]) { $1 })
        let telling = Task { await tell() }
        let isLate = state.withLock { state in
            state.telling = telling
            return state.isOver
        }
        if isLate { telling.cancel() }
    }

    /// No request is under way any more: deliveries are waited for until then.
    func deadline() -> Instant {
        let deadline = rooms.clock.now + drain
        state.withLock { $0.deadline = deadline }
        return deadline
    }

    /// The end is reached. Where the time was too short for some attempts, that is said.
    func finish() {
        let telling = state.withLock { state in
            state.isOver = true
            return state.telling
        }
        telling?.cancel()
        guard telling != nil, rooms.delivery.attemptsUnderWay > 0 else { return }
        rooms.logger.warning(
            "the time to finish what was under way is over: the next start makes these attempts again",
            metadata: ["attempts": "\(rooms.delivery.attemptsUnderWay)"])
    }

    /// The operator does not want to wait.
    func cutShort() {
        rooms.logger.warning(
            "the gateway ends at once, by a second signal: the next start makes these attempts again",
            metadata: figures())
    }

    private func tell() async {
        while true {
            do {
                try await Task.sleep(for: Self.interval)
            } catch {
                return
            }
            rooms.logger.notice("the gateway waits for what is under way", metadata: figures())
        }
    }

    private func figures() -> Logger.Metadata {
        let server = rooms.server.underWay
        var figures: Logger.Metadata = [
            "attempts": "\(rooms.delivery.attemptsUnderWay)", "requests": "\(server.requests)",
            "streams": "\(server.streams)",
        ]
        if let deadline = state.withLock({ $0.deadline }) { figures["until"] = "\(RFC3339.text(deadline))" }
        return figures
    }
}
