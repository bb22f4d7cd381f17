import ArgumentParser
import GatehouseClient

/// `gatehouse persons`: the data about persons.
struct Persons: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Blank the data about a person.",
        discussion: """
            gatehouse persons erase 31 --organization acme --dry-run
            gatehouse persons erase 31 --organization acme --yes
            """,
        subcommands: [Erase.self])

    struct Erase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Blank a person in every kept event, and wait until this is done.",
            discussion: """
                Names, addresses, codes of credentials, plates and free texts are blanked. Ids, times and doors \
                stay, so that a repeated event is still recognized. Waiting deliveries are delivered blanked. Later \
                events and the audit do not change. After Ctrl-C the gateway continues the erasure.

                gatehouse persons erase 31 --organization acme --dry-run
                gatehouse persons erase 31 --organization acme --yes
                """)
        @Argument(help: "the person's id, as events name it") var id: String
        @Option(help: "the person's organization, with all organizations below it") var organization: String
        @Flag(help: "do not ask for confirmation; blanking cannot be undone") var yes = false
        @Flag(help: "count the events, and blank nothing") var dryRun = false
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let persons = try client.client().persons
            guard dryRun || yes || isWanted() else {
                throw CommandError(.usage, "nothing was blanked: give --yes, or --dry-run to count the events first")
            }
            var erasure = try await persons.erase(id, of: organization, isDryRun: dryRun)
            var bar = ProgressBar(total: erasure.looked.upTo)
            while erasure.isRunning {
                bar.show(bytes: erasure.looked.at, note: "\(erasure.events) events")
                try await Task.sleep(for: .milliseconds(200))
                erasure = try await persons.erasure(of: id, in: organization)
            }
            bar.clear()
            tell(erasure)
        }

        private func isWanted() -> Bool {
            guard Descriptor.input.isTerminal, Descriptor.errors.isTerminal else { return false }
            let name = TextTable.printable(id)
            Descriptor.errors.write("Blank \(name) in every event of \(organization)? It cannot be undone. [y/N] ")
            return readLine()?.lowercased().first == "y"
        }

        private func tell(_ erasure: APIClient.Erasure) {
            if client.json { return Listing(client).show(erasure) }
            let name = TextTable.printable(id)
            Descriptor.output.write(
                dryRun
                    ? "\(erasure.events) events mention \(name); nothing was blanked\n"
                    : "\(name) is blanked in \(erasure.events) events\n")
            guard !erasure.keys.isEmpty else { return }
            let keys = erasure.keys.joined(separator: ", ")
            Descriptor.errors.write(
                "These keys belong to that person and show the name until they are revoked: \(keys)\n")
        }
    }
}
