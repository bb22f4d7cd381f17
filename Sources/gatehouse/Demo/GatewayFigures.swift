/// The gateway's own figures at `/metrics`, as far as the table shows them. The check does not use them.
struct GatewayFigures: Sendable {
    /// Deliveries that a receiver accepted.
    var delivered = 0
    /// Attempts that failed and will be repeated.
    var retried = 0
    /// Deliveries that wait or are in flight.
    var waiting = 0
    /// Deliveries that were abandoned.
    var dead = 0

    /// Nothing known yet.
    init() {}

    /// Reads the Prometheus text.
    init(metrics text: String) {
        delivered = Self.value(of: #"gatehouse_verdicts_total{verdict="delivered"}"#, in: text)
        retried = Self.value(of: #"gatehouse_verdicts_total{verdict="due-again"}"#, in: text)
        dead = Self.value(of: #"gatehouse_verdicts_total{verdict="dead"}"#, in: text)
        waiting =
            Self.value(of: #"gatehouse_backlog_deliveries{state="waiting"}"#, in: text)
            + Self.value(of: #"gatehouse_backlog_deliveries{state="leased"}"#, in: text)
    }

    private static func value(of series: String, in text: String) -> Int {
        let line = text.split(separator: "\n").first { $0.hasPrefix(series + " ") }
        return line.flatMap { Double($0.dropFirst(series.count + 1)) }.flatMap { Int(exactly: $0.rounded()) } ?? 0
    }
}
