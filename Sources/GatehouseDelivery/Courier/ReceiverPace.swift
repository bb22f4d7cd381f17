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
    static let patience = HealthRule.patience
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
    private var urgentFrom: Instant?
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

    func rests(at now: Instant) -> Bool { restsUntil.map { now < $0 } ?? false }

    /// Whether an urgent request may be made, also during a rest: thousands of urgent deliveries to a receiver that
    /// refuses must not keep the gateway busy either.
    func takesUrgent(at now: Instant) -> Bool { !rests(at: now) || now >= urgentFrom ?? now }

    /// Notes that a request succeeded.
    mutating func succeed() {
        hasSucceeded = true
        failures = 0
        (restsUntil, rest, urgentFrom) = (nil, nil, nil)
        requestsAtOnce = min(requestsAtOnce + 1, Self.most)
    }

    /// Notes that a request failed. One that began before the end of the present rest does not prolong it: it was under
    /// way already, or was an urgent one.
    mutating func fail(started: Instant, at now: Instant) {
        failures += 1
        requestsAtOnce = max(1, requestsAtOnce / 2)
        guard failures >= Self.patience else { return }
        urgentFrom = now + Self.urgentPause
        guard started >= restsUntil ?? started else { return }
        rest = rest.map { min($0 * 2, Self.longestRest) } ?? Self.shortestRest
        restsUntil = now + (rest ?? Self.shortestRest)
        requestsAtOnce = 1
    }

    /// Ends the rest, because the subscription was changed or an operator asked for a retry: the next request is made
    /// at once.
    mutating func endRest(at now: Instant) {
        if let restsUntil, now < restsUntil { self.restsUntil = now }
        urgentFrom = nil
    }
}
