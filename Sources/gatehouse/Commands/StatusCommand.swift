import ArgumentParser
import GatehouseClient
import GatehouseCore

/// `gatehouse status`: what needs attention.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say what needs attention; exits with 1 where anything does.",
        discussion: """
            Subscriptions that fail or were disabled, deliveries that were given up, alarms that a subscription asks \
            for and whose event lacks what its contract requires, a disk that fills up: of what the key reaches.

            Retry or cancel what was given up, and it is no longer shown: gatehouse deliveries retry --subscription X, \
            or cancel --subscription X --state dead. Alarms that were not told are shown until 24 hours after the last \
            of them, or until the subscription is changed.

            gatehouse status
            gatehouse status --organization acme --json
            """)
    @Option(help: "only of this organization and all below it") var organization: String?
    @OptionGroup var client: ClientOptions

    func run() async throws {
        let status = try await client.client().status(organization: organization)
        if client.json {
            Descriptor.output.write(status.json.compact + "\n")
        } else {
            Descriptor.output.write(Self.text(of: status.attention.map(\.json), width: Descriptor.output.width))
        }
        if !status.attention.isEmpty { throw CommandFailure(.negative) }
    }

    /// A table, or a sentence where there is nothing to show.
    static func text(of items: [JSON], width: Int?) -> String {
        guard !items.isEmpty else { return "nothing needs attention\n" }
        return Listing.table(of: items, ["urgent", "subject", "sentence", "since", "count"]).text(width: width)
    }
}
