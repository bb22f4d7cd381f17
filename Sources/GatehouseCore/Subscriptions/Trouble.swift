/// A problem of a subscription that needs an operator.
///
/// This is the only rule about what needs attention: the status gives each problem in a sentence, and probes count the
/// subscriptions that have one.
public enum Trouble: Hashable, Sendable {
    /// Its receiver answered that it is gone.
    case disabled
    /// It is paused, and urgent deliveries wait for it.
    case pausedWithAlarms
    /// Its attempts fail, or an urgent delivery waits for too long.
    case failing
    /// Its attempts succeed, but deliveries wait for longer than ``patience``.
    case slow
    /// Deliveries were given up.
    case gaveUp
    /// It expired while deliveries were owed to it.
    case ended
    /// It asks for alarms that its contract cannot express.
    case untold(UntoldAlarms)
    /// It asks for doors or panels that were deleted.
    case missing(Subscription.Missing)

    /// How long a delivery may wait if its subscription neither fails nor is held.
    public static let patience = Duration.seconds(3600)
}

extension Subscription {
    /// The problems of its deliveries; empty if there are none.
    ///
    /// - Parameters:
    /// - health: the health from the store; nil if the store does not know the subscription.
    /// - untold: the alarms of the last ``UntoldAlarms/memory`` that it could not get.
    public func troubles(
        _ health: SubscriptionHealth?, untold: [UntoldAlarms], in directory: Directory, at now: Instant
    ) -> [Trouble] {
        var troubles: [Trouble] = []
        if isActive, let missing = missing(in: directory) { troubles.append(.missing(missing)) }
        guard let health else { return troubles }
        if let standing = standing(health, at: now) { troubles.append(standing) }
        if health.exhausted > 0 { troubles.append(.gaveUp) }
        if health.ended > 0 { troubles.append(.ended) }
        return troubles + untold.map { .untold($0) }
    }

    /// Why no or too few deliveries are sent; nil if it is healthy, or if nothing is to be sent any more.
    private func standing(_ health: SubscriptionHealth, at now: Instant) -> Trouble? {
        guard isActive, !hasExpired(at: now) else { return nil }
        switch hold {
        case .disabled: return .disabled
        case .paused: return health.waiting[.urgent] ?? 0 > 0 ? .pausedWithAlarms : nil
        case .none: return health.isFailing ? .failing : isSlow(health, at: now) ? .slow : nil
        }
    }

    /// The oldest delivery may be a dead one, so a subscription with dead ones does not count as slow.
    private func isSlow(_ health: SubscriptionHealth, at now: Instant) -> Bool {
        guard health.state(of: self, at: now) == .ok, health.waitingCount > 0, health.deadCount == 0,
            let oldest = health.oldest
        else { return false }
        return oldest + Trouble.patience <= now
    }
}
