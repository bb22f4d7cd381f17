internal import CoreMetrics
internal import GatehouseCore
internal import Synchronization

/// All series with one name.
struct PrometheusFamily: Sendable {
    /// The type of a metric in Prometheus.
    enum FamilyType: String, Sendable {
        case counter, gauge, histogram
    }

    /// The name, valid by Prometheus' rules.
    let name: String
    /// The type of the metric.
    let type: FamilyType
    /// The description, for the `HELP` line.
    var help: String?
    /// The series by their labels as they are printed, `method="GET",status="2xx"`.
    var series: [String: any PrometheusSeries] = [:]

    init(name: String, type: FamilyType, help: String? = nil) {
        self.name = name
        self.type = type
        self.help = help
    }
}

/// One line, or one group of lines, of the page.
protocol PrometheusSeries: AnyObject, Sendable {
    /// The lines: suffix of the name, further label, and value.
    var samples: [PrometheusSample] { get }
}

/// One printed value.
struct PrometheusSample: Sendable {
    var suffix = ""
    var bound: String?
    let value: String
}

/// Counts whole numbers.
final class PrometheusCounter: CounterHandler, PrometheusSeries {
    private let count = Atomic<Int64>(0)

    func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }

    var samples: [PrometheusSample] { [PrometheusSample(value: String(count.load(ordering: .relaxed)))] }
}

/// Counts fractions.
final class PrometheusFraction: FloatingPointCounterHandler, PrometheusSeries {
    private let sum = Mutex(0.0)

    func increment(by amount: Double) { sum.withLock { $0 += amount } }
    func reset() { sum.withLock { $0 = 0 } }

    var samples: [PrometheusSample] { [PrometheusSample(value: PrometheusText.number(sum.withLock { $0 }))] }
}

/// Keeps the last value.
final class PrometheusGauge: RecorderHandler, MeterHandler, PrometheusSeries {
    private let last = Mutex(0.0)

    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { last.withLock { $0 = value } }
    func increment(by amount: Double) { last.withLock { $0 += amount } }
    func decrement(by amount: Double) { last.withLock { $0 -= amount } }

    var samples: [PrometheusSample] { [PrometheusSample(value: PrometheusText.number(last.withLock { $0 }))] }
}

/// A value that is computed for each page.
final class PrometheusConstant: PrometheusSeries {
    private let value: Double

    init(_ value: Double) {
        self.value = value
    }

    var samples: [PrometheusSample] { [PrometheusSample(value: PrometheusText.number(value))] }
}

/// Counts values into fixed buckets; times are in seconds.
final class PrometheusHistogram: RecorderHandler, TimerHandler, PrometheusSeries {
    /// The bounds for times: half a millisecond to a minute.
    static let seconds = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]
    /// The bounds for sizes and counts: 1 to a million, in steps of 1, 2, 5.
    static let sizes: [Double] = [1, 10, 100, 1000, 10_000, 100_000].flatMap { [$0, $0 * 2, $0 * 5] } + [1_000_000]

    private struct State {
        var counts: [UInt64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        self.state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let place = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[place] += 1
            state.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }

    /// Nothing before the first value: every route has a histogram, and most routes are never called.
    var samples: [PrometheusSample] {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        guard counts.contains(where: { $0 > 0 }) else { return [] }
        var samples: [PrometheusSample] = []
        var total: UInt64 = 0
        for (place, count) in counts.enumerated() {
            total += count
            let bound = place < bounds.count ? PrometheusText.number(bounds[place]) : "+Inf"
            samples.append(PrometheusSample(suffix: "_bucket", bound: bound, value: String(total)))
        }
        samples.append(PrometheusSample(suffix: "_sum", value: PrometheusText.number(sum)))
        samples.append(PrometheusSample(suffix: "_count", value: String(total)))
        return samples
    }
}
