import ArgumentParser
import FoundationEssentials
import GatehouseClient
import GatehouseCore

/// What every command takes that talks to a gateway.
struct ClientOptions: ParsableArguments {
    @Option(help: ArgumentHelp("the gateway's address; also GATEHOUSE_URL (default: \(Self.standardURL))"))
    var url: String?
    @Option(help: "the key to present; also GATEHOUSE_KEY, which the list of processes does not show")
    var key: String?
    @Option(
        help: ArgumentHelp(
            "a PEM file with the authorities to trust in place of the system's; also GATEHOUSE_AUTHORITIES",
            valueName: "file"),
        completion: .file())
    var authorities: String?
    @Option(
        help: ArgumentHelp(
            "how long the gateway may take to answer, as in 5s; also GATEHOUSE_GIVE_UP_AFTER (default: "
                + "\(standardTimeout); longer where it waits for receivers itself)",
            valueName: "time"))
    var giveUpAfter: TimeSpan?
    @Flag(help: "print JSON for programs instead of a table for people")
    var json = false

    static let standardURL = "http://127.0.0.1:8080"
    static let standardTimeout = TimeSpan(.seconds(20))

    /// The client that these options and the process's variables describe.
    func client(
        variables: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandError) -> APIClient {
        let text = url ?? variables["GATEHOUSE_URL"] ?? Self.standardURL
        let base = text.hasSuffix("/") ? String(text.dropLast()) : text
        let target = try Self.target(base)
        guard let key = key ?? variables["GATEHOUSE_KEY"], !key.isEmpty else {
            throw CommandError(
                .permission,
                "a key is needed: --key gk_… or GATEHOUSE_KEY; `gatehouse serve` prints one at its first start")
        }
        guard key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw CommandError(.usage, "--key takes a key without spaces, as it was printed")
        }
        var settings = APIClient.Settings()
        // Somebody sits and waits.
        settings.retries = APIClient.Retries(attempts: 3, longestPause: .seconds(5))
        let given = try timeout(variables)
        let timeout = (given ?? Self.standardTimeout).duration
        settings.answerTimeout = timeout
        settings.connectTimeout = min(settings.connectTimeout, timeout)
        settings.retries.longest = timeout
        if given != nil { (settings.testTimeout, settings.bulkTimeout) = (timeout, timeout) }
        if let file = authorities ?? variables["GATEHOUSE_AUTHORITIES"] {
            guard let descriptor = Descriptor(reading: file) else {
                throw CommandError(.input, "\(file) cannot be opened: \(Descriptor.reason)")
            }
            descriptor.close()
            settings.trust = .authorities(file: file)
        }
        return try Self.client(target.text, key, settings)
    }

    /// How long the person wants to wait; nil where that was not said.
    private func timeout(_ variables: [String: String]) throws(CommandError) -> TimeSpan? {
        var said = giveUpAfter
        if said == nil, let text = variables["GATEHOUSE_GIVE_UP_AFTER"] {
            said = TimeSpan(argument: text)
            if said == nil {
                throw CommandError(
                    .usage, "GATEHOUSE_GIVE_UP_AFTER: '\(text)' is no time: write \(TimeSpan.sentence)")
            }
        }
        if let said, said.duration <= .zero {
            throw CommandError(.usage, "--give-up-after takes a time above 0, as in 5s")
        }
        return said
    }

    private static func target(_ text: String) throws(CommandError) -> TargetURL {
        let kept = "--url takes the gateway's address, as in \(standardURL) or https://gatehouse.example.com"
        let target: TargetURL
        do throws(TargetURL.Flaw) {
            target = try TargetURL(reading: text)
        } catch {
            throw CommandError(.usage, "\(kept): \(error.sentence)")
        }
        guard !text.contains("?") else { throw CommandError(.usage, "\(kept): a query stands in it, take it out") }
        return target
    }

    private static func client(
        _ url: String, _ key: String, _ settings: APIClient.Settings
    ) throws(CommandError) -> APIClient {
        do throws(GatehouseError) {
            return try APIClient(url: url, key: key, settings: settings)
        } catch {
            throw CommandError(error)
        }
    }
}
