internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// `GET /metrics`: every series of the process, and what is owed, counted when the page is asked for.
enum MetricsPage {
    /// Answers a scrape. A store that is away costs its own gauges, not the page: that is when operators look at it.
    static func show(_ call: Call) async throws -> Response {
        var families = [subscriptions(call.parts.subscriptions.index)]
        do {
            families += backlog(try await call.parts.store.backlog(), at: call.now)
            families.append(gauge("gatehouse_store_up", "Whether the store answers.", [("", 1)]))
        } catch {
            call.logger.warning("no backlog for the metrics", metadata: ["error": "\(error)"])
            families.append(gauge("gatehouse_store_up", "Whether the store answers.", [("", 0)]))
        }
        let draining = call.parts.isDraining.value
        families.append(gauge("gatehouse_draining", "Whether the gateway is shutting down.", [("", draining ? 1 : 0)]))
        let text = call.parts.metrics.text(with: families)
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private static func backlog(_ backlog: Backlog, at now: Instant) -> [PrometheusFamily] {
        let age = backlog.oldest.map { max(0, (now - $0).inSeconds) } ?? 0
        return [
            gauge(
                "gatehouse_backlog_deliveries", "Deliveries that are owed, held and parked ones included.",
                [("state=\"waiting\"", Double(backlog.waiting)), ("state=\"leased\"", Double(backlog.leased))]),
            gauge(
                "gatehouse_oldest_undelivered_seconds",
                "Age of the oldest event of which a delivery is owed, held and parked ones included; 0 where none is.",
                [("", age)]),
        ]
    }

    private static func subscriptions(_ index: SubscriptionIndex) -> PrometheusFamily {
        var counts = Dictionary(uniqueKeysWithValues: Subscription.Hold.allCases.map { ($0, 0) })
        for subscription in index.all { counts[subscription.hold, default: 0] += 1 }
        return gauge(
            "gatehouse_subscriptions", "Subscriptions, by why they are held.",
            counts.map { ("hold=\"\($0.key.rawValue)\"", Double($0.value)) })
    }

    private static func gauge(_ name: String, _ help: String, _ values: [(String, Double)]) -> PrometheusFamily {
        var family = PrometheusFamily(name: name, type: .gauge, help: help)
        for (labels, value) in values { family.series[labels] = PrometheusConstant(value) }
        return family
    }
}
