internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// `GET /metrics`: every series of the process, and the owed deliveries, counted for each request.
struct MetricsPage: Sendable {
    let queries: StatusQueries
    let metrics: PrometheusMetrics
    let traffic: Traffic
    let bodies: BodiesInFlight
    let failedProofs: FailedProofs
    let isDraining: Snapshot<Bool>

    /// Answers a scrape. Series with an organization are for keys that reach it; series of the process without one are
    /// for every key that may read. If the store is not available, only its gauges are missing, because operators need
    /// the page then.
    func show(_ call: Call) async throws -> Response {
        var families = [Self.families(of: queries.subscriptions)]
        // A store that can be read but not written refuses every event.
        var isUp = await queries.isStoreReady()
        do {
            families += Self.backlog(try await queries.backlog(), at: call.now)
            families += HealthMetrics(call, queries.subscriptions).families(try await queries.health())
        } catch {
            call.logger.warning("no backlog for the metrics", metadata: ["error": "\(error)"])
            isUp = false
        }
        let up = [("", isUp ? 1.0 : 0)]
        families.append(Self.gauge("gatehouse_store_up", "Whether the store answers and takes writes.", up))
        let draining = isDraining.value
        families.append(
            Self.gauge("gatehouse_draining", "Whether the gateway is shutting down.", [("", draining ? 1 : 0)]))
        families += connections(call) + bodyFamilies() + waiting()
        let heldBack = Double(failedProofs.waiting)
        families.append(
            Self.gauge(
                "gatehouse_failed_proofs_waiting", "Answers to wrong credentials that are held back.", [("", heldBack)])
        )
        let text = metrics.text(with: families, of: call.key.reach(in: call.directory))
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private static func backlog(_ backlog: Backlog, at now: Instant) -> [PrometheusFamily] {
        let age = backlog.oldest.map { max(0, (now - $0).inSeconds) } ?? 0
        return [
            Self.gauge(
                "gatehouse_backlog_deliveries", "Deliveries that are owed, held and parked ones included.",
                [("state=\"waiting\"", Double(backlog.waiting)), ("state=\"leased\"", Double(backlog.leased))]),
            Self.gauge(
                "gatehouse_deliveries_dead",
                "Deliveries that were given up and neither retried nor cancelled nor pruned since, by lane.",
                Lane.allCases.map { ("lane=\"\($0.name)\"", Double(backlog.dead[$0] ?? 0)) }),
            Self.gauge(
                "gatehouse_oldest_undelivered_seconds",
                "Age of the oldest event that has a delivery owed or dead, held and parked ones too; 0 where none is.",
                [("", age)]),
        ]
    }

    private static func families(of index: SubscriptionIndex) -> PrometheusFamily {
        var counts = Dictionary(uniqueKeysWithValues: Subscription.Hold.allCases.map { ($0, 0) })
        for subscription in index.all { counts[subscription.hold, default: 0] += 1 }
        return Self.gauge(
            "gatehouse_subscriptions", "Subscriptions, by why they are held.",
            counts.map { ("hold=\"\($0.key.rawValue)\"", Double($0.value)) })
    }

    private func connections(_ call: Call) -> [PrometheusFamily] {
        let figures = traffic.connections.figures
        return [
            Self.gauge("gatehouse_connections", "Connections that callers hold open.", [("", Double(figures.open))]),
            Self.gauge(
                "gatehouse_connections_bound", "How many there may be.", [("", Double(call.settings.connections))]),
            Self.gauge(
                "gatehouse_connections_reserved",
                "Connections beyond the bounds, which are answered 503, or as probes, and closed.",
                [("", Double(figures.reserved))]),
            Self.counter(
                "gatehouse_connections_refused_total", "Connections that found no place, by the bound that they met.",
                ConnectionPlaces.Bound.allCases.map { ("bound=\"\($0)\"", figures.refused[$0, default: 0]) }),
            Self.counter(
                "gatehouse_connections_given_up_total",
                "Connections that waited without having proved a key, and were closed for others.",
                [("", figures.givenUp)]),
        ]
    }

    private func bodyFamilies() -> [PrometheusFamily] {
        let refused = bodies.refused
        return [
            Self.gauge(
                "gatehouse_http_requests_open", "Requests that are not answered yet, this one among them.",
                [("", Double(traffic.requests.count))]),
            Self.gauge(
                "gatehouse_body_bytes", "Bytes of bodies that are under way.", [("", Double(bodies.bytes))]),
            Self.counter(
                "gatehouse_bodies_refused_total", "Bodies that were refused, by the bound that they met.",
                BodiesInFlight.Bound.allCases.map { ("bound=\"\($0)\"", refused[$0, default: 0]) }),
        ]
    }

    private func waiting() -> [PrometheusFamily] {
        let places = traffic.waits
        let refused = WaitLimiter.WaitMethod.allCases.flatMap { method in
            let counts = places.refused(method)
            return WaitLimiter.Bound.allCases.map { bound in
                ("bound=\"\(bound)\",manner=\"\(method)\"", counts[bound, default: 0])
            }
        }
        return [
            Self.gauge(
                "gatehouse_waiting", "Callers that wait for events: by polls, and by streams.",
                WaitLimiter.WaitMethod.allCases.map { ("manner=\"\($0)\"", Double(places.count($0))) }),
            Self.counter(
                "gatehouse_waiting_refused_total", "Callers that were turned away, by the bound that they met.", refused
            ),
        ]
    }

    private static func counter(_ name: String, _ help: String, _ values: [(String, Int)]) -> PrometheusFamily {
        var family = PrometheusFamily(name: name, type: .counter, help: help)
        for (labels, value) in values { family.series[labels] = PrometheusConstant(Double(value)) }
        return family
    }

    static func gauge(_ name: String, _ help: String, _ values: [(String, Double)]) -> PrometheusFamily {
        var family = PrometheusFamily(name: name, type: .gauge, help: help)
        for (labels, value) in values { family.series[labels] = PrometheusConstant(value) }
        return family
    }
}
