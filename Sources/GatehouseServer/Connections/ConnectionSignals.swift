internal import CoreMetrics
internal import HTTPTypes

/// Counts the reasons why connections are refused before a request reaches a route.
struct ConnectionSignals: Sendable {
    private let slow: Counter
    private let malformed: Counter
    private let large: Counter
    private let slowBody: Counter
    private let slowReader: Counter

    init(_ metrics: PrometheusMetrics) {
        let counter = { (reason: String) in
            Counter(label: "gatehouse_http_refused_total", dimensions: [("reason", reason)], factory: metrics)
        }
        self.slow = counter("slow-head")
        self.malformed = counter("malformed")
        self.large = counter("large-headers")
        self.slowBody = counter("slow-body")
        self.slowReader = counter("slow-reader")
    }

    /// Counts a request that was refused by its head. Connections beyond a bound are counted by ``ConnectionPlaces``.
    func count(_ problem: Problem) {
        switch problem.kind.status {
        case .serviceUnavailable: break
        case .requestTimeout: slow.increment()
        case .requestHeaderFieldsTooLarge: large.increment()
        default: malformed.increment()
        }
    }

    /// Counts a caller that did not read its answers.
    func countSlowReader() { slowReader.increment() }

    /// Counts a body that came too slowly.
    func countSlowBody() { slowBody.increment() }
}
