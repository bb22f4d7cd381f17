import ArgumentParser

/// Load generators and the servers they are compared with; `run.py` calls them and writes the report.
@main struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmarks", subcommands: [Engine.self, Latency.self, Trivial.self])
}
