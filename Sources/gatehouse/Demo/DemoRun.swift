import GatehouseClient
import GatehouseCore
import GatehouseGateway
import ServiceLifecycle

/// One run of the demo: set up, produce events until the time is up or the user ends it, wait for owed deliveries,
/// close.
///
/// A service in its own group, so that Ctrl-C first ends the production and lets everything arrive.
struct DemoRun: Service {
    let plan: DemoPlan
    let input: DemoInput
    let observability: Gateway.Observability
    let board = Scoreboard()
    let display = DemoDisplay()

    func run() async throws {
        let start = ContinuousClock.now
        let environment = try await DemoEnvironment.open(plan, observability: observability, board: board, input: input)
        do {
            announce(environment)
            try await live(environment, since: start)
            await settle(environment, since: start)
        } catch {
            await environment.close()
            throw error
        }
        let figures = await figures(environment)
        display.show(board.figures, figures, after: ContinuousClock.now - start)
        await environment.close()
        try conclude(figures)
    }

    // MARK: While it runs

    private func announce(_ environment: DemoEnvironment) {
        Descriptor.output.write("listening on \(environment.admin.url)\n")
        // The key is shown to a person and never written to a log, although it ends with the demo.
        if Descriptor.output.isTerminal {
            Descriptor.output.write(
                """
                To explore:
                  export GATEHOUSE_URL=\(environment.admin.url) GATEHOUSE_KEY=\(environment.key.revealed)
                  gatehouse deliveries list

                """)
        }
        if input.events == nil {
            Descriptor.output.write(
                "\(DemoInput.folder)/seeds.jsonl is not here: the demo starts without it (--events FILE).\n"
            )
        }
        let end = plan.duration.map { "for \(TimeSpan($0))" } ?? "until Ctrl-C"
        Descriptor.output.write("seed \(plan.seed), about \(plan.rate) events a second, \(end)\n\n")
    }

    /// Produces events until the time is up or the user ends the demo.
    private func live(_ environment: DemoEnvironment, since start: ContinuousClock.Instant) async throws {
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await paint(environment, since: start) }
                group.addTask { try await breakDown(environment) }
                group.addTask { try await produce(environment, since: start) }
                // The display never ends by itself, and the breakdown may end early: the first failure or the
                // producer's end counts.
                do {
                    for try await _ in group where board.isProduced { break }
                } catch is CancellationError {}
                group.cancelAll()
            }
        }
    }

    private func produce(_ environment: DemoEnvironment, since start: ContinuousClock.Instant) async throws {
        defer { board.endProduction() }
        let sender = DemoSender(environment: environment, board: board, isStoreKept: plan.store != nil)
        if let events = input.events { try await sender.post(file: events) }
        var simulation = BuildingSimulation(seed: plan.seed, mark: Self.mark())
        // Above fifty requests per second several events share a request, so that the rate holds.
        let together = max(1, Int(plan.rate / 50))
        var due = ContinuousClock.now
        var free = SystemClock().now
        while plan.duration.map({ ContinuousClock.now - start < $0 }) ?? true {
            let clock = SystemClock().now
            // Each event has its own millisecond, for contracts that distinguish events only by time, and never so far
            // in the future that the gateway would refuse it.
            let now = free - clock > .seconds(300) ? clock : max(free, clock)
            free = now + .milliseconds(together)
            try await sender.post((0..<together).map { simulation.next(at: now + .milliseconds($0)) })
            due += simulation.pause(rate: plan.rate / Double(together))
            try await Task.sleep(until: due)
        }
    }

    private func paint(_ environment: DemoEnvironment, since start: ContinuousClock.Instant) async throws {
        while true {
            display.show(board.figures, await figures(environment), after: ContinuousClock.now - start)
            try await Task.sleep(for: display.interval)
        }
    }

    /// Closes one receiver's socket midway, and opens it again.
    private func breakDown(_ environment: DemoEnvironment) async throws {
        guard let outage = plan.outage, let post = environment.posts.first else { return }
        try await Task.sleep(for: outage.after)
        await post.goAway(board)
        try await Task.sleep(for: outage.length)
        try await post.comeBack(board)
    }

    // MARK: When it ends

    /// Reopens closed sockets, and waits until everything owed has arrived or the time limit is reached.
    private func settle(_ environment: DemoEnvironment, since start: ContinuousClock.Instant) async {
        for post in environment.posts where board.figures.tallies[post.row.title]?.isAway == true {
            try? await post.comeBack(board)
        }
        let end = ContinuousClock.now + (plan.isCheck ? DemoPlan.patience : DemoPlan.shortPatience)
        var drawn = ContinuousClock.now
        while board.figures.missing > 0, ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(50))
            guard ContinuousClock.now - drawn >= display.interval else { continue }
            drawn = .now
            display.show(board.figures, await figures(environment), after: ContinuousClock.now - start)
        }
    }

    private func figures(_ environment: DemoEnvironment) async -> GatewayFigures {
        guard let text = try? await environment.admin.metrics() else { return GatewayFigures() }
        return GatewayFigures(metrics: text)
    }

    private func conclude(_ figures: GatewayFigures) throws(CommandError) {
        let report = DemoReport(board: board.figures, gateway: figures, plan: plan)
        Descriptor.output.write("\n" + report.text)
        if plan.isCheck, !report.complaints.isEmpty { throw CommandError(.negative) }
    }

    /// Distinguishes this run's events from those of any other run.
    private static func mark() -> String {
        Hex.text((0..<6).map { _ in UInt8.random(in: .min ... .max) })
    }
}
