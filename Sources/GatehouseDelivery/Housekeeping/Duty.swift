internal import GatehouseControl
internal import GatehouseCore
internal import Logging

/// A periodic task of a gateway.
struct Duty: Sendable {
    /// Which gateways on a store do it.
    enum Scope: Hashable, Sendable, CaseIterable {
        /// Each gateway: it is about the memory and the leases of this process.
        case eachGateway
        /// Only the leader: it is about what all gateways share. It must do no harm if two gateways do it at once,
        /// because a leader notices late that it is no longer the leader.
        case oneGateway
    }

    /// Its name in the log.
    let name: String
    /// The time between the end of one turn and the beginning of the next.
    let interval: Duration
    /// Which gateways do it.
    let scope: Scope
    /// The work of one turn.
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

/// Runs duties, each on its own, until the task is cancelled.
struct DutyRunner: Sendable {
    let clock: any WallClock
    let logger: Logger
    /// Whether this gateway is the leader.
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
