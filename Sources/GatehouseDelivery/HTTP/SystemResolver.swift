public import GatehouseCore
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
/// One look-up a name at a time, which everybody who asks meanwhile joins; each waits at most their own time.
/// Organizations take turns, each has at most its share of the threads and of the queue (``LookUpTurns``), and a
/// look-up that hangs holds a thread of that share: other organizations do not notice.
///
/// Found addresses are relied on for a minute, failures for five seconds. While a name hangs or cannot be looked up
/// just now, the addresses that it had are given until they are ten minutes old, for one use at a time, so that the
/// guard judges them at each use.
public final class SystemResolver: NameResolver {
    /// The bounds, each with a name.
    public struct Limits: Sendable {
        /// Look-ups at one time, each on a thread.
        public var threads = 32
        /// Look-ups of one organization at one time: a quarter of the threads.
        public var perOrganization = 8
        /// Names that are looked up or wait for it; more are turned away.
        public var namesWaiting = 1024
        /// Names remembered.
        public var namesKept = 4096
        /// How long found addresses are relied on.
        public var keepsFound = Duration.seconds(60)
        /// How long a failure is relied on.
        public var keepsFailed = Duration.seconds(5)
        /// How old addresses may be that are used while a look-up hangs or fails for a time.
        public var keepsOld = Duration.seconds(600)
        /// How long a look-up may take before old addresses are used.
        public var patience = Duration.seconds(1)

        /// The defaults.
        public init() {}

        /// Names of one organization that wait.
        var namesWaitingPerOrganization: Int { max(1, namesWaiting / 4) }
        /// Threads for organizations that have no look-up under way.
        var reservedThreads: Int { threads / 4 }
    }

    /// One blocking look-up: the addresses, or why there are none. Injectable so that a test can make a name hang.
    public typealias LookUp = @Sendable (_ name: String) -> Found

    /// What one blocking look-up came to.
    public enum Found: Hashable, Sendable {
        case addresses([NetworkAddress])
        /// There are none; `isForNow` where that is no answer about the name, and it may be different soon.
        case none(reason: String, isForNow: Bool = false)
    }

    /// Somebody who asked, and the clock that will tell them that their time is up.
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
        /// Those in whose queues it stands.
        var owners: Set<LookUpTurns.Owner> = []
        let since = ContinuousClock.now
        var isRunning = false
    }

    /// What is remembered of a name.
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

        /// A name has left the queue of an owner without being looked up.
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

    /// Makes a resolver; threads start when there is something to look up and end when there is not.
    public init(limits: Limits = Limits(), lookUp: @escaping LookUp = SystemResolver.getAddresses) {
        self.limits = limits
        self.lookUp = lookUp
        self.state = Mutex(State(turns: LookUpTurns(limits)))
    }

    /// Answers from what is kept, joins a look-up under way, or starts one, and gives up when the time is up.
    public func resolve(
        _ name: String, for organization: OrganizationID?, within timeout: Duration
    ) async -> Resolution {
        await withCheckedContinuation { continuation in
            if let now = answerNow(name, for: organization, within: timeout, continuation) {
                continuation.resume(returning: now)
            }
        }
    }

    /// What can be said at once; nil where the continuation was kept for later.
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

    /// Sees to it that the name is looked up on the owner's account too, where it is not under way. Returns which bound
    /// is against it; nil where the name is looked up, on whose account ever.
    private func queue(_ name: String, for owner: LookUpTurns.Owner, _ state: inout State) -> String? {
        let present = state.asked[name]
        if let present, present.isRunning || present.owners.contains(owner) { return nil }
        guard present != nil || state.asked.count < limits.namesWaiting else {
            return "too many names wait to be looked up"
        }
        guard state.turns.add(name, for: owner) else {
            return present == nil ? "too many names of this organization wait to be looked up" : nil
        }
        state.asked[name, default: Asked()].owners.insert(owner)
        return nil
    }

    /// What the name had, where that is young enough; for one use, so that the next one asks again.
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

    /// Looks up what is queued until nothing is, then lets the thread end.
    private func work() {
        while let (name, owner) = nextName() {
            let found = lookUp(name)
            let (waiters, resolution) = state.withLock { state in
                state.turns.end(owner)
                return (state.asked.removeValue(forKey: name)?.waiters ?? [:], remember(found, of: name, &state))
            }
            for waiter in waiters.values { waiter.resume(returning: resolution) }
        }
    }

    private func nextName() -> (name: String, owner: LookUpTurns.Owner)? {
        state.withLock { state in
            while let (name, owner) = state.turns.next() {
                // Another owner's turn has come first, or all who asked have given up and got nothing old instead.
                if let asked = state.asked[name], !asked.isRunning,
                    !asked.waiters.isEmpty || state.known[name]?.last != nil
                {
                    state.asked[name]?.isRunning = true
                    return (name, owner)
                }
                state.turns.end(owner)
                state.forget(name, askedBy: owner)
            }
            state.threads -= 1
            return nil
        }
    }

    /// Keeps what was found, and says what those who waited are told.
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

    /// Drops what is past its time, or everything where that frees nothing: a cache may forget.
    private func forgetSome(_ state: inout State, _ now: ContinuousClock.Instant) {
        let keepsOld = limits.keepsOld
        state.known = state.known.filter {
            $0.value.until > now || $0.value.last.map { now - $0.at <= keepsOld } ?? false
        }
        if state.known.count >= limits.namesKept { state.known = state.known.filter { $0.value.until > now } }
        if state.known.count >= limits.namesKept { state.known.removeAll(keepingCapacity: true) }
    }

    /// - Parameter old: what is told in place of a failure that says nothing of the name.
    private static func resolution(_ found: Found, validFor: Duration, old: Resolution?) -> Resolution {
        switch found {
        case .addresses(let addresses): .addresses(addresses, validFor: validFor)
        case .none(let reason, let isForNow): isForNow ? old ?? .unknown(reason: reason) : .unknown(reason: reason)
        }
    }

    /// Starts one detached thread; false where the system has none to give.
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

    /// Without a single thread nobody would ever answer those who wait, so they are told now.
    private func threadFailed() {
        let stranded = state.withLock { state -> [Waiter] in
            state.threads -= 1
            guard state.threads == 0 else { return [] }
            return state.turns.drain().flatMap { name in (state.asked.removeValue(forKey: name)?.waiters ?? [:]).values
            }
        }
        for waiter in stranded {
            waiter.resume(returning: .unknown(reason: "no thread could be started to look names up"))
        }
    }
}
