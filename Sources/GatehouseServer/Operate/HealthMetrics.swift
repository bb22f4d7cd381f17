internal import GatehouseControl
internal import GatehouseCore

/// Gauges about the deliveries of each subscription. Only subscriptions that wait or fail have them, and of many only
/// the worst: the number has a setting, and those left out are counted.
struct HealthMetrics {
    let subscriptions: SubscriptionIndex
    let most: Int
    let now: Instant
    /// The organizations that the reader's key reaches; nil for all.
    let reach: Set<OrganizationID>?

    init(_ call: Call, _ subscriptions: SubscriptionIndex) {
        reach = call.key.reach(in: call.directory)
        self.subscriptions = subscriptions
        most = call.settings.metricSubscriptions
        now = call.now
    }

    /// The gauges from the store's health of all subscriptions.
    func families(_ health: [SubscriptionID: SubscriptionHealth]) -> [PrometheusFamily] {
        let said = health.compactMap { id, health in
            subscriptions[id].map { Standing(subscription: $0, health: health) }
        }
        .filter { reach?.contains($0.subscription.organization) ?? true }
        .filter { $0.health.hasFailed || $0.health.waitingCount > 0 }
        .sorted { $0.isWorse(than: $1) }
        let shown = said.prefix(most)
        return [
            MetricsPage.gauge(
                "gatehouse_subscription_failing", "Whether a subscription counts as failing.",
                shown.map { ($0.labels, $0.health.isFailing ? 1 : 0) }),
            MetricsPage.gauge(
                "gatehouse_subscription_consecutive_failures", "Attempts that failed since the last that succeeded.",
                shown.map { ($0.labels, Double($0.health.consecutiveFailures)) }),
            byLane("gatehouse_subscription_waiting", "Deliveries of a subscription that wait.", shown) {
                $0.waiting[$1] ?? 0
            },
            byLane(
                "gatehouse_subscription_dead", "Deliveries of a subscription that ran out of tries.", shown
            ) { $0.dead[$1] ?? 0 },
            MetricsPage.gauge(
                "gatehouse_subscription_ended", "Deliveries that met their subscription's end while they were owed.",
                shown.map { ($0.labels, Double($0.health.ended)) }),
            MetricsPage.gauge(
                "gatehouse_subscription_oldest_seconds",
                "Age of the oldest event that has a delivery to a subscription that waits or is dead.",
                shown.map { ($0.labels, $0.health.oldest.map { max(0, (now - $0).inSeconds) } ?? 0) }),
            MetricsPage.gauge(
                "gatehouse_subscription_series_left_out",
                "Subscriptions that wait, fail or have dead deliveries, left out by bounds.metricSubscriptions.",
                [("", Double(said.count - shown.count))]),
        ]
    }

    private func byLane(
        _ name: String, _ help: String, _ shown: ArraySlice<Standing>,
        _ count: (SubscriptionHealth, Lane) -> Int
    ) -> PrometheusFamily {
        MetricsPage.gauge(
            name, help,
            shown.flatMap { one in
                Lane.allCases.map { ("lane=\"\($0.name)\",\(one.labels)", Double(count(one.health, $0))) }
            })
    }

    private struct Standing {
        let subscription: Subscription
        let health: SubscriptionHealth

        /// The labels as they are printed, by name. The operator's own subscription has no organization.
        var labels: String {
            PrometheusText.labels([
                ("organization", subscription.organization.text), ("subscription", subscription.id.text),
            ])
        }

        /// First subscriptions with dead or waiting alarms, then failing ones, then by the numbers of dead and waiting
        /// deliveries.
        func isWorse(than other: Standing) -> Bool {
            let (mine, others) = (rank, other.rank)
            for (left, right) in zip(mine, others) where left != right { return left > right }
            return subscription.id.text < other.subscription.id.text
        }

        private var rank: [Int] {
            [
                health.dead[.urgent] ?? 0, health.isFailing ? 1 : 0, health.waiting[.urgent] ?? 0, health.deadCount,
                health.waitingCount,
            ]
        }
    }
}
