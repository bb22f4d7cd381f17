import DequeModule
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Looks names up with the system's resolver on a few threads of its own, because `getaddrinfo` blocks and cannot be
/// stopped.
///
/// One look-up a name at a time, which everybody who asks meanwhile joins; each waits at most their own time. A look-up
/// that hangs holds one of the threads and makes only those wait who asked for that name. Found addresses are kept for
/// a minute at most, failures for five seconds.
public final class SystemResolver: NameResolver {
    /// The bounds, each with a name.
    public struct Limits: Sendable {
        /// Look-ups at one time, each on a thread.
        public var threads = 32
        /// Names that are looked up or wait for it; more are turned away.
        public var namesWaiting = 1024
        /// Names remembered.
        public var namesKept = 4096
        /// How long found addresses are relied on.
        public var keepsFound = Duration.seconds(60)
        /// How long a failure is relied on.
        public var keepsFailed = Duration.seconds(5)

        /// The defaults.
        public init() {}
    }

    /// One blocking look-up: the addresses, or why there are none. Injectable so that a test can make a name hang.
    public typealias LookUp = @Sendable (_ name: String) -> Found

    /// What one blocking look-up came to.
    public enum Found: Hashable, Sendable {
        case addresses([NetworkAddress])
        case none(reason: String)
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

    private struct State {
        var kept: [String: (found: Found, until: ContinuousClock.Instant)] = [:]
        var waiters: [String: [UInt64: Waiter]] = [:]
        var queued: Deque<String> = []
        var threads = 0
        var nextWaiter: UInt64 = 0
    }

    private let limits: Limits
    private let lookUp: LookUp
    private let state = Mutex(State())

    /// Makes a resolver; threads start when there is something to look up and end when there is not.
    public init(limits: Limits = Limits(), lookUp: @escaping LookUp = SystemResolver.getAddresses) {
        self.limits = limits
        self.lookUp = lookUp
    }

    /// Answers from what is kept, joins a look-up under way, or starts one, and gives up when the time is up.
    public func resolve(_ name: String, within timeout: Duration) async -> Resolution {
        await withCheckedContinuation { continuation in
            if let now = answerNow(name, within: timeout, continuation) { continuation.resume(returning: now) }
        }
    }

    /// What can be said at once; nil where the continuation was kept for later.
    private func answerNow(
        _ name: String, within timeout: Duration, _ continuation: CheckedContinuation<Resolution, Never>
    ) -> Resolution? {
        let (answer, starts) = state.withLock { state -> (Resolution?, Bool) in
            let now = ContinuousClock.now
            if let kept = state.kept[name], kept.until > now {
                return (Self.resolution(kept.found, validFor: kept.until - now), false)
            }
            let isAsked = state.waiters[name] != nil
            guard isAsked || state.waiters.count < limits.namesWaiting else {
                return (.unknown(reason: "too many names wait to be looked up"), false)
            }
            state.nextWaiter += 1
            let number = state.nextWaiter
            let clock = Task {
                try await Task.sleep(for: timeout)
                self.giveUp(number, on: name)
            }
            state.waiters[name, default: [:]][number] = Waiter(continuation: continuation, clock: clock)
            if isAsked { return (nil, false) }
            state.queued.append(name)
            guard state.threads < limits.threads else { return (nil, false) }
            state.threads += 1
            return (nil, true)
        }
        if starts, !startThread() { threadFailed() }
        return answer
    }

    private func giveUp(_ number: UInt64, on name: String) {
        let waiter = state.withLock { $0.waiters[name]?.removeValue(forKey: number) }
        waiter?.resume(returning: .timedOut)
    }

    /// Looks up what is queued until nothing is, then lets the thread end.
    private func work() {
        while let name = nextName() {
            let found = lookUp(name)
            let waiting = state.withLock { state in
                let keeps: Duration
                switch found {
                case .addresses: keeps = limits.keepsFound
                case .none: keeps = limits.keepsFailed
                }
                if state.kept.count >= limits.namesKept { Self.forget(&state, limit: limits.namesKept) }
                state.kept[name] = (found, .now + keeps)
                return state.waiters.removeValue(forKey: name) ?? [:]
            }
            let resolution = Self.resolution(found, validFor: limits.keepsFound)
            for waiter in waiting.values { waiter.resume(returning: resolution) }
        }
    }

    private func nextName() -> String? {
        state.withLock { state in
            if let name = state.queued.popFirst() { return name }
            state.threads -= 1
            return nil
        }
    }

    /// Drops what is past its time, or everything where that frees nothing: a cache may forget.
    private static func forget(_ state: inout State, limit: Int) {
        let now = ContinuousClock.now
        state.kept = state.kept.filter { $0.value.until > now }
        if state.kept.count >= limit { state.kept.removeAll(keepingCapacity: true) }
    }

    private static func resolution(_ found: Found, validFor: Duration) -> Resolution {
        switch found {
        case .addresses(let addresses): .addresses(addresses, validFor: validFor)
        case .none(let reason): .unknown(reason: reason)
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
            let names = state.queued
            state.queued.removeAll()
            return names.flatMap { name in (state.waiters.removeValue(forKey: name) ?? [:]).values }
        }
        for waiter in stranded {
            waiter.resume(returning: .unknown(reason: "no thread could be started to look names up"))
        }
    }
}
