internal import CoreMetrics
internal import GatehouseControl
package import GatehouseCore
internal import HTTPTypes
package import Logging
internal import Synchronization

/// Handles wrong credentials of every interface: it logs them, counts them by interface, writes them into the audit,
/// and holds the answer back by the caller's address (decision 26).
///
/// Right credentials never come here, so no caller is delayed by the failures of others. A waiting answer holds no lock
/// and no place of the store, and stops waiting when the gateway shuts down.
package final class FailedProofs: Sendable {
    private struct State {
        var brake: GuessBrake
        var sleepers: [Int: Task<Void, Never>] = [:]
        var next = 0
        var isClosed = false
        /// The last minute with log lines, the number of its lines, and how many were left out.
        var log = (minute: Int64(0), lines: 0, omitted: 0)
        var hours = GuessHours()
    }

    private let settings: GuessSettings
    private let clock: any WallClock
    private let logger: Logger
    private let audit: AuditTally
    private let counts: [ProofInterface: (failed: Counter, refused: Counter)]
    private let state: Mutex<State>

    /// Starts without records of addresses.
    package init(
        _ settings: GuessSettings, store: any AuditStore, clock: any WallClock,
        logger: Logger, metrics: PrometheusMetrics
    ) {
        self.settings = settings
        self.clock = clock
        self.logger = logger
        self.audit = AuditTally(store: store, turn: .seconds(60), lines: settings.auditLines)
        self.state = Mutex(State(brake: GuessBrake(settings)))
        let counter = { (label: String, interface: ProofInterface) in
            Counter(label: label, dimensions: [("interface", interface.rawValue)], factory: metrics)
        }
        self.counts = Dictionary(
            uniqueKeysWithValues: ProofInterface.allCases.map { interface in
                (
                    interface,
                    (
                        counter("gatehouse_failed_proofs_total", interface),
                        counter("gatehouse_failed_proofs_refused_total", interface)
                    )
                )
            })
    }

    /// The counts to write into the audit.
    package var tally: any Tally { audit }

    /// How many answers are held back now.
    var waiting: Int { state.withLock { $0.brake.waiting } }

    /// How many wrong credentials came in this hour of the clock and the one before, and when the earlier hour began.
    func recent(at now: Instant) -> (count: Int, since: Instant) {
        state.withLock { state in
            state.hours.turn(at: now)
            return (state.hours.now + state.hours.before, Instant(seconds: (state.hours.hour - 1) * 3600))
        }
    }

    /// Releases every held answer, and holds no more: the gateway shuts down.
    package func close() {
        let sleepers = state.withLock { state in
            state.isClosed = true
            return state.sleepers.values
        }
        for sleeper in sleepers { sleeper.cancel() }
    }

    /// Records a wrong credential, and returns when its answer may be sent.
    ///
    /// - Throws: a problem with status 429, at once, if too many answers wait.
    func hold(_ failure: FailedProof) async throws(Problem) {
        let now = clock.now
        counts[failure.interface]?.failed.increment()
        audit.note(entry(failure, at: now))
        let origin = GuessOrigin.text(of: failure.client.address)
        let decision = state.withLock { state in
            state.hours.count(at: now)
            return state.brake.fail(origin, at: now)
        }
        tell(failure, decision, at: now)
        switch decision {
        case .refuse:
            counts[failure.interface]?.refused.increment()
            throw Problem(
                .tooManyGuesses, "too many wrong credentials came from this address: wait, and present the right one",
                headers: [.retryAfter: String(max(1, settings.longestWait.components.seconds))])
        case .wait(let duration):
            guard duration > .zero else { return }
            let connection = InboundConnection.current
            connection?.isHeldBack = true
            await sleep(until: now + duration)
            connection?.isHeldBack = false
            state.withLock { $0.brake.end(origin) }
        }
    }

    /// Sleeps until an instant, until the gateway shuts down or until the caller's connection is closed.
    private func sleep(until instant: Instant) async {
        let sleeper = Task { [clock] in _ = try? await clock.sleep(until: instant) }
        let number = state.withLock { state -> Int? in
            guard !state.isClosed else { return nil }
            state.next += 1
            state.sleepers[state.next] = sleeper
            return state.next
        }
        guard let number else { return sleeper.cancel() }
        await withTaskCancellationHandler {
            await sleeper.value
        } onCancel: {
            sleeper.cancel()
        }
        state.withLock { $0.sleepers[number] = nil }
    }

    /// One line for all callers whose guesses are counted together: otherwise the owner of a whole IPv6 network could
    /// cause any number of lines.
    private func entry(_ failure: FailedProof, at now: Instant) -> AuditEntry {
        var client = JSONObject()
        client["ipAddress"] = failure.client.address.map { .string(GuessOrigin.text(of: $0)) }
        var entry = AuditEntry(
            .proveFailed, .interface, failure.interface.rawValue, of: failure.asked?.organization,
            by: AuditEntry.Actor(key: nil, client: client), at: now)
        entry.details["asked"] = failure.asked.map { .string($0.id) }
        return entry
    }

    /// One line for each, up to a bound a minute; then a line with the number of the rest.
    private func tell(_ failure: FailedProof, _ decision: GuessBrake.Decision, at now: Instant) {
        let minute = now.seconds / 60
        let line = state.withLock { state -> (isTold: Bool, omitted: Int) in
            var omitted = 0
            if state.log.minute != minute {
                omitted = state.log.omitted
                state.log = (minute, 0, 0)
            }
            let isTold = state.log.lines < settings.logLines
            if isTold { state.log.lines += 1 } else { state.log.omitted += 1 }
            return (isTold, omitted)
        }
        if line.omitted > 0 {
            logger.warning("more wrong credentials than were told", metadata: ["number": "\(line.omitted)"])
        }
        guard line.isTold else { return }
        var metadata: Logger.Metadata = [
            "interface": "\(failure.interface.rawValue)", "address": "\(failure.client.address ?? "unknown")",
        ]
        if let asked = failure.asked { metadata["asked"] = "\(asked.id)" }
        if decision == .refuse { metadata["refused"] = "too many of this address or in all wait for their answer" }
        logger.warning("a wrong credential", metadata: metadata)
    }
}
