import ArgumentParser
import GatehouseClient
import GatehouseCore

/// `gatehouse status`: what needs attention.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say what needs attention; exits with 1 where anything does.",
        discussion: """
            Subscriptions that fail, were disabled, or are paused while urgent deliveries wait; deliveries that were \
            given up or wait for more than an hour; alarms that a subscription asks for and whose event lacks what \
            its contract requires: of what the key reaches. A key above all organizations also sees a disk that fills \
            up, the gateway's own certificate from two weeks before its end, and wrong credentials from 20 in two \
            hours on. Each has the command to type next.

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
            Descriptor.output.write(Self.text(of: status.attention.map(\.json)))
        }
        if !status.attention.isEmpty { throw CommandError(.negative) }
    }

    /// A paragraph an item, or a sentence where there is nothing to show. No line is cut: the command is to be copied.
    static func text(of items: [JSON]) -> String {
        guard !items.isEmpty else { return "nothing needs attention\n" }
        return items.map { item in
            let urgent = item["urgent"] == true ? "URGENT: " : ""
            var facts = [item["subject"]?.text ?? ""]
            if let since = item["since"]?.text { facts.append("since \(since)") }
            if let count = item["count"]?.integer, count > 1 { facts.append("count \(count)") }
            let next = item["next"]?.text.map { "    next: \($0)\n" } ?? ""
            return "\(urgent)\(item["sentence"]?.text ?? "")\n    \(facts.joined(separator: ", "))\n\(next)"
        }.joined(separator: "\n")
    }
}
