/// Something about a subscription that an operator should see to.
///
/// The one rule of what needs attention: the status tells each in a sentence, and probes count the subscriptions that
/// have any.
public enum Trouble: Hashable, Sendable {
    /// Its receiver said that it is gone.
    case disabled
    /// It is paused, and urgent deliveries wait for it.
    case pausedWithAlarms
    /// Its attempts fail, or an urgent delivery waits for too long.
    case failing
    /// Its attempts succeed, and deliveries wait for longer than ``patience`` all the same.
    case slow
    /// Deliveries were given up.
    case gaveUp
    /// It came to its end while deliveries were owed to it.
    case ended
    /// It asks for alarms that its contract cannot tell.
    case untold(UntoldAlarms)
    /// It asks for doors or panels that were deleted.
    case missing(Subscription.Missing)

    /// How long a delivery may wait where its subscription neither fails nor is held.
    public static let patience = Duration.seconds(3600)
}

extension Subscription {
    /// What an operator should see to, by how its deliveries fare; empty where all is well.
    ///
    /// - Parameters:
    ///   - health: as the store tells it; nil where the store does not know the subscription.
    ///   - untold: the alarms of the last ``UntoldAlarms/memory`` that it was not told.
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

    /// Why nothing or not enough goes out; nil where it fares well, and where nothing is to go out any more.
    private func standing(_ health: SubscriptionHealth, at now: Instant) -> Trouble? {
        guard isActive, !hasExpired(at: now) else { return nil }
        switch hold {
        case .disabled: return .disabled
        case .paused: return health.waiting[.urgent] ?? 0 > 0 ? .pausedWithAlarms : nil
        case .none: return health.isFailing ? .failing : isSlow(health, at: now) ? .slow : nil
        }
    }

    /// The oldest delivery may be a dead one, so a subscription that has dead ones is not called slow.
    private func isSlow(_ health: SubscriptionHealth, at now: Instant) -> Bool {
        guard health.state(of: self, at: now) == .ok, health.waitingCount > 0, health.deadCount == 0,
            let oldest = health.oldest
        else { return false }
        return oldest + Trouble.patience <= now
    }
}
