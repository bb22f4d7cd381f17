internal import CoreMetrics
internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// The facts about an answered request.
struct RequestRecord: Sendable {
    /// Its place in the route table; nil if no route was found.
    var route: Int?
    /// The key that it proved.
    var key: KeyID?
    /// The state of that key's own rate; nil if the key has none.
    var rateLimit: RateLimitStatus?
    /// How long it took.
    var duration: Duration = .zero
}

/// The signals of each request for operators: a count and a duration by route, and one log line at debug level.
struct RequestSignals: Sendable {
    /// The signals of one route, created once: a request only adds to them.
    private struct OfRoute: Sendable {
        let accepted: Counter
        let refused: Counter
        let failed: Counter
        let time: Timer

        init(method: String, route: String, metrics: PrometheusMetrics) {
            let dimensions = [("method", method), ("route", route)]
            let counter = { (status: String) in
                Counter(
                    label: "gatehouse_http_requests_total", dimensions: dimensions + [("status", status)],
                    factory: metrics)
            }
            self.accepted = counter("2xx")
            self.refused = counter("4xx")
            self.failed = counter("5xx")
            self.time = Timer(label: "gatehouse_http_request_seconds", dimensions: dimensions, factory: metrics)
        }
    }

    private let byRoute: [OfRoute]
    private let unrouted: OfRoute

    init(_ routes: [Route], metrics: PrometheusMetrics) {
        self.byRoute = routes.map { route in
            OfRoute(method: route.method.rawValue, route: route.pattern, metrics: metrics)
        }
        self.unrouted = OfRoute(method: "any", route: "none", metrics: metrics)
    }

    /// A path without trigger secrets: every part as long as a secret is hidden, for every route.
    static func masked(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.utf8.count < TriggerSecret.length ? String($0) : "…" }.joined(separator: "/")
    }

    /// Counts a request and writes its line. The line has the path without its query, and no header field, since both
    /// may hold secrets.
    func tell(_ record: RequestRecord, _ request: Request, _ response: Response, _ logger: Logger) {
        let signals = record.route.map { byRoute[$0] } ?? unrouted
        switch response.status.code {
        case ..<400: signals.accepted.increment()
        case ..<500: signals.refused.increment()
        default: signals.failed.increment()
        }
        signals.time.recordMicroseconds(record.duration.microseconds)
        logger.debug(
            "request",
            metadata: [
                "method": "\(request.method.rawValue)", "path": "\(Self.masked(request.uri.path))",
                "status": "\(response.status.code)", "milliseconds": "\(record.duration.inSeconds * 1000)",
                "key": "\(record.key?.text ?? "none")",
            ])
    }
}
