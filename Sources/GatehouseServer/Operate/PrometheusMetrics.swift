package import CoreMetrics
internal import GatehouseControl
internal import GatehouseCore
internal import Synchronization

/// A metrics system that prints Prometheus text, format 0.0.4.
///
/// Equal label and dimensions mean the same series each time. Adding to a series takes an atomic operation or its own
/// short lock; the registry's lock is taken only to create a series or to print all.
package final class PrometheusMetrics: MetricsFactory, Sendable {
    /// The largest number of series. Further ones are not printed; `dropped` counts them.
    package static let longestRegistry = 20_000

    private struct Registry {
        var families: [String: PrometheusFamily] = [:]
        var count = 0
        var dropped = 0
    }

    private let registry = Mutex(Registry())

    /// A new system without series.
    package init() {}

    /// A counter of whole numbers.
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter) { PrometheusCounter() }
    }

    /// A counter of fractions.
    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, dimensions, .counter) { PrometheusFraction() }
    }

    /// A gauge.
    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge) { PrometheusGauge() }
    }

    /// A histogram of sizes; without aggregation, a gauge with the last value.
    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return series(label, dimensions, .gauge) { PrometheusGauge() } }
        return series(label, dimensions, .histogram) { PrometheusHistogram(bounds: PrometheusHistogram.sizes) }
    }

    /// A histogram of durations in seconds.
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .histogram) { PrometheusHistogram(bounds: PrometheusHistogram.seconds) }
    }

    // A series outlives its maker: a counter that disappears and comes back at 0 would look like a restart.

    /// Keeps the series.
    package func destroyCounter(_: any CounterHandler) {}
    /// Keeps the series.
    package func destroyFloatingPointCounter(_: any FloatingPointCounterHandler) {}
    /// Keeps the series.
    package func destroyMeter(_: any MeterHandler) {}
    /// Keeps the series.
    package func destroyRecorder(_: any RecorderHandler) {}
    /// Keeps the series.
    package func destroyTimer(_: any TimerHandler) {}

    /// Every series as Prometheus text, by name; `more` are printed with them.
    ///
    /// - Parameter organizations: the organizations that the reader's key reaches; nil for all. A series with another
    ///   `organization` label is left out.
    func text(with more: [PrometheusFamily] = [], of organizations: Set<OrganizationID>? = nil) -> String {
        var (families, dropped) = registry.withLock { ($0.families, $0.dropped) }
        for family in more { families[family.name] = family }
        var text = PrometheusText(of: organizations)
        for (_, family) in families.sorted(by: { $0.key < $1.key }) { text.write(family) }
        var lost = PrometheusFamily(name: "gatehouse_metrics_dropped_total", type: .counter)
        lost.series[""] = PrometheusConstant(Double(dropped))
        text.write(lost)
        return text.text
    }

    private func series<Series: PrometheusSeries>(
        _ label: String, _ dimensions: [(String, String)], _ type: PrometheusFamily.FamilyType,
        make: () -> Series
    ) -> Series {
        let name = PrometheusText.metricName(label)
        let labels = PrometheusText.labels(dimensions)
        return registry.withLock { registry in
            // One name has one type. A second use with another type gets another name.
            let taken = registry.families[name].map { $0.type != type } ?? false
            let key = taken ? name + "_" + type.rawValue : name
            if let known = registry.families[key]?.series[labels] as? Series { return known }
            let made = make()
            guard registry.count < Self.longestRegistry, registry.families[key]?.series[labels] == nil else {
                registry.dropped += 1
                return made
            }
            registry.count += 1
            registry.families[key, default: PrometheusFamily(name: key, type: type)].series[labels] = made
            return made
        }
    }
}
