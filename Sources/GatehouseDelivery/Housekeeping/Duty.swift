internal import GatehouseControl
internal import GatehouseCore
internal import Logging

/// Something that a gateway does again and again beside its work.
struct Duty: Sendable {
    /// Which gateways on a store do it.
    enum Scope: Hashable, Sendable, CaseIterable {
        /// Each: it is about what this process has in memory or in hand.
        case eachGateway
        /// The leader alone: it is about what all of them share. It must do no harm where two gateways do it at once,
        /// since a leader learns late that it leads no more.
        case oneGateway
    }

    /// What the log calls it.
    let name: String
    /// The time between the end of one turn and the beginning of the next.
    let interval: Duration
    /// Which gateways do it.
    let scope: Scope
    /// One turn.
    let work: @Sendable () async throws -> Void

    /// One row of a table of duties.
    init(
        _ name: String, every interval: Duration, _ scope: Scope, _ work: @escaping @Sendable () async throws -> Void
    ) {
        self.name = name
        self.interval = interval
        self.scope = scope
        self.work = work
    }
}

/// Does duties, each on its own, until the task is cancelled.
struct DutyRunner: Sendable {
    let clock: any WallClock
    let logger: Logger
    /// Whether this gateway leads.
    let leads: Snapshot<Bool>

    func run(_ duties: [Duty]) async {
        await withTaskGroup(of: Void.self) { group in
            for duty in duties { group.addTask { await run(duty) } }
        }
    }

    /// A duty that fails is done again at its next turn.
    private func run(_ duty: Duty) async {
        while !Task.isCancelled {
            do {
                if isOurs(duty) { try await duty.work() }
            } catch {
                logger.warning("a housekeeping duty failed", metadata: ["duty": "\(duty.name)", "error": "\(error)"])
            }
            do { try await clock.sleep(until: clock.now + duty.interval) } catch { return }
        }
    }

    private func isOurs(_ duty: Duty) -> Bool {
        switch duty.scope {
        case .eachGateway: true
        case .oneGateway: leads.value
        }
    }
}
