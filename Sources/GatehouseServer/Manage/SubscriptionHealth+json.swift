internal import GatehouseCore

extension JSONObject {
    /// A subscription with its health, if it is known.
    func with(_ health: SubscriptionHealth?, of subscription: Subscription, at now: Instant) -> JSONObject {
        guard let health else { return self }
        var object = self
        object["health"] = .object(health.json(of: subscription, at: now))
        return object
    }
}

extension SubscriptionHealth {
    /// The health as the native API answers it. There is no next attempt while nothing is sent.
    func json(of subscription: Subscription, at now: Instant) -> JSONObject {
        let state = state(of: subscription, at: now)
        var object = JSONObject()
        object["state"] = .string(state.rawValue)
        object["since"] = .time(since)
        let isOpen = state != .held && state != .idle
        object["resting"] = .bool(isOpen && restsUntil != nil)
        object["nextTry"] = .time(isOpen ? nextTry.map { max($0, restsUntil ?? $0) } : nil)
        object["consecutiveFailures"] = .integer(consecutiveFailures)
        object["lastDelivered"] = .time(lastDelivered)
        object["lastOutcome"] =
            lastOutcome.map { outcome in
                ["outcome": .string(outcome), "status": lastStatus.map { .integer($0) } ?? .null]
            } ?? .null
        object["waiting"] = .integer(waitingCount)
        object["dead"] = .integer(deadCount)
        object["oldest"] = .time(oldest)
        object["dropped"] = .integer(dropped)
        object["cancelled"] = .integer(cancelled)
        return object
    }
}

extension JSON {
    fileprivate static func time(_ instant: Instant?) -> JSON {
        instant.map { .string(RFC3339.text($0)) } ?? .null
    }
}
