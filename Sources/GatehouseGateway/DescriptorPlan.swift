#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// How the process's file descriptors are divided: between callers' connections, deliveries' connections, and the store
/// and everything else. The three together are the limit, so that none can take another's.
struct DescriptorPlan: Hashable, Sendable {
    /// How many descriptors the process may have.
    let limit: Int
    /// How many connections callers may hold open.
    let inbound: Int
    /// How many connections deliveries may hold open.
    let outbound: Int
    /// How many names may be looked up at once.
    let lookUps: Int
    /// Whether the limit is so low that the rest has less than it needs.
    let isShort: Bool

    /// Divides a limit.
    ///
    /// - Parameters:
    ///   - connections: how many callers are to have; nil for half. It is reduced if the others would have too few.
    ///   - deliveries: how many are reserved for deliveries at least; nil for a quarter.
    ///   - needs: the needs of the rest. It gets at least a sixteenth; if it needs more than a quarter, fewer names are
    ///     looked up at once.
    init(limit: Int, connections: Int?, deliveries: Int?, needs: DescriptorNeeds) {
        self.limit = limit
        self.lookUps = needs.lookUps(within: limit / 4)
        let needed = needs.count(lookUps: lookUps)
        let rest = min(max(needed, limit / 16), limit / 2)
        self.isShort = rest < needed
        let kept = min(deliveries ?? limit / 4, limit / 2)
        self.inbound = max(1, min(connections ?? limit / 2, limit - rest - kept))
        self.outbound = max(1, limit - inbound - rest)
    }

    /// Raises the process's limit as far as the system allows, at most to `most`, and returns the new limit.
    static func raiseLimit(upTo most: Int) -> Int {
        var limits = rlimit()
        guard getrlimit(resource, &limits) == 0 else { return assumed }
        let wanted = min(limits.rlim_max, rlim_t(most))
        if limits.rlim_cur < wanted {
            var raised = limits
            raised.rlim_cur = wanted
            if setrlimit(resource, &raised) == 0 { limits = raised }
        }
        return Int(clamping: limits.rlim_cur)
    }

    /// The limit that is assumed if the system gives none: the usual one.
    private static let assumed = 1024

    #if canImport(Glibc)
        private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let resource = RLIMIT_NOFILE
    #endif
}
