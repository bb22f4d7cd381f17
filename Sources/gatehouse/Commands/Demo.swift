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
        abstract: "Run a gateway with a small building and verifying receivers, and watch.",
        discussion: """
            Begins with the examples of \(DemoInput.folder) where it finds them, and goes on with a simulated building \
            at a human pace. Ctrl-C drains and ends. With --check it ends by itself: one receiver's socket is closed \
            midway, and everything that was accepted must arrive and verify.

            gatehouse demo
            gatehouse demo --rate 50 --duration 1m
            gatehouse demo --check --duration 20s
            """)

    @Option(help: "events a second, on the average") var rate = 2.0
    @Option(help: "end after so long, as in 30s (default: with --check 20s, else until Ctrl-C)") var duration: TimeSpan?
    @Flag(help: "end by itself, and with 0 only if every delivery owed arrived and was verified") var check = false
    @Option(help: "the gateway's port (default: 8080, with --check any that is free)") var port: Int?
    @Option(help: "the store's URL (default: a file that is removed afterwards)") var store: String?
    @Option(
        help: ArgumentHelp("the events that it begins with (default: \(DemoInput.folder)/seeds.jsonl, where it is)"),
        completion: .file())
    var events: String?
    @Option(help: "what chance is drawn from; the same seed gives the same day") var seed: UInt64 = 1

    func validate() throws {
        guard (0.1...2000).contains(rate) else { throw ValidationError("--rate takes a number from 0.1 to 2000") }
        if let port, !(0...65_535).contains(port) { throw ValidationError("--port takes a number from 0 to 65535") }
        let shortest = Duration.seconds(check ? 5 : 1)
        if let duration, duration.duration < shortest {
            throw ValidationError("--duration takes at least \(TimeSpan(shortest))")
        }
    }

    /// What is to be done.
    var plan: DemoPlan {
        DemoPlan(
            rate: rate, duration: duration?.duration ?? (check ? .seconds(20) : nil), isCheck: check,
            port: port ?? (check ? 0 : 8080), store: store, events: events, seed: seed)
    }

    func run() async throws {
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        // What goes wrong shows in the table; the log would only draw over it.
        let quiet = Logger(label: "demo") { _ in SwiftLogNoOpLogHandler() }
        let run = DemoRun(
            plan: plan, input: try DemoInput(events: events), telling: Gateway.Telling(logger: quiet, metrics: metrics))
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
