internal import CoreMetrics
internal import GatehouseControl
public import GatehouseCore
internal import HTTPTypes
public import Logging
internal import Synchronization

/// The one place where a wrong credential is told and held back, by whichever interface it came: logged, counted by
/// interface, written into the audit, and its answer made to wait by the address that it came from (decision 26).
///
/// What is right never comes here, so that nobody is delayed by others' failures. An answer that waits holds no lock
/// and no place of the store's, and waits no longer once the gateway ends.
public final class FailedProofs: Sendable {
    private struct State {
        var brake: GuessBrake
        var sleepers: [Int: Task<Void, Never>] = [:]
        var next = 0
        var isClosed = false
        /// The minute in which the log was written to, the lines that it got, and how many were left out.
        var log = (minute: Int64(0), lines: 0, omitted: 0)
        var hours = GuessHours()
    }

    private let settings: GuessSettings
    private let clock: any WallClock
    private let logger: Logger
    private let audit: AuditTally
    private let counts: [ProofInterface: (failed: Counter, refused: Counter)]
    private let state: Mutex<State>

    /// Begins without a memory.
    public init(
        _ settings: GuessSettings, store: any AuditStore, clock: any WallClock,
        telling: (logger: Logger, metrics: PrometheusMetrics)
    ) {
        self.settings = settings
        self.clock = clock
        self.logger = telling.logger
        self.audit = AuditTally(store: store, turn: .seconds(60), lines: settings.auditLines)
        self.state = Mutex(State(brake: GuessBrake(settings)))
        let counter = { (label: String, interface: ProofInterface) in
            Counter(label: label, dimensions: [("interface", interface.rawValue)], factory: telling.metrics)
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

    /// What is to be written into the audit.
    public var tally: any Tally { audit }

    /// How many answers are held back now.
    var waiting: Int { state.withLock { $0.brake.waiting } }

    /// How many wrong credentials came in this hour of the clock and the one before, and when the first of these began.
    func recent(at now: Instant) -> (count: Int, since: Instant) {
        state.withLock { state in
            state.hours.turn(at: now)
            return (state.hours.now + state.hours.before, Instant(seconds: (state.hours.hour - 1) * 3600))
        }
    }

    /// Lets every answer go that is held back, and holds none back any more: the gateway ends.
    public func close() {
        let sleepers = state.withLock { state in
            state.isClosed = true
            return state.sleepers.values
        }
        for sleeper in sleepers { sleeper.cancel() }
    }

    /// Takes down a wrong credential, and returns when its answer may be given.
    ///
    /// - Throws: a problem with status 429, at once, where more answers wait than may.
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

    /// Sleeps until an instant, until the gateway ends or until the caller is given up.
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

    /// One line stands for all who share an address as guesses are counted: otherwise who has a whole network of IPv6
    /// would have as many lines.
    private func entry(_ failure: FailedProof, at now: Instant) -> AuditEntry {
        var client = JSONObject()
        client["ipAddress"] = failure.client.address.map { .string(GuessOrigin.text(of: $0)) }
        var entry = AuditEntry(
            .proveFailed, (.interface, failure.interface.rawValue), of: failure.asked?.organization,
            by: (AuditEntry.Actor(key: nil, client: client), now))
        entry.details["asked"] = failure.asked.map { .string($0.id) }
        return entry
    }

    /// One line each, up to a bound a minute; then how many there were.
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
