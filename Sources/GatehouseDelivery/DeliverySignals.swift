internal import GatehouseControl
internal import GatehouseCore
internal import Logging
internal import Metrics

/// What the delivery module reports to operators: counters, durations, and one wide log line for each attempt:
/// of level `info` if it failed; of level `debug` if the receiver accepted it, because these lines are many and the
/// store has the same facts.
struct DeliverySignals: Sendable {
    let logger: Logger
    /// Here it is told that events were committed, since all of them pass.
    let notifier: any Notifier
    private let accepted = Counter(label: "gatehouse_events_accepted_total")
    private let duplicates = Counter(label: "gatehouse_events_duplicate_total")
    private let owed = Counter(label: "gatehouse_deliveries_owed_total")
    private let attempts: [String: Counter]
    private let verdicts: [String: Counter]
    private let raised: [Kind: Counter]
    private let attemptTime: Timer
    private let lag: [Lane: Timer]

    init(logger: Logger, notifier: any Notifier = LocalNotifier()) {
        self.logger = logger
        self.notifier = notifier
        self.attempts = Self.counters("gatehouse_attempts_total", "outcome", Outcome.words)
        self.verdicts = Self.counters(
            "gatehouse_verdicts_total", "verdict", ["delivered", "due-again", "gone", "dead"])
        self.raised = Dictionary(
            uniqueKeysWithValues: Catalogue.raised.kinds.map {
                ($0, Counter(label: "gatehouse_raised_total", dimensions: [("kind", $0.name)]))
            })
        self.attemptTime = Timer(label: "gatehouse_attempt_seconds")
        self.lag = Dictionary(
            uniqueKeysWithValues: Lane.allCases.map {
                ($0, Timer(label: "gatehouse_acceptance_to_receipt_seconds", dimensions: [("lane", $0.name)]))
            })
    }

    private static func counters(_ label: String, _ dimension: String, _ values: [String]) -> [String: Counter] {
        Dictionary(
            uniqueKeysWithValues: values.map { ($0, Counter(label: label, dimensions: [(dimension, $0)])) })
    }

    func tellAccepted(_ appended: [Appended]) {
        let repeated = appended.count { $0.isDuplicate }
        accepted.increment(by: appended.count - repeated)
        if repeated > 0 { duplicates.increment(by: repeated) }
        owed.increment(by: appended.reduce(0) { $0 + $1.deliveries.count })
        if repeated < appended.count { notifier.post(.eventsCommitted) }
    }

    /// Counts, by subscription, an event that the subscription asked for and the contract cannot express. An urgent
    /// event is an error: the subscription waits for alarms and gets none.
    func tell(_ unsayable: [Unsayable], of event: Event) {
        for missed in unsayable {
            let subscription = missed.subscription
            let dialect = subscription.terms.dialect.text
            Counter(
                label: "gatehouse_events_unsayable_total",
                dimensions: [
                    ("subscription", subscription.id.text), ("organization", subscription.organization.text),
                    ("dialect", dialect), ("lane", event.lane.name),
                ]
            ).increment()
            logger.log(
                level: event.lane == .urgent ? .error : .info,
                "an event cannot be delivered to a subscription: it lacks a field that the contract requires",
                metadata: [
                    "event": "\(event.id)", "kind": "\(event.kind.name)", "lane": "\(event.lane.name)",
                    "subscription": "\(subscription.id)", "organization": "\(subscription.organization)",
                    "dialect": "\(dialect)", "keys": "\(missed.keys.joined(separator: ", "))",
                ])
        }
    }

    /// Counts a raised event about deliveries, and writes it to the log.
    func tellRaised(_ kind: Kind, _ level: Logger.Level, _ sentence: Logger.Message, _ line: Logger.Metadata) {
        raised[kind]?.increment()
        logger.log(level: level, sentence, metadata: line)
    }

    func tell(_ attempt: Attempt, of job: DeliveryJob, to subscription: Subscription, _ verdict: Verdict) {
        attempts[attempt.outcome.word]?.increment()
        verdicts[verdict.word]?.increment()
        attemptTime.recordMicroseconds(attempt.duration.microseconds)
        if case .delivered = verdict {
            let waited = attempt.started + attempt.duration - job.event.received
            lag[job.lane]?.recordMicroseconds(waited.microseconds)
        }
        logger.log(
            level: attempt.outcome.isAccepted ? .debug : .info, "attempt",
            metadata: wideLine(attempt, job, subscription, verdict))
        if case .dead = verdict, Catalogue.raised.contains(job.event.kind) {
            logger.warning(
                "an event about deliveries could not be delivered",
                metadata: wideLine(attempt, job, subscription, verdict))
        }
    }

    private func wideLine(
        _ attempt: Attempt, _ job: DeliveryJob, _ subscription: Subscription, _ verdict: Verdict
    ) -> Logger.Metadata {
        var line: Logger.Metadata = [
            "delivery": "\(job.id)", "event": "\(job.event.id)", "kind": "\(job.event.kind.name)",
            "subscription": "\(subscription.id)", "organization": "\(subscription.organization)",
            "dialect": "\(subscription.terms.dialect)", "lane": "\(job.lane.name)",
            "host": "\(subscription.terms.url.host)",
            "attempt": "\(attempt.number)", "outcome": "\(attempt.outcome.word)", "verdict": "\(verdict.word)",
            "milliseconds": "\(Double(attempt.duration.microseconds) / 1000)",
        ]
        if let status = attempt.outcome.status { line["status"] = "\(status)" }
        switch verdict {
        case .delivered: break
        case .dueAgain(let at), .gone(let at): line["due"] = "\(RFC3339.text(at))"
        case .dead(let reason): line["reason"] = "\(reason.rawValue)"
        }
        if !attempt.outcome.isAccepted { line["said"] = "\(attempt.outcome.sentence)" }
        return line
    }
}

extension Verdict {
    /// One word for the verdict, for metrics and logs.
    var word: String {
        switch self {
        case .delivered: "delivered"
        case .dueAgain: "due-again"
        case .gone: "gone"
        case .dead: "dead"
        }
    }
}
