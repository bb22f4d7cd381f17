package import GatehouseCore
import Metrics
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Looks names up with the system's resolver on a few threads of its own, because `getaddrinfo` blocks and cannot be
/// stopped.
///
/// Each name has one look-up at a time, which later callers join; each caller waits at most its own time.
/// Organizations take turns, each has at most its share of the threads and of the queue (``LookUpTurns``), and a
/// hanging look-up holds a thread of that share: other organizations are not delayed.
///
/// Found addresses are valid for a minute, failures for five seconds. While a look-up hangs or fails temporarily, the
/// name's earlier addresses are used until they are ten minutes old, for one use at a time, so that the guard judges
/// them at each use.
package final class SystemResolver: NameResolver {
    /// The bounds, each with a name.
    package struct Limits: Sendable {
        /// Look-ups at one time, each on a thread.
        package var threads = 32
        /// Look-ups of one organization at one time: a quarter of the threads.
        package var perOrganization = 8
        /// Names that are being looked up or wait for it; further ones are refused.
        package var namesWaiting = 1024
        /// Names remembered.
        package var namesKept = 4096
        /// How long found addresses are valid.
        package var keepsFound = Duration.seconds(60)
        /// How long a failure is valid.
        package var keepsFailed = Duration.seconds(5)
        /// The greatest age of addresses that are used while a look-up hangs or fails temporarily.
        package var keepsOld = Duration.seconds(600)
        /// How long a look-up may take before earlier addresses are used.
        package var patience = Duration.seconds(1)

        /// The defaults.
        package init() {}

        /// Names of one organization that wait.
        var namesWaitingPerOrganization: Int { max(1, namesWaiting / 4) }
        /// The same with those whose names had addresses before: names that hang do not delay their next look-up.
        var namesWaitingPerOrganizationWithKnown: Int { namesWaitingPerOrganization + namesWaitingPerOrganization / 4 }
        /// Look-ups of one organization at one time, with those of names that had addresses before.
        var perOrganizationWithKnown: Int { perOrganization + max(1, perOrganization / 4) }
        /// Threads for organizations without a running look-up.
        var reservedThreads: Int { threads / 4 }
    }

    /// One blocking look-up: the addresses, or why there are none. Injectable so that a test can make a name hang.
    package typealias LookUp = @Sendable (_ name: String) -> Found

    /// The result of one blocking look-up.
    package enum Found: Hashable, Sendable {
        /// The addresses of the name, in the order of the system; at least one.
        case addresses([NetworkAddress])
        /// There are none; `isForNow` if the failure is temporary and no answer about the name.
        case none(reason: String, isForNow: Bool = false)
    }

    /// A waiting caller, and the timer for its time limit.
    private struct Waiter {
        let continuation: CheckedContinuation<Resolution, Never>
        let clock: Task<Void, any Error>

        func resume(returning resolution: Resolution) {
            clock.cancel()
            continuation.resume(returning: resolution)
        }
    }

    /// A name that is being looked up, or waits for it.
    private struct Asked {
        var waiters: [UInt64: Waiter] = [:]
        /// The owners whose queues contain it.
        var owners: Set<LookUpTurns.Owner> = []
        let since = ContinuousClock.now
        var isRunning = false
    }

    /// What is remembered about a name.
    private struct Known {
        var found: Found
        var until: ContinuousClock.Instant
        /// The last addresses that were found, and when.
        var last: (addresses: [NetworkAddress], at: ContinuousClock.Instant)?
    }

    private struct State {
        var known: [String: Known] = [:]
        var asked: [String: Asked] = [:]
        var turns: LookUpTurns
        var threads = 0
        var nextWaiter: UInt64 = 0

        /// A name has left the queue of an owner without a look-up.
        mutating func forget(_ name: String, askedBy owner: LookUpTurns.Owner) {
            guard var entry = asked[name], !entry.isRunning else { return }
            entry.owners.remove(owner)
            asked[name] = entry.owners.isEmpty ? nil : entry
        }
    }

    private let limits: Limits
    private let lookUp: LookUp
    private let state: Mutex<State>
    private let refused = Counter(label: "gatehouse_lookups_refused")

    /// Makes a resolver; threads start when there is something to look up and end when there is nothing left.
    package init(limits: Limits = Limits(), lookUp: @escaping LookUp = SystemResolver.getAddresses) {
        self.limits = limits
        self.lookUp = lookUp
        self.state = Mutex(State(turns: LookUpTurns(limits)))
    }

    /// Answers from memory, joins a running look-up, or starts one, and returns at the latest when the time is up.
    package func resolve(
        _ name: String, for organization: OrganizationID?, within timeout: Duration
    ) async -> Resolution {
        await withCheckedContinuation { continuation in
            if let now = answerNow(name, for: organization, within: timeout, continuation) {
                continuation.resume(returning: now)
            }
        }
    }

    /// The answer that is available at once; nil if the continuation was stored for later.
    private func answerNow(
        _ name: String, for owner: LookUpTurns.Owner, within timeout: Duration,
        _ continuation: CheckedContinuation<Resolution, Never>
    ) -> Resolution? {
        let (answer, starts) = state.withLock { state -> (Resolution?, Bool) in
            let now = ContinuousClock.now
            let old = oldAnswer(name, state, now)
            if let known = state.known[name], known.until > now {
                return (Self.resolution(known.found, validFor: known.until - now, old: old), false)
            }
            if let reason = queue(name, for: owner, &state) {
                refused.increment()
                return (old ?? .unknown(reason: reason), false)
            }
            let starts = state.threads < limits.threads && state.turns.hasNext
            if starts { state.threads += 1 }
            if let old, let asked = state.asked[name], now - asked.since >= limits.patience { return (old, starts) }
            state.nextWaiter += 1
            let number = state.nextWaiter
            let wait = old == nil ? timeout : min(timeout, limits.patience)
            let clock = Task {
                try await Task.sleep(for: wait)
                self.giveUp(number, on: name)
            }
            state.asked[name]?.waiters[number] = Waiter(continuation: continuation, clock: clock)
            return (nil, starts)
        }
        if starts, !startThread() { threadFailed() }
        return answer
    }

    /// Ensures that the name is also looked up for this owner, if no look-up is running. Returns the bound that
    /// prevents it; nil if the name is looked up, for this or another owner.
    private func queue(_ name: String, for owner: LookUpTurns.Owner, _ state: inout State) -> String? {
        let present = state.asked[name]
        if let present, present.isRunning || present.owners.contains(owner) { return nil }
        guard present != nil || state.asked.count < limits.namesWaiting else {
            return "too many names wait to be looked up"
        }
        guard state.turns.add(name, for: owner, isKnown: state.known[name]?.last != nil) else {
            return present == nil ? "too many names of this organization wait to be looked up" : nil
        }
        state.asked[name, default: Asked()].owners.insert(owner)
        return nil
    }

    /// The earlier addresses of the name, if they are recent enough; for one use, so that the next call asks again.
    private func oldAnswer(_ name: String, _ state: State, _ now: ContinuousClock.Instant) -> Resolution? {
        guard let last = state.known[name]?.last, now - last.at <= limits.keepsOld else { return nil }
        return .addresses(last.addresses, validFor: .zero)
    }

    private func giveUp(_ number: UInt64, on name: String) {
        let (waiter, old) = state.withLock { state in
            (state.asked[name]?.waiters.removeValue(forKey: number), oldAnswer(name, state, .now))
        }
        waiter?.resume(returning: old ?? .timedOut)
    }

    /// Looks up queued names until there are none, then ends the thread.
    private func work() {
        while let turn = nextTurn() {
            let found = lookUp(turn.name)
            let (waiters, resolution) = state.withLock { state in
                state.turns.end(turn)
                let asked = state.asked.removeValue(forKey: turn.name)
                return (asked?.waiters ?? [:], remember(found, of: turn.name, &state))
            }
            for waiter in waiters.values { waiter.resume(returning: resolution) }
        }
    }

    private func nextTurn() -> LookUpTurns.Turn? {
        state.withLock { state in
            while let turn = state.turns.next() {
                // Another owner's turn came first, or all callers have given up and got no earlier addresses.
                if let asked = state.asked[turn.name], !asked.isRunning,
                    !asked.waiters.isEmpty || state.known[turn.name]?.last != nil
                {
                    state.asked[turn.name]?.isRunning = true
                    return turn
                }
                state.turns.end(turn)
                state.forget(turn.name, askedBy: turn.owner)
            }
            state.threads -= 1
            return nil
        }
    }

    /// Stores the result, and returns the answers for the waiting callers.
    private func remember(_ found: Found, of name: String, _ state: inout State) -> Resolution {
        let now = ContinuousClock.now
        let old = oldAnswer(name, state, now)
        if state.known.count >= limits.namesKept { forgetSome(&state, now) }
        var known = Known(found: found, until: now + limits.keepsFailed, last: state.known[name]?.last)
        switch found {
        case .addresses(let addresses):
            known.until = now + limits.keepsFound
            known.last = (addresses, now)
        case .none(_, let isForNow):
            if !isForNow { known.last = nil }
        }
        state.known[name] = known
        return Self.resolution(found, validFor: limits.keepsFound, old: old)
    }

    /// Drops expired entries, or everything if that frees nothing: a cache may forget.
    private func forgetSome(_ state: inout State, _ now: ContinuousClock.Instant) {
        let keepsOld = limits.keepsOld
        state.known = state.known.filter {
            $0.value.until > now || $0.value.last.map { now - $0.at <= keepsOld } ?? false
        }
        if state.known.count >= limits.namesKept { state.known = state.known.filter { $0.value.until > now } }
        if state.known.count >= limits.namesKept { state.known.removeAll(keepingCapacity: true) }
    }

    /// - Parameter old: the answer in place of a failure that says nothing about the name.
    private static func resolution(_ found: Found, validFor: Duration, old: Resolution?) -> Resolution {
        switch found {
        case .addresses(let addresses): .addresses(addresses, validFor: validFor)
        case .none(let reason, let isForNow): isForNow ? old ?? .unknown(reason: reason) : .unknown(reason: reason)
        }
    }

    /// Starts one detached thread; false if the system has none left.
    private func startThread() -> Bool {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 512 << 10)
        let held = Unmanaged.passRetained(self)
        #if canImport(Glibc)
            var thread = pthread_t()
        #else
            var thread: pthread_t?
        #endif
        let code = pthread_create(&thread, &attributes, Self.threadBody, held.toOpaque())
        if code != 0 { held.release() }
        return code == 0
    }

    #if canImport(Glibc)
        private static let threadBody: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { held in
            if let held { Unmanaged<SystemResolver>.fromOpaque(held).takeRetainedValue().work() }
            return nil
        }
    #else
        private static let threadBody: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = { held in
            Unmanaged<SystemResolver>.fromOpaque(held).takeRetainedValue().work()
            return nil
        }
    #endif

    /// Without a thread the waiting callers would never get an answer, so they get a failure now.
    private func threadFailed() {
        let stranded = state.withLock { state -> [Waiter] in
            state.threads -= 1
            guard state.threads == 0 else { return [] }
            return state.turns.drain().flatMap { name in (state.asked.removeValue(forKey: name)?.waiters ?? [:]).values
            }
        }
        for waiter in stranded {
            waiter.resume(returning: .unknown(reason: "no thread could be started for look-ups"))
        }
    }
}
