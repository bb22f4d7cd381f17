import ArgumentParser
import GatehouseCore

/// `gatehouse persons`: what is known of persons.
struct Persons: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Blank what is known of a person.",
        discussion: """
            gatehouse persons erase 31 --organization acme --dry-run
            gatehouse persons erase 31 --organization acme --yes
            """,
        subcommands: [Erase.self])

    struct Erase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Blank a person in every event that is kept, and wait until that is done.",
            discussion: """
                Names, addresses, codes of credentials, plates and free texts go; ids, times and doors stay, so that \
                a repetition is still known as one. What waits to be delivered is delivered blanked. Events that come \
                later are not touched, and neither is the audit. Ended by Ctrl-C, it goes on in the gateway.
                """)
        @Argument(help: "the person's id, as events name it") var id: String
        @Option(help: "the organization whose person it is, with all below it") var organization: String
        @Flag(help: "do it without asking: it cannot be undone") var yes = false
        @Flag(help: "count the events, and blank nothing") var dryRun = false
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let gateway = try client.client()
            let path = "/v1/persons/\(GatewayClient.escaped(id))/erase"
            guard dryRun || yes || isWanted() else {
                throw CommandFailure(.usage, "nothing was blanked: say --yes, or --dry-run to count the events first")
            }
            let query: [(String, String?)] = [("organization", organization), ("dryRun", dryRun ? "true" : nil)]
            var erasure = try await gateway.post(path, nil, query)
            let total = erasure["upTo"]?.integer.map { Int($0) }
            var bar = ProgressBar(total: total)
            while erasure["state"]?.text == "running" {
                let found = erasure["events"]?.integer ?? 0
                bar.show(bytes: erasure["looked"]?.integer.map { Int($0) } ?? 0, note: "\(found) events")
                try await Task.sleep(for: .milliseconds(200))
                erasure = try await gateway.get(path, [("organization", organization)])
            }
            bar.clear()
            try tell(erasure)
        }

        private func isWanted() -> Bool {
            guard Descriptor.input.isTerminal, Descriptor.errors.isTerminal else { return false }
            let name = TextTable.printable(id)
            Descriptor.errors.write("Blank \(name) in every event of \(organization)? It cannot be undone. [y/N] ")
            return readLine()?.lowercased().first == "y"
        }

        private func tell(_ erasure: JSON) throws(CommandFailure) {
            if client.json { return try Listing(client).show(erasure) }
            let (name, count) = (TextTable.printable(id), erasure["events"]?.integer ?? 0)
            Descriptor.output.write(
                dryRun
                    ? "\(count) events speak of \(name); nothing was blanked\n"
                    : "\(name) is blanked in \(count) events\n")
            let keys = erasure["keys"]?.items?.compactMap(\.text) ?? []
            guard !keys.isEmpty else { return }
            Descriptor.errors.write(
                "These keys are that person's and tell the name until they are revoked: \(keys.joined(separator: ", "))\n"
            )
        }
    }
}
