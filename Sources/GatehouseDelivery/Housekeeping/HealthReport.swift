internal import GatehouseCore
internal import Logging

/// The report about one subscription, as an event and as a log line.
struct HealthReport {
    let subscription: Subscription
    let health: SubscriptionHealth
    let change: HealthNews.Change
    let death: Death?

    /// A dead delivery, the last of several.
    struct Death {
        let delivery: Delivery
        let kind: Kind?
        let last: Outcome?
        let count: Int

        /// Why it is dead.
        var reason: String? {
            switch delivery.state {
            case .dead(let reason): reason.rawValue
            case .cancelled(let reason): reason.rawValue
            case .leased, .delivered, .waiting: nil
            }
        }
    }

    var kind: Kind {
        switch change {
        case .failing, .waiting: .subscriptionFailing
        case .recovered: .subscriptionRecovered
        case .died: .deliveryDead
        }
    }

    var level: Logger.Level {
        switch change {
        case .failing, .waiting, .died(_, _, .normal): .warning
        case .recovered: .info
        case .died(_, _, .urgent): .error
        }
    }

    var sentence: Logger.Message {
        switch change {
        case .failing, .waiting: "subscription failing"
        case .recovered: "subscription recovered"
        case .died: "deliveries given up"
        }
    }

    /// The reason for the report, in our own words: the receiver's words may contain anything.
    var reason: String {
        switch change {
        case .failing: "\(HealthRule.failures) attempts in a row failed"
        case .waiting: "an urgent delivery waits for more than \(HealthRule.urgentPatience.microseconds / 1_000_000) s"
        case .recovered: "the last attempt succeeded"
        case .died(_, 1, _): "a delivery was given up"
        case .died(_, let count, _): "\(count) deliveries were given up"
        }
    }

    var line: Logger.Metadata {
        var line: Logger.Metadata = [
            "subscription": "\(subscription.id)", "organization": "\(subscription.organization)",
            "dialect": "\(subscription.terms.dialect)", "host": "\(subscription.terms.url.host)", "reason": "\(reason)",
            "waiting": "\(health.waitingCount)", "dead": "\(health.deadCount)",
        ]
        if let outcome = health.lastOutcome { line["outcome"] = "\(outcome)" }
        if let status = health.lastStatus { line["status"] = "\(status)" }
        if let death {
            line["delivery"] = "\(death.delivery.id)"
            line["event"] = "\(death.delivery.event)"
            line["lane"] = "\(death.delivery.lane.name)"
            line["count"] = "\(death.count)"
        }
        return line
    }

    func event(
        in directory: Directory, at now: Instant, using random: inout some RandomNumberGenerator
    ) -> AdmittedEvent {
        var data = JSONObject([JSONObject.Member("subscription", .object(about))])
        if let death { data["delivery"] = .object(block(of: death)) }
        return AdmittedEvent.own(
            kind, of: subscription.organization, data: data, in: directory, at: now, using: &random)
    }

    private var about: JSONObject {
        var block = Raising.block(about: subscription, reason)
        let since: Instant? = if case .waiting(let since) = change { since } else { health.since }
        block["since"] = since.map { .string(RFC3339.text($0)) }
        block["failures"] = .integer(health.consecutiveFailures)
        block["waiting"] = .integer(health.waitingCount)
        block["dead"] = .integer(health.deadCount)
        block["outcome"] = health.lastOutcome.map { .string($0) }
        block["status"] = health.lastStatus.map { .integer($0) }
        return block
    }

    private func block(of death: Death) -> JSONObject {
        var block = JSONObject([
            JSONObject.Member("id", .string(death.delivery.id.description)),
            JSONObject.Member("event", .string(death.delivery.event.description)),
        ])
        block["kind"] = death.kind.map { .string($0.name) }
        block["lane"] = .string(death.delivery.lane.name)
        block["attempts"] = .integer(death.delivery.attempts)
        block["outcome"] = death.last.map { .string($0.word) }
        block["status"] = death.last?.status.map { .integer($0) }
        block["reason"] = death.reason.map { .string($0) }
        block["count"] = .integer(death.count)
        return block
    }
}
