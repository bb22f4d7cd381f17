internal import GatehouseCore

extension Attention {
    /// An item about a trouble of a subscription, with the first thing to do.
    init(about subscription: Subscription, _ trouble: Trouble, _ health: SubscriptionHealth) {
        self.init(
            "subscriptions/\(subscription.id)", Self.sentence(about: subscription, trouble, health),
            next: Self.step(trouble), of: subscription.id.text)
        let waiting = health.waiting[.urgent] ?? 0
        isUrgent = waiting > 0
        switch trouble {
        case .disabled: (since, count) = (health.since, health.waitingCount)
        case .pausedWithAlarms: (since, count) = (health.oldest, waiting)
        case .failing: (since, count) = (health.since, health.consecutiveFailures)
        case .slow: (since, count) = (health.oldest, health.waitingCount)
        case .gaveUp: (since, count, isUrgent) = (health.oldest, health.exhausted, health.dead[.urgent] ?? 0 > 0)
        case .ended: (count, isUrgent) = (health.ended, false)
        case .missing(let missing): (count, isUrgent) = (missing.count, false)
        case .untold(let untold):
            (since, count, isUrgent) = (untold.first, untold.count, true)
            self.untold = untold
        }
    }

    private static func step(_ trouble: Trouble) -> NextStep {
        switch trouble {
        case .disabled, .pausedWithAlarms: .resumeSubscription
        case .failing: .testSubscription
        case .gaveUp: .listDead
        case .slow, .ended, .untold, .missing: .showSubscription
        }
    }

    private static func sentence(
        about subscription: Subscription, _ trouble: Trouble, _ health: SubscriptionHealth
    ) -> String {
        let name = subscription.terms.name
        switch trouble {
        case .disabled: return "\(name) is disabled: its receiver said that it is gone"
        case .pausedWithAlarms: return "\(name) is paused, and urgent deliveries wait for it"
        case .failing: return failing(name, health)
        case .slow: return "\(name) has deliveries that wait for more than an hour: its receiver may be too slow"
        case .gaveUp: return "\(name) has deliveries that were given up: retry or cancel them"
        case .ended:
            return "\(name) ended while deliveries were owed to it: set a later expiresAt and replay those hours, or "
                + "delete it"
        case .untold(let untold):
            return "\(name) was not told \(untold.kind.name): the contract \(subscription.terms.dialect) requires "
                + "\(untold.lacking.joined(separator: ", ")), and the event has nothing for it; the last one at "
                + RFC3339.text(untold.last)
        case .missing(let missing): return sentence(name, missing)
        }
    }

    private static func failing(_ name: String, _ health: SubscriptionHealth) -> String {
        guard health.consecutiveFailures > 0 else { return "\(name) is failing: an urgent delivery waits for too long" }
        let status = health.lastStatus.map { " (\($0))" } ?? ""
        let last = health.lastOutcome.map { ", the last one: \($0)\(status)" } ?? ""
        return "\(name) is failing: \(health.consecutiveFailures) attempts in a row failed\(last)"
    }

    /// The largest number of names in a sentence.
    private static let mostNames = 5

    private static func sentence(_ name: String, _ missing: Subscription.Missing) -> String {
        let asked = [("doors", missing.doors.map(\.text)), ("panels", missing.panels.map(\.text))].compactMap {
            what, names -> String? in
            guard !names.isEmpty else { return nil }
            let more = names.count > mostNames ? " and \(names.count - mostNames) more" : ""
            return "\(what) that are not there: \(names.prefix(mostNames).joined(separator: ", "))\(more)"
        }
        let hears = missing.isAll ? "nothing of any that it asks for" : "nothing of these"
        return "\(name) asks for \(asked.joined(separator: ", and for ")); it is told \(hears): change what it asks "
            + "for, or make them again"
    }
}
