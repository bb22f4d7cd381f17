import ArgumentParser
import CoreMetrics
import GatehouseCore
import GatehouseGateway
import GatehouseServer
import Logging
import ServiceLifecycle
import UnixSignals

/// `gatehouse demo`: a gateway, a small building and verifying receivers, all in one process.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a gateway with a small building and verifying receivers, and show the traffic.",
        discussion: """
            The demo begins with the examples in \(DemoInput.folder), if it finds them, and continues with a \
            simulated building at a human pace. Ctrl-C drains and ends. With --check it ends by itself: one \
            receiver's socket is closed midway, and every accepted event must arrive and verify.

            gatehouse demo
            gatehouse demo --rate 50 --duration 1m
            gatehouse demo --check --duration 20s
            """)

    @Option(help: "events per second, on average") var rate = 2.0
    @Option(help: "end after this time, for example 30s (default: with --check 20s, else until Ctrl-C)") var duration:
        TimeSpan?
    @Flag(help: "end by itself; the exit code is 0 only if every owed delivery arrived and was verified") var check =
        false
    @Option(help: "the gateway's port (default: 8080, with --check any free port)") var port: Int?
    @Option(help: "the store's URL (default: a file that is removed afterwards)") var store: String?
    @Option(
        help: ArgumentHelp("the first events (default: \(DemoInput.folder)/seeds.jsonl, if it exists)"),
        completion: .file())
    var events: String?
    @Option(help: "the seed of the random numbers; the same seed gives the same day") var seed: UInt64 = 1

    func validate() throws {
        guard (0.1...2000).contains(rate) else { throw ValidationError("--rate takes a number from 0.1 to 2000") }
        if let port, !(0...65_535).contains(port) { throw ValidationError("--port takes a number from 0 to 65535") }
        let shortest = Duration.seconds(check ? 5 : 1)
        if let duration, duration.duration < shortest {
            throw ValidationError("--duration takes at least \(TimeSpan(shortest))")
        }
    }

    /// The demo that these options describe.
    var plan: DemoPlan {
        DemoPlan(
            rate: rate, duration: duration?.duration ?? (check ? .seconds(20) : nil), isCheck: check,
            port: port ?? (check ? 0 : 8080), store: store, events: events, seed: seed)
    }

    func run() async throws {
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        // The table shows what goes wrong; log lines would overwrite it.
        let quiet = Logger(label: "demo") { _ in SwiftLogNoOpLogHandler() }
        let run = DemoRun(
            plan: plan, input: try DemoInput(events: events),
            observability: Gateway.Observability(logger: quiet, metrics: metrics))
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(
                        service: run, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .cancelGroup)
                ],
                gracefulShutdownSignals: [.sigint, .sigterm], logger: quiet))
        try await group.run()
    }
}
