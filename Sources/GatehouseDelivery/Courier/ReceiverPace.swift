internal import GatehouseCore

/// How many requests a receiver is sent at once, by the results of the last ones.
///
/// A receiver starts with two requests at once. Each success adds one; each failure halves them. After five failures in
/// a row the receiver rests: for one second at first, and twice as long after each request that fails when the rest is
/// over, up to a minute. Then it is asked with one request. A success ends the rest. So a receiver that hangs or
/// refuses costs little, however many deliveries wait for it, and one that recovers soon has its whole pace again.
struct ReceiverPace: Hashable, Sendable {
    /// Requests at once before the first result.
    static let atFirst = 2
    /// The highest pace; a subscription's own bound is lower.
    static let most = 1024
    /// How many failures in a row begin a rest.
    static let patience = HealthRule.failuresBeforeRest
    static let shortestRest = Duration.seconds(1)
    static let longestRest = Duration.seconds(60)
    /// How long after a failure the next urgent request is made during a rest.
    static let urgentPause = Duration.seconds(1)

    /// How a receiver is doing, for the shares of what all receivers use together.
    enum Standing: Hashable, Sendable {
        /// Its last request succeeded.
        case well
        /// It has no result yet, or its last request failed.
        case unproven
        /// It rests, or is asked with one request after a rest.
        case probed
    }

    /// How many requests it may be sent at once while it does not rest, from 1.
    private(set) var requestsAtOnce: Int
    /// How many requests have failed since the last success.
    private(set) var failures = 0
    /// When its last rest ends, which may be past; nil if it has not rested since its last success.
    private(set) var restsUntil: Instant?
    private var rest: Duration?
    /// When the next urgent request may be made during a rest.
    private var urgentFrom: Instant?
    /// Since when an urgent request of a rest is under way.
    private var urgentSince: Instant?
    private var hasSucceeded = false

    init(atFirst: Int = Self.atFirst) { requestsAtOnce = atFirst }

    /// The pace after a restart of the gateway, by what the store knows: a receiver that failed is asked with one
    /// request at once, because the reason may be gone; if that fails, it rests about as long as before.
    init(restoring health: SubscriptionHealth, atFirst: Int = Self.atFirst, now: Instant) {
        self.init(atFirst: atFirst)
        hasSucceeded = health.lastDelivered != nil
        guard health.consecutiveFailures > 0 else { return }
        failures = health.consecutiveFailures
        requestsAtOnce = 1
        guard failures >= Self.patience, let since = health.since, since < now else { return }
        rest = min(max((now - since) / 2, Self.shortestRest), Self.longestRest)
        restsUntil = now
    }

    var standing: Standing {
        if restsUntil != nil { return .probed }
        return failures == 0 && hasSucceeded ? .well : .unproven
    }

    /// A rest that seems longer than the longest one is over: the machine's clock was set back.
    func rests(at now: Instant) -> Bool { restsUntil.map { now < $0 && $0 - now <= Self.longestRest } ?? false }

    /// Whether an urgent request may be made, also during a rest: one at a time, and not more than one a second,
    /// because thousands of urgent deliveries to a receiver that refuses must not keep the gateway busy either.
    func takesUrgent(at now: Instant) -> Bool {
        guard rests(at: now) else { return true }
        if let urgentSince, now - urgentSince < Self.longestRest { return false }
        return now >= urgentFrom ?? now
    }

    /// Notes that an urgent request is made during the rest.
    mutating func beginUrgent(at now: Instant) { urgentSince = now }

    /// Notes that a request succeeded.
    ///
    /// - Parameter most: how many requests at once the subscription allows.
    mutating func succeed(upTo most: Int = Self.most) {
        hasSucceeded = true
        failures = 0
        (restsUntil, rest, urgentFrom, urgentSince) = (nil, nil, nil, nil)
        requestsAtOnce = max(1, min(requestsAtOnce + 1, most))
    }

    /// Notes that a request failed. One that began before the end of the present rest does not prolong it: it was under
    /// way already, or was an urgent one.
    mutating func fail(started: Instant, at now: Instant) {
        failures += 1
        requestsAtOnce = max(1, requestsAtOnce / 2)
        guard failures >= Self.patience else { return }
        urgentFrom = now + Self.urgentPause
        if let since = urgentSince, started >= since { urgentSince = nil }
        guard started >= restsUntil ?? started else { return }
        rest = rest.map { min($0 * 2, Self.longestRest) } ?? Self.shortestRest
        restsUntil = now + (rest ?? Self.shortestRest)
        requestsAtOnce = 1
    }

    /// Ends the rest, because the subscription was changed or an operator asked for a retry: the next request is made
    /// at once.
    mutating func endRest(at now: Instant) {
        if let restsUntil, now < restsUntil { self.restsUntil = now }
        (urgentFrom, urgentSince) = (nil, nil)
    }
}
