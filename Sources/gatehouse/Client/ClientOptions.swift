import ArgumentParser
import FoundationEssentials
import GatehouseClient
import GatehouseCore

/// The options of every command that calls a gateway.
struct ClientOptions: ParsableArguments {
    @Option(help: ArgumentHelp("the gateway's address; also GATEHOUSE_URL (default: \(Self.standardURL))"))
    var url: String?
    @Option(help: "the key; also GATEHOUSE_KEY, which is not visible in the process list")
    var key: String?
    @Option(
        help: ArgumentHelp(
            "a PEM file with the certificate authorities to trust instead of the system's; also GATEHOUSE_AUTHORITIES",
            valueName: "file"),
        completion: .file())
    var authorities: String?
    @Option(
        help: ArgumentHelp(
            "how long the gateway may take to answer, for example 5s; also GATEHOUSE_GIVE_UP_AFTER (default: "
                + "\(standardTimeout); longer for commands that wait for receivers)",
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
            throw CommandError(.usage, "--key takes a key without spaces, exactly as it was printed")
        }
        var settings = APIClient.Settings()
        // A person waits for the answer.
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

    /// How long the person wants to wait; nil if they did not say.
    private func timeout(_ variables: [String: String]) throws(CommandError) -> TimeSpan? {
        var said = giveUpAfter
        if said == nil, let text = variables["GATEHOUSE_GIVE_UP_AFTER"] {
            said = TimeSpan(argument: text)
            if said == nil {
                throw CommandError(
                    .usage, "GATEHOUSE_GIVE_UP_AFTER: '\(text)' is not a time: write \(TimeSpan.sentence)")
            }
        }
        if let said, said.duration <= .zero {
            throw CommandError(.usage, "--give-up-after takes a time above 0, for example 5s")
        }
        return said
    }

    private static func target(_ text: String) throws(CommandError) -> TargetURL {
        let kept = "--url takes the gateway's address, for example \(standardURL) or https://gatehouse.example.com"
        let target: TargetURL
        do throws(TargetURL.Flaw) {
            target = try TargetURL(reading: text)
        } catch {
            throw CommandError(.usage, "\(kept): \(error.sentence)")
        }
        guard !text.contains("?") else { throw CommandError(.usage, "\(kept): remove the query") }
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
