import ArgumentParser
import GatehouseClient
import GatehouseCore

/// `gatehouse status`: what needs attention.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what needs attention; exits with 1 if anything does.",
        discussion: """
            The command lists, within what the key may access: subscriptions that fail, were disabled, or are paused \
            while urgent deliveries wait; deliveries that are dead or have waited for more than an hour; alarms that \
            could not be delivered because the event lacks what the contract requires. A key above all organizations \
            also sees a disk that fills up, the gateway's own certificate from two weeks before its end, and wrong \
            credentials from 20 in two hours. Each item has the command to type next.

            Dead deliveries are no longer shown after a retry or a cancellation: gatehouse deliveries retry \
            --subscription X, or cancel --subscription X --state dead. Alarms that could not be delivered are shown \
            for 24 hours after the last one, or until the subscription is changed.

            gatehouse status
            gatehouse status --organization acme --json
            """)
    @Option(help: "only this organization and all organizations below it") var organization: String?
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

    /// A paragraph for each item, or a sentence if there is nothing to show. No line is cut, so that the command can be
    /// copied.
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
