/// What the gateway says of itself at `/metrics`, as far as the table shows it. The check does not rely on it.
struct GatewayFigures: Sendable {
    /// Deliveries that a receiver took.
    var delivered = 0
    /// Attempts that failed and were put off.
    var retried = 0
    /// Deliveries that wait or are under way.
    var waiting = 0
    /// Deliveries that were given up.
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
