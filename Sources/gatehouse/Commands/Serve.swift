import ArgumentParser
import CoreMetrics
import FoundationEssentials
import GatehouseCore
import GatehouseDialects
import GatehouseGateway
import GatehouseServer
import Logging
import UnixSignals

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// `gatehouse serve`: the gateway.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the gateway.",
        discussion: """
            Settings come from flags, then GATEHOUSE_* variables, then the YAML file, then defaults; `gatehouse \
            config` shows the settings in force. If no key is configured and none is stored, the first start creates \
            a key. It prints the key once if standard output is a terminal; otherwise it writes the key to a file \
            beside the store that only this user may read, and prints the file's path. After SIGTERM or Ctrl-C the \
            gateway finishes running work for as long as `drain` allows, cuts the rest and ends with 0; the log says \
            what it waits for. A second signal ends it at once, with 143 or 130: nothing is lost, because the next \
            start tries again.

            gatehouse serve
            gatehouse serve --port 9000 --store sqlite:/var/lib/gatehouse/gatehouse.db
            gatehouse serve --config gatehouse.yaml --allow-targets 10.0.0.0/8
            gatehouse serve --host 0.0.0.0 --tls-certificate fullchain.pem --tls-key privkey.pem
            """)

    @OptionGroup var flags: SettingFlags

    func run() async throws {
        let inForce = await flags.settings(variables: ProcessInfo.processInfo.environment)
        let settings = try inForce.checked()
        let metrics = PrometheusMetrics()
        LogLines.bootstrap(settings)
        MetricsSystem.bootstrap(metrics)
        let logger = Logger(label: "gatehouse")
        for ignored in inForce.warnings {
            logger.warning(
                "a variable is ignored",
                metadata: ["variable": "\(ignored.key)", "reason": "\(ignored.sentence)"])
        }
        let observability = Gateway.Observability(logger: logger, metrics: metrics)
        do {
            let gateway = try await Gateway.build(
                settings.gateway, dialects: Dialects.all, observability: observability, signals: [.sigterm, .sigint])
            async let ending: Void = gateway.run(atSecondSignal: Self.endAtOnce)
            let scheme = settings.gateway.server.identity == nil ? "http" : "https"
            let url = await gateway.boundAddress().map { Self.url(of: $0, scheme) }
            if let url { Descriptor.output.write("listening on \(url)\n") }
            // Also if it cannot listen: the key is in the store already, and it is shown only now.
            if let key = gateway.firstKey {
                let shown = try FirstKey(key, store: settings.gateway.store).show(on: .output)
                Descriptor.output.write(FirstKey.welcome(shown, url: url ?? ClientOptions.standardURL))
            }
            try await ending
        } catch {
            throw StartError.failure(of: error, settings.gateway)
        }
    }

    /// Ends the process with the exit code that a shell gives for a signal: 128 plus the signal's number.
    private static func endAtOnce(_ signal: UnixSignal) { _exit(signal == .sigint ? 130 : 143) }

    private static func url(of address: (host: String, port: Int), _ scheme: String) -> String {
        "\(scheme)://\(address.host.contains(":") ? "[\(address.host)]" : address.host):\(address.port)"
    }
}
