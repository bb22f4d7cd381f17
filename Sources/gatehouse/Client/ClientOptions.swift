import ArgumentParser
import FoundationEssentials
import GatehouseCore

/// What every command takes that talks to a gateway.
struct ClientOptions: ParsableArguments {
    @Option(help: ArgumentHelp("the gateway's address; also GATEHOUSE_URL (default: \(Self.standardURL))"))
    var url: String?
    @Option(help: "the key to present; also GATEHOUSE_KEY, which the list of processes does not show")
    var key: String?
    @Flag(help: "print JSON for programs instead of a table for people")
    var json = false

    static let standardURL = "http://127.0.0.1:8080"

    /// The client that these options and the process's variables describe.
    func client(
        variables: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandFailure) -> GatewayClient {
        let text = url ?? variables["GATEHOUSE_URL"] ?? Self.standardURL
        let base = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard let target = TargetURL(base), !base.contains("?") else {
            throw CommandFailure(
                .usage, "--url takes the gateway's address, as in \(Self.standardURL) or https://gatehouse.example.com")
        }
        guard let key = key ?? variables["GATEHOUSE_KEY"], !key.isEmpty else {
            throw CommandFailure(
                .permission,
                "a key is needed: --key gk_… or GATEHOUSE_KEY; `gatehouse serve` prints one at its first start")
        }
        guard key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw CommandFailure(.usage, "--key takes a key without spaces, as it was printed")
        }
        return GatewayClient(base: target.text, key: Secret(key))
    }
}
