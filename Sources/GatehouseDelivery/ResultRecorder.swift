internal import GatehouseControl
internal import GatehouseCore
internal import Logging
internal import Synchronization

/// Makes results durable in batches, and stops the courier from dialling while that fails.
///
/// Recording is a note in memory that joins the next commit; while one commit is running the next batch collects. At
/// most `bound` results are not durable at once: beyond it, and while commits fail, ``opens()`` makes callers wait.
final class ResultRecorder: Sendable {
    /// Called with results once they are durable.
    typealias Observer = @Sendable ([Line]) -> Void

    /// One result, with the job that it concerns, if it is still known.
    struct Line: Sendable {
        let settlement: Settlement
        let subscription: SubscriptionID?
        let lane: Lane?
    }

    private struct State {
        var pending: [Line] = []
        var isCommitting = false
        var isFailing = false
        /// Whether no further attempt may begin.
        var isShut = false
        /// Set once the recorder is closed: until when commits of results are tried.
        var deadline: Instant?
        var waiting: [CheckedContinuation<Bool, Never>] = []
        var observer: Observer?
    }

    private let state = Mutex(State())
    private let store: any DeliveryStore
    private let lease: Snapshot<Incarnation>
    private let clock: any WallClock
    private let logger: Logger
    private let bound: Int
    private let batch = 1000

    init(
        store: any DeliveryStore, lease: Snapshot<Incarnation>, clock: any WallClock, logger: Logger, bound: Int = 4000
    ) {
        self.store = store
        self.lease = lease
        self.clock = clock
        self.logger = logger
        self.bound = bound
    }

    func observe(_ observer: @escaping Observer) {
        state.withLock { $0.observer = observer }
    }

    /// Returns true as soon as results can be committed, at once if nothing is wrong; false if the recorder is closed.
    func opens() async -> Bool {
        if let answer = state.withLock({ answer(in: $0) }) { return answer }
        return await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Bool? in
                if let answer = self.answer(in: state) { return answer }
                state.waiting.append(continuation)
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Lets no attempt begin from now on; running attempts are recorded as usual.
    func shut() { release { $0.isShut = true } }

    private func answer(in state: State) -> Bool? {
        if state.isShut { return false }
        return state.isFailing || state.pending.count >= bound ? nil : true
    }

    /// Notes a result; it joins the next commit.
    func record(_ settlement: Settlement, of job: DeliveryJob? = nil) {
        var settlement = settlement
        settlement.event = job?.event.id
        let line = Line(settlement: settlement, subscription: job?.subscription, lane: job?.lane)
        let mustStart = state.withLock { state in
            state.pending.append(line)
            defer { state.isCommitting = true }
            return !state.isCommitting
        }
        if mustStart { Task { await commitAll() } }
    }

    /// Lets no attempt begin, and returns when everything is durable or at `deadline`.
    func close(until deadline: Instant) async {
        release { ($0.isShut, $0.deadline) = (true, deadline) }
        while state.withLock({ $0.isCommitting }), clock.now < deadline {
            try? await clock.sleep(until: clock.now + .milliseconds(5))
        }
    }

    /// Informs the waiting callers that no further attempt begins.
    private func release(_ change: (inout State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: false) }
    }

    /// Commits batch after batch until nothing is pending. A batch that fails is tried again, with pauses of up to 1 s:
    /// results are never dropped.
    private func commitAll() async {
        var pause = Duration.milliseconds(20)
        while let lines = nextBatch() {
            do {
                try await store.record(lines.map(\.settlement), by: lease.value)
                succeed(lines)
                pause = .milliseconds(20)
            } catch {
                guard fail(lines, error) else { return }
                try? await clock.sleep(until: clock.now + pause)
                pause = min(pause * 2, .seconds(1))
            }
        }
    }

    private func nextBatch() -> [Line]? {
        state.withLock { state in
            guard !state.pending.isEmpty else {
                state.isCommitting = false
                return nil
            }
            let lines = Array(state.pending.prefix(batch))
            state.pending.removeFirst(lines.count)
            return lines
        }
    }

    private func succeed(_ lines: [Line]) {
        let (waiting, observer) = state.withLock { state in
            if state.isFailing { logger.notice("results can be recorded again") }
            state.isFailing = false
            defer { state.waiting = [] }
            return (state.waiting, state.observer)
        }
        for continuation in waiting { continuation.resume(returning: true) }
        observer?(lines)
    }

    /// Keeps the results for another try; returns false if the recorder is closed and its time is up.
    private func fail(_ lines: [Line], _ error: StoreError) -> Bool {
        let now = clock.now
        return state.withLock { state in
            if let deadline = state.deadline, deadline <= now {
                state.isCommitting = false
                return false
            }
            if !state.isFailing {
                logger.error(
                    "results cannot be recorded; nothing is dialled until they can", metadata: ["error": "\(error)"])
            }
            state.isFailing = true
            state.pending.insert(contentsOf: lines, at: 0)
            return true
        }
    }
}
